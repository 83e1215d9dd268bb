package org.muniment.server.credential;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.muniment.server.config.Credential;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tokens of one account: an access token while it is good, and the refresh token that the next
/// one is asked for with.
final class Tokens {

  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  /// A token that expires sooner is not used any more.
  static final Duration MARGIN = Duration.ofMinutes(2);

  private final Credential.RefreshToken config;
  private final KeptRefreshToken kept;
  private final InstantSource clock;
  private @Nullable String access;
  private Instant expires = Instant.MIN;

  /// A refresh token that could not be written to its file.
  private @Nullable String unwritten;

  Tokens(Credential.RefreshToken config, Path folder, InstantSource clock) {
    this.config = config;
    this.kept = new KeptRefreshToken(config, folder);
    this.clock = clock;
  }

  /// An access token that is good for [#MARGIN] at least, if the provider gives any that long.
  synchronized String current() throws CredentialException {
    String token = access;
    if (token == null || clock.instant().isAfter(expires.minus(MARGIN))) {
      token = refresh();
      access = token;
    }
    return token;
  }

  synchronized void forget() {
    access = null;
  }

  /// Two processes do not ask at once: a provider may take the second one for a thief.
  private String refresh() throws CredentialException {
    try (Closeable _ = kept.lock()) {
      String refresh = unwritten == null ? kept.read() : unwritten;
      Instant asked = clock.instant();
      TokenEndpoint.Grant grant = TokenEndpoint.ask(config, refresh);
      String next = grant.refreshToken() == null ? refresh : grant.refreshToken();
      if (!next.equals(kept.read())) {
        keep(next);
      }
      expires = asked.plus(grant.lifetime());
      return grant.accessToken();
    } catch (IOException e) {
      throw new CredentialException(
          "the refresh token in " + kept.file() + " cannot be used: " + e, e);
    }
  }

  private void keep(String token) {
    try {
      kept.write(token);
      unwritten = null;
    } catch (IOException e) {
      unwritten = token;
      LOG.error(
          "{} cannot be written ({}): the refresh token that the provider gave is in memory only",
          kept.file(),
          e.toString());
    }
  }
}
