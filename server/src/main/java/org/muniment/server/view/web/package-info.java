/// The web page: static files over REST.
@NullMarked
package org.muniment.server.view.web;

import org.jspecify.annotations.NullMarked;
