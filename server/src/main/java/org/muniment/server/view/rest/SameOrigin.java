package org.muniment.server.view.rest;

import jakarta.annotation.Priority;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses what a page of another site makes a browser send: a browser that knows the password
/// would add it. Browsers say with each request that is no mere look whose page it comes from
/// (Fetch, sections "Origin header" and "Sec-Fetch-Site"); a program that is none says nothing.
@Priority(Priorities.AUTHENTICATION - 1)
final class SameOrigin implements ContainerRequestFilter {

  private static final Set<String> LOOKS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  /// The page of this server, and the address line.
  private static final Set<String> OWN = Set.of("same-origin", "none");

  @Override
  public void filter(ContainerRequestContext request) {
    if (!LOOKS.contains(request.getMethod()) && isForeign(request)) {
      request.abortWith(
          Problem.of(Status.FORBIDDEN, "This is not taken from the page of another site.")
              .response());
    }
  }

  private static boolean isForeign(ContainerRequestContext request) {
    @Nullable String site = request.getHeaderString("Sec-Fetch-Site");
    @Nullable String origin = request.getHeaderString("Origin");
    return site != null
        ? !OWN.contains(site)
        : origin != null && !isOf(origin, request.getHeaderString(HttpHeaders.HOST));
  }

  /// Whether the origin is that of a page at this host and port; a proxy may have changed the
  /// scheme on the way.
  private static boolean isOf(String origin, @Nullable String host) {
    try {
      @Nullable String authority = URI.create(origin).getAuthority();
      return authority != null && authority.equalsIgnoreCase(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
