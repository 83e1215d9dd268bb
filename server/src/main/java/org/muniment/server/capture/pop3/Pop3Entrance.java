package org.muniment.server.capture.pop3;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.Credential;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.CredentialException;
import org.muniment.server.credential.Credentials;
import org.muniment.server.credential.Redacted;
import org.muniment.server.sasl.Mechanism;

/// The way from the greeting to being signed in. No password is sent before the connection is
/// encrypted, or found to end on this machine.
///
/// Signs in with a mechanism (AUTH, RFC 5034) where one is offered, else with USER and PASS. APOP
/// (RFC 1939 section 7) is not used: it is MD5 over a password that the server must keep as it is,
/// it proves nothing about the server, and whoever is on the way can choose the challenge so as to
/// learn the password bit by bit; under TLS it has no use.
final class Pop3Entrance {

  private static final int MAX_CAPABILITIES = 100;
  private static final String SASL = "SASL ";

  private final SourceConfig.Pop3 config;
  private final Credentials credentials;
  private final Pop3Connection connection;
  private Set<String> capabilities = Set.of();

  /// @param connection greeted, and with TLS where it is to be from the first octet
  Pop3Entrance(SourceConfig.Pop3 config, Credentials credentials, Pop3Connection connection) {
    this.config = config;
    this.credentials = credentials;
    this.connection = connection;
  }

  /// Whether the server says that it knows UIDL. Many do not say.
  boolean offersUidl() {
    return capabilities.contains("UIDL");
  }

  void signIn() throws SourceException {
    secure();
    Secret secret = secret();
    try {
      prove(secret);
    } catch (SourceException e) {
      if (!e.lost()) {
        credentials.refused(config.credential());
      }
      throw redacted(e, secret);
    }
  }

  /// Leaves the connection fit for a password.
  private void secure() throws SourceException {
    if (config.security() == SourceConfig.Security.NONE && !connection.isLoopback()) {
      throw refused("not signed in: security is none and the server is not on this machine");
    }
    capabilities = capabilities();
    if (config.security() == SourceConfig.Security.STARTTLS) {
      if (!capabilities.contains("STLS")) {
        throw refused("not signed in: the server does not offer STLS");
      }
      connection.command("STLS");
      connection.startTls();
      // What was said before TLS may be another's words (RFC 2595 section 4).
      capabilities = capabilities();
    }
  }

  /// The words of CAPA (RFC 2449) in upper case: the name of each line, and for SASL the
  /// mechanisms. Empty for a server that does not know the command.
  private Set<String> capabilities() throws SourceException {
    Set<String> listed = new HashSet<>();
    try {
      connection.lines("CAPA", line -> addCapability(line, listed));
    } catch (SourceException e) {
      if (e.lost()) {
        throw e;
      }
    }
    return listed;
  }

  private static void addCapability(String line, Set<String> listed) throws SourceException {
    String[] words = line.strip().toUpperCase(Locale.ROOT).split(" ", MAX_CAPABILITIES);
    listed.add(words[0]);
    if (words[0].equals("SASL")) {
      for (int i = 1; i < words.length; i++) {
        listed.add(SASL + words[i]);
      }
    }
    if (listed.size() > MAX_CAPABILITIES) {
      throw refused("the server lists more than " + MAX_CAPABILITIES + " capabilities");
    }
  }

  private void prove(Secret secret) throws SourceException {
    List<String> offered =
        capabilities.stream()
            .filter(capability -> capability.startsWith(SASL))
            .map(capability -> capability.substring(SASL.length()))
            .sorted()
            .toList();
    Optional<Mechanism> mechanism = mechanism(offered);
    if (mechanism.isPresent()) {
      Mechanism.Login login =
          new Mechanism.Login(config.username(), secret.value(), config.host(), config.port());
      connection.authenticate(mechanism.get(), mechanism.get().begin(login));
    } else if (config.credential() instanceof Credential.Password(var _, var only)
        && only == null) {
      userAndPass(secret);
    } else {
      throw refused("not signed in: the server offers no mechanism that is asked for: " + offered);
    }
  }

  private Optional<Mechanism> mechanism(List<String> offered) {
    return switch (config.credential()) {
      case Credential.Password(var _, var only) when only != null ->
          Optional.of(only).filter(mechanism -> offered.contains(mechanism.saslName()));
      case Credential.Password _ ->
          Mechanism.forPassword(offered, config.security() != SourceConfig.Security.NONE);
      case Credential.TokenCommand _, Credential.RefreshToken _ -> Mechanism.forToken(offered);
    };
  }

  private void userAndPass(Secret secret) throws SourceException {
    if (!isLine(config.username()) || !isLine(secret.value())) {
      throw refused("not signed in: username or password has a control character");
    }
    connection.signIn(config.username(), secret.value());
  }

  /// RFC 1939 has no quoting: an end of line in a password would be a command.
  private static boolean isLine(String text) {
    return text.chars().noneMatch(c -> c < ' ' || c == 0x7F);
  }

  private Secret secret() throws SourceException {
    try {
      return credentials.secret(config.credential());
    } catch (CredentialException e) {
      throw SourceException.lost(SourceText.of(String.valueOf(e.getMessage())), e);
    }
  }

  /// There are servers that repeat what they refuse.
  private SourceException redacted(SourceException e, Secret secret) {
    List<String> hidden = List.of(secret.value(), "\0" + config.username() + "\0" + secret.value());
    String kept = Redacted.words(e.words().display(), hidden);
    return kept.equals(e.words().display()) ? e : e.with(SourceText.of(kept));
  }

  private static SourceException refused(String reason) {
    return SourceException.lost(SourceText.of(reason), null);
  }
}
