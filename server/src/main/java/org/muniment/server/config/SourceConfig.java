package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// Where the mail of an account comes from.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SourceConfig.Imap.class, name = "imap"),
  @JsonSubTypes.Type(value = SourceConfig.Pop3.class, name = "pop3")
})
public sealed interface SourceConfig {

  /// An IMAP server.
  ///
  /// @param port 1 to 65535
  record Imap(String host, int port, Security security, String username, Secret password)
      implements SourceConfig {

    /// @throws BadValueException when a value is not allowed
    public Imap {
      checkServer(host, port, security);
    }

    @JsonCreator
    static Imap of(
        @JsonProperty("host") @Nullable String host,
        @JsonProperty("port") @Nullable Integer port,
        @JsonProperty("security") @Nullable Security security,
        @JsonProperty("username") @Nullable String username,
        @JsonProperty("password") @Nullable Secret password) {
      Security protection = security == null ? Security.TLS : security;
      return new Imap(
          BadValueException.required("host", host),
          port == null ? protection.imapPort : port,
          protection,
          BadValueException.required("username", username),
          BadValueException.required("password", password));
    }
  }

  /// A POP3 server.
  ///
  /// @param port 1 to 65535
  record Pop3(String host, int port, Security security, String username, Secret password)
      implements SourceConfig {

    /// @throws BadValueException when a value is not allowed
    public Pop3 {
      checkServer(host, port, security);
    }

    @JsonCreator
    static Pop3 of(
        @JsonProperty("host") @Nullable String host,
        @JsonProperty("port") @Nullable Integer port,
        @JsonProperty("security") @Nullable Security security,
        @JsonProperty("username") @Nullable String username,
        @JsonProperty("password") @Nullable Secret password) {
      Security protection = security == null ? Security.TLS : security;
      return new Pop3(
          BadValueException.required("host", host),
          port == null ? protection.pop3Port : port,
          protection,
          BadValueException.required("username", username),
          BadValueException.required("password", password));
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
  record Unusable(String reason) implements SourceConfig {}

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
