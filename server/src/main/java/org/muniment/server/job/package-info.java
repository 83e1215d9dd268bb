/// Work that somebody asked for through a window and that goes on after the answer: its progress
/// and its result, for some hours. Knows nothing of what is done.
@NullMarked
package org.muniment.server.job;

import org.jspecify.annotations.NullMarked;
