/// Which mail somebody asks for, to be exported or restored: by day, mailbox and query.
@NullMarked
package org.muniment.server.selection;

import org.jspecify.annotations.NullMarked;
