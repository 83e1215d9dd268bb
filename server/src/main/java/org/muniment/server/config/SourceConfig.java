package org.muniment.server.config;

/// Where the mail of an account comes from.
public sealed interface SourceConfig {

  /// An IMAP server.
  ///
  /// @param port 1 to 65535
  record Imap(String host, int port, Security security, String username, Secret password)
      implements SourceConfig {}

  /// How a connection is protected.
  enum Security {
    /// TLS from the first octet.
    TLS,
    /// STARTTLS before signing in, or not at all.
    STARTTLS,
    /// None; allowed to loopback addresses only.
    NONE
  }
}
