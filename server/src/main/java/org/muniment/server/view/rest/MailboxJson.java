package org.muniment.server.view.rest;

import java.util.List;
import org.muniment.server.view.MailboxSummary;

/// A mailbox in a list.
record MailboxJson(
    String id,
    String account,
    List<String> path,
    List<String> attributes,
    long uidValidity,
    long uidNext,
    long messages,
    long unseen,
    long octets) {

  static MailboxJson of(MailboxSummary mailbox) {
    return new MailboxJson(
        mailbox.id().value(),
        mailbox.account().value(),
        mailbox.path(),
        mailbox.attributes().stream().sorted().toList(),
        mailbox.uidValidity().value(),
        mailbox.uidNext(),
        mailbox.messages(),
        mailbox.unseen(),
        mailbox.octets());
  }

  /// A mailbox that is only named.
  record Name(String id, String account, List<String> path) {
    static Name of(MailboxSummary mailbox) {
      return new Name(mailbox.id().value(), mailbox.account().value(), mailbox.path());
    }
  }
}
