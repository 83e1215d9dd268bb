/// Where passwords and access tokens come from when an account signs in: configuration, files,
/// programs, and the endpoint of a provider. Nothing here shows or logs one.
@NullMarked
package org.muniment.server.credential;

import org.jspecify.annotations.NullMarked;
