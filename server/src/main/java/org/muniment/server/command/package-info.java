/// The command line: one class per command.
@NullMarked
package org.muniment.server.command;

import org.jspecify.annotations.NullMarked;
