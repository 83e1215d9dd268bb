/// The REST window on the read model.
@NullMarked
package org.muniment.server.view.rest;

import org.jspecify.annotations.NullMarked;
