package org.muniment.server.config;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.muniment.server.sasl.Mechanism;

/// What proves to a mail server that a user is who they say.
public sealed interface Credential {

  /// The credential with relative paths below `folder`.
  Credential in(Path folder);

  /// @param mechanism the only one to use; null for the strongest one that the server offers
  record Password(SecretSource source, @Nullable Mechanism mechanism) implements Credential {
    @Override
    public Password in(Path folder) {
      return new Password(source.in(folder), mechanism);
    }
  }

  /// An access token (RFC 6750) that a program writes.
  record TokenCommand(SecretSource.Command command) implements Credential {
    @Override
    public TokenCommand in(Path folder) {
      return new TokenCommand(command.in(folder));
    }
  }

  /// An access token that the provider gives for a refresh token (RFC 6749 section 6).
  ///
  /// @param tokenUrl https, or http to this machine
  /// @param clientSecret null for a client that has none
  /// @param refreshToken the first one; a provider may give another in its place
  /// @param scope null to ask for what the refresh token is good for
  record RefreshToken(
      URI tokenUrl,
      String clientId,
      @Nullable Secret clientSecret,
      Secret refreshToken,
      @Nullable String scope)
      implements Credential {
    @Override
    public RefreshToken in(Path folder) {
      return this;
    }
  }
}
