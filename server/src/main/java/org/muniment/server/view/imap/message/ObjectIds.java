package org.muniment.server.view.imap.message;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.mail.MessageIds;
import org.muniment.indexer.mail.Structure;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MessageRow;

/// Ids that stay for ever (RFC 8474), each kind with a letter of its own before it.
public final class ObjectIds {

  /// Digits of the hash in a THREADID: 128 bits.
  private static final int THREAD_DIGITS = 32;

  private ObjectIds() {}

  /// MAILBOXID.
  public static String mailbox(MailboxSummary mailbox) {
    return "F" + mailbox.id();
  }

  /// EMAILID: `M` and the id that the message has everywhere else.
  public static String email(MessageRow row) {
    return "M" + row.content();
  }

  /// The message that has an EMAILID; empty where none can.
  public static Optional<ContentId> content(String email) {
    try {
      return email.startsWith("M")
          ? Optional.of(ContentId.parse(email.substring(1)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  // "T" || first 16 octets of SHA-256(message id that the thread begins with)
  /// THREADID: that of the message which References names first, else In-Reply-To, else of the
  /// message itself. It depends on the message alone, so that it never changes and tells nothing of
  /// messages that the user may not see.
  ///
  /// @param row with its structure
  public static String thread(MessageRow row) {
    return "T"
        + HexFormat.of().formatHex(sha256(first(row.structure(), row))).substring(0, THREAD_DIGITS);
  }

  private static String first(Structure structure, MessageRow row) {
    if (!structure.references().isEmpty()) {
      return structure.references().getFirst();
    }
    String field = structure.envelope().messageId();
    List<String> own = field == null ? List.of() : MessageIds.parse(field);
    return own.isEmpty() ? row.content().toString() : own.getFirst();
  }

  private static byte[] sha256(String id) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
