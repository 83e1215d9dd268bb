package org.muniment.indexer.search;

/// What hits are counted by.
public enum Facet {
  /// Addresses of the From field.
  SENDER,
  /// Domains of the From field.
  DOMAIN,
  /// Months of the date that they are ordered by, in the caller's calendar.
  MONTH,
  /// Accounts with a place of the message.
  ACCOUNT,
  /// Mailboxes with a place of the message.
  MAILBOX,
  /// What people call the files in the message.
  TYPE,
  /// Languages of the text.
  LANGUAGE
}
