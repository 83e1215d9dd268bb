package org.muniment.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.muniment.archive.content.Octets;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.log.TreeHash;

/// What the tests of this package append and read back.
final class Samples {

  /// The keys of every encrypted archive of the tests.
  static final RootKeys KEYS = RootKeys.generate(new SecureRandom());

  static final AccountName ALICE = new AccountName("alice");
  static final Instant INTERNAL_DATE = Instant.parse("2024-02-29T12:34:56Z");
  static final Event.Provenance PROVENANCE = new Event.Provenance("imap", "mail.example", "alice");

  private Samples() {}

  static MailboxId inbox(ArchiveWriter writer) throws IOException {
    return writer.createMailbox(ALICE, SourceText.of("INBOX"), "/", Set.of()).id();
  }

  static Event.Placement append(ArchiveWriter writer, MailboxId mailbox, long uid, byte[] octets)
      throws IOException {
    return writer.append(
        Octets.of(octets),
        ALICE,
        mailbox,
        new Event.SourceUid(new UidValidity(7), new Uid(uid)),
        INTERNAL_DATE,
        Set.of(SourceText.of("\\Seen")),
        PROVENANCE);
  }

  /// The UID that a message from an IMAP server had there.
  static long sourceUid(Event.Placement placement) {
    return ((Event.SourceUid) placement.source()).uid().value();
  }

  static byte[] message(int number) {
    return ("Subject: " + number + "\r\n\r\n" + "line\r\n".repeat(number % 500)).getBytes(US_ASCII);
  }

  static ContentId id(byte[] octets) {
    MessageDigest digest = TreeHash.sha256();
    return ContentId.of(digest.digest(octets));
  }

  static List<Entry> entries(Archive archive) throws IOException {
    List<Entry> all = new ArrayList<>();
    try (Entries entries = archive.entriesFrom(0)) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        all.add(entry);
      }
    }
    return all;
  }

  /// The octets of a placement with its location.
  static byte[] read(Archive archive, Entry entry) throws IOException {
    Event.Placement placement = (Event.Placement) entry.event();
    return read(archive, placement.content(), requireNonNull(entry.location()));
  }

  static byte[] read(Archive archive, ContentId id, Location location) throws IOException {
    try (InputStream in = archive.open(id, location, 0)) {
      return in.readAllBytes();
    }
  }
}
