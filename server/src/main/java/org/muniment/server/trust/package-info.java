/// TLS: which servers this program trusts, and why not, in plain words; and what it shows itself to
/// those that come to it.
@NullMarked
package org.muniment.server.trust;

import org.jspecify.annotations.NullMarked;
