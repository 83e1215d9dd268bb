package org.muniment.server.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;
import org.muniment.server.sasl.Mechanism.Login;

/// RFC 5802 and RFC 7677, without channel binding: the password is not sent, and the server proves
/// that it knows it.
final class ScramExchange implements Exchange {

  /// RFC 7677 section 4: fewer would be a gift to who wants to guess the password.
  static final int MIN_ITERATIONS = 4_096;

  /// Some seconds of work; a server that asks for more wants to keep this machine busy.
  static final int MAX_ITERATIONS = 1_000_000;

  /// More than are looked at.
  private static final int MOST_ATTRIBUTES = 4;

  private final String name;
  private final Login login;
  private final @Nullable Supplier<String> nonces;
  private @Nullable ScramClient client;
  private State state = State.FIRST;
  private @Nullable String complaint;

  private enum State {
    FIRST,
    FINAL,
    PROVED
  }

  ScramExchange(String name, Login login) {
    this(name, login, null);
  }

  /// @param nonces gives the client's nonce, null for random ones
  ScramExchange(String name, Login login, @Nullable Supplier<String> nonces) {
    this.name = name;
    this.login = login;
    this.nonces = nonces;
  }

  @Override
  public byte[] first() throws SaslException {
    client = client();
    return client.clientFirstMessage().toString().getBytes(UTF_8);
  }

  private ScramClient client() throws SaslException {
    try {
      ScramClient.FinalBuildStage stage =
          ScramClient.builder()
              .advertisedMechanisms(List.of(name))
              .username(login.username())
              .password(login.secret().toCharArray())
              .stringPreparation(StringPreparation.SASL_PREPARATION);
      return (nonces == null ? stage : stage.nonceSupplier(nonces)).build();
    } catch (IllegalArgumentException e) {
      throw new SaslException("user name or password has what SASLprep (RFC 4013) forbids");
    }
  }

  @Override
  public byte[] answer(byte[] challenge) throws SaslException {
    ScramClient begun = client;
    if (begun == null) {
      throw new SaslException("the server asks before " + name + " has begun");
    }
    String text = new String(challenge, UTF_8);
    try {
      return switch (state) {
        case FIRST -> prove(begun, text);
        case FINAL -> check(begun, text);
        case PROVED -> throw new SaslException("the server asks on where " + name + " has ended");
      };
    } catch (ScramException | RuntimeException e) {
      // The parser of the library was not made for servers that lie.
      throw new SaslException("the server breaks the rules of " + name + ": " + e.getMessage(), e);
    }
  }

  /// `server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count [","
  /// extensions]` where the reserved extension is to be refused.
  private void checkAttributes(String serverFirst) throws SaslException {
    String[] attributes = serverFirst.split(",", MOST_ATTRIBUTES);
    if (attributes.length < 3
        || !attributes[0].startsWith("r=")
        || !attributes[1].startsWith("s=")
        || !attributes[2].startsWith("i=")) {
      throw new SaslException(
          "the server breaks the rules of " + name + ": expected nonce, salt and iterations");
    }
  }

  private byte[] prove(ScramClient begun, String serverFirst) throws ScramException, SaslException {
    checkAttributes(serverFirst);
    int iterations = begun.serverFirstMessage(serverFirst).getIterationCount();
    if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
      throw new SaslException(
          "the server wants %,d iterations of %s: %,d to %,d are allowed"
              .formatted(iterations, name, MIN_ITERATIONS, MAX_ITERATIONS));
    }
    state = State.FINAL;
    return prepared(begun);
  }

  private byte[] prepared(ScramClient begun) throws SaslException {
    try {
      return begun.clientFinalMessage().toString().getBytes(UTF_8);
    } catch (IllegalArgumentException e) {
      // Its message may quote the password.
      throw new SaslException("the password has what SASLprep (RFC 4013) forbids");
    }
  }

  /// `server-final-message = (server-error / verifier) ["," extensions]`
  private byte[] check(ScramClient begun, String serverFinal) throws ScramException {
    if (serverFinal.startsWith("e=")) {
      complaint = serverFinal.substring(2);
    } else {
      begun.serverFinalMessage(serverFinal);
      state = State.PROVED;
    }
    return new byte[0];
  }

  @Override
  public void succeeded() throws SaslException {
    if (state != State.PROVED) {
      throw new SaslException(
          "the server does not prove that it knows the password: it may be another's");
    }
  }

  @Override
  public Optional<String> complaint() {
    return Optional.ofNullable(complaint);
  }
}
