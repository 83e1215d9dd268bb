package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;

/// A mail provider whose servers are known.
enum Provider {
  /// Gmail and Google Workspace.
  @JsonProperty("gmail")
  GMAIL(
      "imap.gmail.com",
      "https://oauth2.googleapis.com/token",
      "https://mail.google.com/",
      2_000_000_000),
  /// Microsoft 365 and Outlook.com. An application of one organisation needs a `tokenUrl` with the
  /// organisation's id in place of `common`.
  @JsonProperty("microsoft365")
  MICROSOFT365(
      "outlook.office365.com",
      "https://login.microsoftonline.com/common/oauth2/v2.0/token",
      "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
      0);

  final String imapHost;
  final String tokenUrl;
  final String imapScope;

  /// Octets that may be fetched in a day, 0 where no limit is told. Gmail's is 2,500 MB
  /// (https://support.google.com/a/answer/1071518); what other clients fetch counts, too.
  private final long perDay;

  Provider(String imapHost, String tokenUrl, String imapScope, long perDay) {
    this.imapHost = imapHost;
    this.tokenUrl = tokenUrl;
    this.imapScope = imapScope;
    this.perDay = perDay;
  }

  /// Octets that `host` lets be fetched in a day, 0 where no limit is known.
  static long perDay(String host) {
    return Arrays.stream(values())
        .filter(provider -> provider.imapHost.equalsIgnoreCase(host))
        .mapToLong(provider -> provider.perDay)
        .findFirst()
        .orElse(0);
  }
}
