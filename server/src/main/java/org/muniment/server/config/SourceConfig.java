package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.nio.file.Path;
import java.util.Optional;

/// Where the mail of an account comes from.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SourceConfig.Imap.class, name = "imap"),
  @JsonSubTypes.Type(value = SourceConfig.Pop3.class, name = "pop3")
})
public sealed interface SourceConfig {

  /// The source with relative paths below `folder`.
  SourceConfig in(Path folder);

  /// An IMAP server.
  ///
  /// @param port 1 to 65535
  record Imap(
      String host,
      int port,
      Security security,
      TrustConfig trust,
      String username,
      Credential credential)
      implements SourceConfig {

    /// @throws BadValueException when a value is not allowed
    public Imap {
      checkServer(host, port, security);
    }

    /// One that asks for a password and whose certificate the authorities of Java vouch for.
    public Imap(String host, int port, Security security, String username, Secret password) {
      this(
          host,
          port,
          security,
          TrustConfig.JAVA,
          username,
          new Credential.Password(new SecretSource.Written(password), null));
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Imap of(ServerKeys keys) {
      Security protection = keys.protection();
      Integer port = keys.port();
      Optional<String> presetHost = Optional.ofNullable(keys.provider()).map(by -> by.imapHost);
      return new Imap(
          BadValueException.required("host", ServerKeys.preset(keys.host(), presetHost)),
          port == null ? protection.imapPort : port,
          protection,
          keys.trust(),
          BadValueException.required("username", keys.username()),
          keys.credential());
    }

    @Override
    public Imap in(Path folder) {
      return new Imap(host, port, security, trust.in(folder), username, credential.in(folder));
    }
  }

  /// A POP3 server.
  ///
  /// @param port 1 to 65535
  record Pop3(
      String host,
      int port,
      Security security,
      TrustConfig trust,
      String username,
      Credential credential)
      implements SourceConfig {

    /// @throws BadValueException when a value is not allowed
    public Pop3 {
      checkServer(host, port, security);
    }

    /// One that asks for a password and whose certificate the authorities of Java vouch for.
    public Pop3(String host, int port, Security security, String username, Secret password) {
      this(
          host,
          port,
          security,
          TrustConfig.JAVA,
          username,
          new Credential.Password(new SecretSource.Written(password), null));
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Pop3 of(ServerKeys keys) {
      Security protection = keys.protection();
      Integer port = keys.port();
      if (keys.provider() != null) {
        throw new BadValueException("provider", "means nothing with type: pop3");
      }
      return new Pop3(
          BadValueException.required("host", keys.host()),
          port == null ? protection.pop3Port : port,
          protection,
          keys.trust(),
          BadValueException.required("username", keys.username()),
          keys.credential());
    }

    @Override
    public Pop3 in(Path folder) {
      return new Pop3(host, port, security, trust.in(folder), username, credential.in(folder));
    }
  }

  private static void checkServer(String host, int port, Security security) {
    if (host.isBlank()) {
      throw new BadValueException("host", "must not be empty");
    }
    BadValueException.port("port", port);
    if (security == Security.NONE && !Hosts.isLoopback(host)) {
      throw new BadValueException(
          "security",
          "none would send the password to "
              + host
              + " for everybody to read: tls and starttls are allowed,"
              + " none only to localhost, 127.0.0.0/8 and ::1");
    }
  }

  /// A source that cannot be used as config.yml stands: the account fails with `reason`, nothing is
  /// captured, what was captured before is shown as ever.
  record Unusable(String reason) implements SourceConfig {
    @Override
    public Unusable in(Path folder) {
      return this;
    }
  }

  /// How a connection is protected.
  enum Security {
    /// TLS from the first octet.
    @JsonProperty("tls")
    TLS(993, 995, 465),
    /// STARTTLS, with POP3 STLS, before signing in, or not at all.
    @JsonProperty("starttls")
    STARTTLS(143, 110, 587),
    /// None; a password goes to loopback addresses only.
    @JsonProperty("none")
    NONE(143, 110, 25);

    private final int imapPort;
    private final int pop3Port;
    final int smtpPort;

    Security(int imapPort, int pop3Port, int smtpPort) {
      this.imapPort = imapPort;
      this.pop3Port = pop3Port;
      this.smtpPort = smtpPort;
    }
  }
}
