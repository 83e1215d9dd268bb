package org.muniment.indexer.mail;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ENVELOPE of IMAP (RFC 9051 section 7.5.2): header fields as they stand, raw. Texts are
/// unfolded, encoded words are not decoded, each octet is one ISO-8859-1 character; null means that
/// the field is missing. `sender` and `replyTo` are empty when missing; who shows them puts `from`
/// in their place as the RFC demands.
public record Envelope(
    @Nullable String date,
    @Nullable String subject,
    List<Address> from,
    List<Address> sender,
    List<Address> replyTo,
    List<Address> to,
    List<Address> cc,
    List<Address> bcc,
    @Nullable String inReplyTo,
    @Nullable String messageId) {

  public Envelope {
    from = List.copyOf(from);
    sender = List.copyOf(sender);
    replyTo = List.copyOf(replyTo);
    to = List.copyOf(to);
    cc = List.copyOf(cc);
    bcc = List.copyOf(bcc);
  }
}
