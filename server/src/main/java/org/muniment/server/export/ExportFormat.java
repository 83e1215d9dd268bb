package org.muniment.server.export;

/// How mail is laid out.
public enum ExportFormat {
  /// A file for each message, a folder for each mailbox.
  EML,
  /// A file for each mailbox, lines that begin with `From ` quoted as mboxrd does.
  MBOX,
  /// Maildir++, a Maildir for each account.
  MAILDIR,
  /// As EML, in one zip file.
  ZIP
}
