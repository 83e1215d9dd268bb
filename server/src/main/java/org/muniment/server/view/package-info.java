/// The read model: what one person may see of the archive, for every window alike. The windows are
/// the packages below it; none of them touches a store.
@NullMarked
package org.muniment.server.view;

import org.jspecify.annotations.NullMarked;
