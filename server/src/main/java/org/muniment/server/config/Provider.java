package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A mail provider whose servers are known.
enum Provider {
  /// Gmail and Google Workspace.
  @JsonProperty("gmail")
  GMAIL("imap.gmail.com", "https://oauth2.googleapis.com/token", "https://mail.google.com/"),
  /// Microsoft 365 and Outlook.com. An application of one organisation needs a `tokenUrl` with the
  /// organisation's id in place of `common`.
  @JsonProperty("microsoft365")
  MICROSOFT365(
      "outlook.office365.com",
      "https://login.microsoftonline.com/common/oauth2/v2.0/token",
      "https://outlook.office.com/IMAP.AccessAsUser.All offline_access");

  final String imapHost;
  final String tokenUrl;
  final String imapScope;

  Provider(String imapHost, String tokenUrl, String imapScope) {
    this.imapHost = imapHost;
    this.tokenUrl = tokenUrl;
    this.imapScope = imapScope;
  }
}
