/// The records of config.yml, one component per key, checked when they are made.
@NullMarked
package org.muniment.server.config;

import org.jspecify.annotations.NullMarked;
