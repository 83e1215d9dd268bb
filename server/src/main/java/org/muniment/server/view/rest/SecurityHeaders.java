package org.muniment.server.view.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.util.Map;

/// Headers that keep a browser from doing anything with an answer but hand it to who asked: nothing
/// is run, framed, guessed at, kept, or read by another site. A resource may set its own value.
final class SecurityHeaders implements ContainerResponseFilter {

  static final Map<String, String> VALUES =
      Map.of(
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Permissions-Policy", "camera=(), geolocation=(), microphone=()",
          "Cache-Control", "no-store");

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    VALUES.forEach(
        (name, value) -> {
          if (!response.getHeaders().containsKey(name)) {
            response.getHeaders().putSingle(name, value);
          }
        });
  }
}
