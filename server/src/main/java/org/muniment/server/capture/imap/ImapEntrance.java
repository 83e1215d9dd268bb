package org.muniment.server.capture.imap;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.Credential;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.CredentialException;
import org.muniment.server.credential.Credentials;
import org.muniment.server.sasl.Mechanism;
import org.muniment.server.trust.TlsLayer;

/// The way from nothing to being signed in, in steps: open, secure, sign in. No password is sent
/// before the connection is encrypted, or found to end on this machine.
record ImapEntrance(
    SourceConfig.Imap config, Credentials credentials, TlsLayer tls, ImapConnection connection) {

  /// Connects, with TLS where it is to be from the first octet, and hears the greeting.
  static ImapEntrance open(SourceConfig.Imap config, Credentials credentials)
      throws SourceException {
    try {
      return open(config, credentials, TlsLayer.trusting(config.trust()));
    } catch (IOException e) {
      throw ImapConnection.failure(e);
    }
  }

  /// @param tls remembers what the server shows, also when it is not accepted
  static ImapEntrance open(SourceConfig.Imap config, Credentials credentials, TlsLayer tls)
      throws SourceException {
    try {
      boolean fromTheFirst = config.security() == SourceConfig.Security.TLS;
      return new ImapEntrance(
          config,
          credentials,
          tls,
          ImapConnection.open(config.host(), config.port(), tls, fromTheFirst));
    } catch (IOException | ProtocolException e) {
      throw ImapConnection.failure(e);
    }
  }

  /// Leaves the connection fit for a password: encrypted, or to this very machine.
  void secure() throws SourceException {
    switch (config.security()) {
      case TLS -> {}
      case STARTTLS -> startTls();
      case NONE -> {
        if (!connection.getInetAddress().isLoopbackAddress()) {
          throw refused("not signed in: security is none and the server is not on this machine");
        }
      }
    }
  }

  private void startTls() throws SourceException {
    if (connection.isAuthenticated()) {
      throw refused("not signed in: the server greets with PREAUTH, which forbids STARTTLS");
    }
    if (!connection.hasCapability("STARTTLS")) {
      throw refused("not signed in: the server does not offer STARTTLS");
    }
    try {
      connection.startTLS();
      if (!connection.isSSL()) {
        throw refused("not signed in: STARTTLS failed");
      }
      // What was said before TLS may be another's words (RFC 9051 section 6.2.1).
      connection.capability();
    } catch (ProtocolException e) {
      throw ImapConnection.failure(e);
    }
  }

  /// Signs in with what the account has and the server offers.
  ///
  /// @return how, for people
  String signIn() throws SourceException {
    if (connection.isAuthenticated()) {
      return "PREAUTH";
    }
    String how = prove(offered());
    try {
      connection.capability();
    } catch (ProtocolException e) {
      throw ImapConnection.failure(e);
    }
    return how;
  }

  private String prove(List<String> offered) throws SourceException {
    Optional<Mechanism> mechanism = mechanism(offered);
    if (mechanism.isPresent()) {
      authenticate(mechanism.get(), secret());
      return mechanism.get().saslName();
    }
    if (!(config.credential() instanceof Credential.Password(var _, var only)
        && only == null
        && !connection.hasCapability("LOGINDISABLED"))) {
      throw refused("not signed in: " + missing(offered));
    }
    connection.login(config.username(), secret());
    return "LOGIN command";
  }

  private void authenticate(Mechanism mechanism, Secret secret) throws SourceException {
    Mechanism.Login login =
        new Mechanism.Login(config.username(), secret.value(), config.host(), config.port());
    try {
      connection.authenticate(mechanism, mechanism.begin(login), secret.value());
    } catch (SourceException e) {
      if (!e.lost()) {
        credentials.refused(config.credential());
      }
      throw e;
    }
  }

  private Secret secret() throws SourceException {
    try {
      return credentials.secret(config.credential());
    } catch (CredentialException e) {
      throw SourceException.lost(SourceText.of(String.valueOf(e.getMessage())), e);
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

  private String missing(List<String> offered) {
    String wanted =
        switch (config.credential()) {
          case Credential.Password(var _, var only) when only != null -> "not " + only.saslName();
          case Credential.Password _ -> "no way to sign in with a password that is known here";
          case Credential.TokenCommand _, Credential.RefreshToken _ ->
              "neither OAUTHBEARER nor XOAUTH2";
        };
    return "the server offers " + wanted + (offered.isEmpty() ? "" : ", only " + offered);
  }

  /// Mechanisms that the server names as `AUTH=` capabilities, in upper case.
  private List<String> offered() {
    return connection.getCapabilities().keySet().stream()
        .map(capability -> capability.toUpperCase(Locale.ROOT))
        .filter(capability -> capability.startsWith("AUTH="))
        .map(capability -> capability.substring("AUTH=".length()))
        .sorted()
        .toList();
  }

  private static SourceException refused(String reason) {
    return SourceException.lost(SourceText.of(reason), null);
  }
}
