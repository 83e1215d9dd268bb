package org.muniment.server.credential;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.muniment.server.config.Credential;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SecretSource;

/// Gives the password or access token to sign in with now. One for all accounts: access tokens are
/// kept until shortly before they expire. Safe for use by many threads.
public final class Credentials {

  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);

  private final Path folder;
  private final InstantSource clock;
  private final Duration commandLimit;
  private final Map<Credential.RefreshToken, Tokens> tokens = new ConcurrentHashMap<>();

  /// @param folder where refresh tokens are kept that a provider gave in place of the one of
  ///   config.yml; made when there is one
  public Credentials(Path folder, InstantSource clock) {
    this(folder, clock, COMMAND_LIMIT);
  }

  Credentials(Path folder, InstantSource clock, Duration commandLimit) {
    this.folder = folder;
    this.clock = clock;
    this.commandLimit = commandLimit;
  }

  /// The password or the access token. May run a program or ask a provider, for a minute or so.
  public Secret secret(Credential credential) throws CredentialException {
    return new Secret(
        switch (credential) {
          case Credential.Password password -> password(password.source());
          case Credential.TokenCommand token ->
              CommandOutput.firstLine("tokenCommand", token.command().words(), commandLimit);
          case Credential.RefreshToken refresh -> tokens(refresh).current();
        });
  }

  private String password(SecretSource source) throws CredentialException {
    return switch (source) {
      case SecretSource.Written written -> written.value().value();
      case SecretSource.InFile file -> SecretLine.in("passwordFile", file.path());
      case SecretSource.Command command ->
          CommandOutput.firstLine("passwordCommand", command.words(), commandLimit);
    };
  }

  /// The server did not take what [#secret] gave: it is not given again without asking anew.
  public void refused(Credential credential) {
    if (credential instanceof Credential.RefreshToken refresh) {
      tokens(refresh).forget();
    }
  }

  private Tokens tokens(Credential.RefreshToken config) {
    return tokens.computeIfAbsent(config, key -> new Tokens(key, folder, clock));
  }
}
