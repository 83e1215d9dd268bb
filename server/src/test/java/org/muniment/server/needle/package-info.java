/// A mailbox with ground truth: messages that each hide one needle, in one place and one coding.
@NullMarked
package org.muniment.server.needle;

import org.jspecify.annotations.NullMarked;
