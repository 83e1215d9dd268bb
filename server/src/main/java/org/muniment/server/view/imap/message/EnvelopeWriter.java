package org.muniment.server.view.imap.message;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.Address;
import org.muniment.indexer.mail.Envelope;
import org.muniment.server.view.imap.wire.ImapWriter;

/// ENVELOPE (RFC 9051 section 7.5.2).
final class EnvelopeWriter {

  private final ImapWriter out;

  EnvelopeWriter(ImapWriter out) {
    this.out = out;
  }

  // ABNF: envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP
  //                  env-to SP env-cc SP env-bcc SP env-in-reply-to SP env-message-id ")"
  void write(Envelope envelope) throws IOException {
    List<Address> from = envelope.from();
    out.raw("(").nstring(envelope.date());
    out.sp().nstring(envelope.subject());
    addresses(from);
    addresses(envelope.sender().isEmpty() ? from : envelope.sender());
    addresses(envelope.replyTo().isEmpty() ? from : envelope.replyTo());
    addresses(envelope.to());
    addresses(envelope.cc());
    addresses(envelope.bcc());
    out.sp().nstring(envelope.inReplyTo());
    out.sp().nstring(envelope.messageId()).raw(")");
  }

  private void addresses(List<Address> addresses) throws IOException {
    out.sp();
    if (addresses.isEmpty()) {
      out.raw("NIL");
      return;
    }
    out.raw("(");
    for (Address address : addresses) {
      switch (address) {
        case Address.Mailbox mailbox -> mailbox(mailbox);
        case Address.Group group -> group(group);
      }
    }
    out.raw(")");
  }

  /// A missing half is an empty string: NIL would make a group of it.
  private void mailbox(Address.Mailbox mailbox) throws IOException {
    address(
        mailbox.name(),
        mailbox.route(),
        mailbox.localPart() == null ? "" : mailbox.localPart(),
        mailbox.domain() == null ? "" : mailbox.domain());
  }

  private void group(Address.Group group) throws IOException {
    address(null, null, group.name(), null);
    for (Address.Mailbox member : group.members()) {
      mailbox(member);
    }
    address(null, null, null, null);
  }

  // ABNF: address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"
  private void address(
      @Nullable String name,
      @Nullable String route,
      @Nullable String localPart,
      @Nullable String domain)
      throws IOException {
    out.raw("(").nstring(name).sp().nstring(route);
    out.sp().nstring(localPart).sp().nstring(domain).raw(")");
  }
}
