package org.muniment.server.sasl;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A SASL mechanism. Those with channel binding (`-PLUS`) are not among them.
public enum Mechanism {
  /// RFC 7677.
  SCRAM_SHA_256("SCRAM-SHA-256"),
  /// RFC 5802.
  SCRAM_SHA_1("SCRAM-SHA-1"),
  /// RFC 2195.
  CRAM_MD5("CRAM-MD5"),
  /// RFC 4616.
  PLAIN("PLAIN"),
  /// draft-murchison-sasl-login.
  LOGIN("LOGIN"),
  /// RFC 7628.
  OAUTHBEARER("OAUTHBEARER"),
  /// Google's, which Microsoft knows, too; older than RFC 7628.
  XOAUTH2("XOAUTH2");

  /// Strongest first. Through TLS, PLAIN goes before CRAM-MD5: the password is as safe, and
  /// CRAM-MD5 needs a server that keeps passwords readable; one that does not, and offers it all
  /// the same, would refuse the right password.
  private static final List<Mechanism> THROUGH_TLS =
      List.of(SCRAM_SHA_256, SCRAM_SHA_1, PLAIN, LOGIN, CRAM_MD5);

  private static final List<Mechanism> IN_THE_OPEN =
      List.of(SCRAM_SHA_256, SCRAM_SHA_1, CRAM_MD5, PLAIN, LOGIN);

  private static final List<Mechanism> FOR_TOKENS = List.of(OAUTHBEARER, XOAUTH2);

  private final String saslName;

  Mechanism(String saslName) {
    this.saslName = saslName;
  }

  /// As servers list it.
  public String saslName() {
    return saslName;
  }

  /// Those that prove a password, strongest first.
  public static List<Mechanism> forPasswords() {
    return THROUGH_TLS;
  }

  /// The strongest mechanism for a password that the server offers.
  ///
  /// @param offered names of mechanisms, in any case
  /// @param encrypted whether the connection is
  public static Optional<Mechanism> forPassword(Collection<String> offered, boolean encrypted) {
    return first(encrypted ? THROUGH_TLS : IN_THE_OPEN, offered);
  }

  /// The best mechanism for an access token that the server offers.
  public static Optional<Mechanism> forToken(Collection<String> offered) {
    return first(FOR_TOKENS, offered);
  }

  private static Optional<Mechanism> first(List<Mechanism> order, Collection<String> offered) {
    Set<String> names =
        offered.stream().map(name -> name.toUpperCase(Locale.ROOT)).collect(Collectors.toSet());
    return order.stream().filter(mechanism -> names.contains(mechanism.saslName)).findFirst();
  }

  /// Begins to sign in.
  public Exchange begin(Login login) {
    return switch (this) {
      case SCRAM_SHA_256, SCRAM_SHA_1 -> new ScramExchange(saslName, login);
      case CRAM_MD5 -> new CramMd5Exchange(login);
      case PLAIN -> new PlainExchange(login);
      case LOGIN -> new LoginExchange(login);
      case OAUTHBEARER -> BearerExchange.oauthBearer(login);
      case XOAUTH2 -> BearerExchange.xoauth2(login);
    };
  }

  /// Who signs in where.
  ///
  /// @param secret the password or the access token; never shown
  /// @param host the server's name, as the user knows it
  /// @param port 1 to 65535
  public record Login(String username, String secret, String host, int port) {
    @Override
    public String toString() {
      return username + " at " + host + " port " + port;
    }
  }
}
