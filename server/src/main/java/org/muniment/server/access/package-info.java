/// Who may see what: users, passwords, tokens, grants. The one place where that is decided, below
/// every window.
@NullMarked
package org.muniment.server.access;

import org.jspecify.annotations.NullMarked;
