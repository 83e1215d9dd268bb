package org.muniment.server.view.rest;

import jakarta.annotation.Priority;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.SecurityContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.muniment.server.access.SignIn;
import org.muniment.server.access.User;
import org.muniment.server.config.Secret;

/// Finds out who asks: Basic (RFC 7617, UTF-8) with a password or a token, or Bearer (RFC 6750)
/// with a token. Nobody else comes past it.
@Priority(Priorities.AUTHENTICATION)
final class Authentication implements ContainerRequestFilter {

  private static final int MAX_CREDENTIALS = 4096;
  private static final String BASIC = "Basic realm=\"muniment\", charset=\"UTF-8\"";
  private static final String BEARER = "Bearer realm=\"muniment\"";

  private final SignIn signIn;

  @Context
  @SuppressWarnings("NullAway.Init")
  private HttpServletRequest connection;

  Authentication(SignIn signIn) {
    this.signIn = signIn;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    @Nullable String credentials = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (credentials == null || credentials.length() > MAX_CREDENTIALS) {
      request.abortWith(challenge(request, "Please sign in."));
      return;
    }
    InetAddress peer = peer();
    if (!connection.isSecure() && !peer.isLoopbackAddress()) {
      request.abortWith(refusal());
      return;
    }
    Optional<User> user = user(credentials, peer);
    if (user.isEmpty()) {
      request.abortWith(challenge(request, "The name, the password or the token is wrong."));
      return;
    }
    request.setSecurityContext(new SignedIn(user.get(), connection.isSecure()));
  }

  private Optional<User> user(String credentials, InetAddress peer) {
    int space = credentials.indexOf(' ');
    String scheme = credentials.substring(0, Math.max(space, 0));
    String rest = credentials.substring(space + 1).strip();
    if (scheme.equalsIgnoreCase("Bearer")) {
      return signIn.withToken(new Secret(rest));
    }
    return scheme.equalsIgnoreCase("Basic") ? basic(rest, peer) : Optional.empty();
  }

  private Optional<User> basic(String base64, InetAddress peer) {
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    int colon = pair.indexOf(':');
    return colon < 0
        ? Optional.empty()
        : signIn.withPassword(
            pair.substring(0, colon), new Secret(pair.substring(colon + 1)), peer);
  }

  /// A page that asks by script shows its own form: without the Basic challenge the browser does
  /// not show one of its own.
  private static Response challenge(ContainerRequestContext request, String detail) {
    Response.ResponseBuilder response =
        Response.fromResponse(Problem.of(Status.UNAUTHORIZED, detail).response());
    if (request.getHeaderString("X-Requested-With") == null) {
      response.header(HttpHeaders.WWW_AUTHENTICATE, BASIC);
    }
    return response.header(HttpHeaders.WWW_AUTHENTICATE, BEARER).build();
  }

  private static Response refusal() {
    return Problem.of(
            Status.FORBIDDEN,
            "A password or token is not taken over a connection that others can read: use HTTPS.")
        .response();
  }

  private InetAddress peer() {
    try {
      return InetAddress.getByName(connection.getRemoteAddr());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the peer's address is not one", e);
    }
  }

  private record SignedIn(User user, boolean secure) implements SecurityContext {
    @Override
    public Principal getUserPrincipal() {
      return user;
    }

    @Override
    public boolean isUserInRole(String role) {
      return user.role().name().equals(role);
    }

    @Override
    public boolean isSecure() {
      return secure;
    }

    @Override
    public String getAuthenticationScheme() {
      return SecurityContext.BASIC_AUTH;
    }
  }
}
