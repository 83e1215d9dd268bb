package org.muniment.server.sasl;

import java.util.Optional;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/// The client's side of one exchange (RFC 4422 section 3). No message of its exceptions holds the
/// password or token.
public interface Exchange {

  /// What the client says first; null when the server does.
  byte @Nullable [] first() throws SaslException;

  /// What the client says to a challenge.
  ///
  /// @throws SaslException when the challenge is not what the mechanism allows; the exchange is
  ///   then to be broken off
  byte[] answer(byte[] challenge) throws SaslException;

  /// To be called when the server says that the user is signed in.
  ///
  /// @throws SaslException when the server has not proved what it has to prove
  default void succeeded() throws SaslException {}

  /// Why the server refuses, if the mechanism lets it say so.
  default Optional<String> complaint() {
    return Optional.empty();
  }
}
