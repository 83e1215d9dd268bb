package org.muniment.indexer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.content.Octets;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;

/// A real archive with a catalogue beside it, and short words to put mail into it.
public final class LiveArchive implements AutoCloseable {

  public static final AccountName ALICE = new AccountName("alice");
  public static final AccountName BOB = new AccountName("bob");
  public static final UidValidity SOURCE = new UidValidity(77);
  public static final Instant DAY = Instant.parse("2024-03-05T12:00:00Z");

  private final Path directory;
  private final Archive archive;
  private final Catalogue catalogue;
  private final ArchiveWriter writer;
  private final Map<MailboxId, Long> sourceUids = new HashMap<>();
  private final Map<MailboxId, AccountName> owners = new HashMap<>();

  public LiveArchive(Path directory) throws IOException {
    this.directory = directory;
    archive =
        Archive.create(
            directory.resolve("archive"), "test.example/" + directory.hashCode(), RootKeys.NONE);
    catalogue = Catalogue.open(catalogueFile());
    writer = archive.writer(catalogue);
  }

  public Archive archive() {
    return archive;
  }

  public Catalogue catalogue() {
    return catalogue;
  }

  public ArchiveWriter writer() {
    return writer;
  }

  public Path catalogueFile() {
    return directory.resolve("catalogue.db");
  }

  public MailboxId mailbox(AccountName account, String name, String... attributes)
      throws IOException {
    MailboxId id = writer.createMailbox(account, SourceText.of(name), "/", Set.of(attributes)).id();
    owners.put(id, account);
    return id;
  }

  public Event.Placement add(MailboxId mailbox, String message, String... flags)
      throws IOException {
    return add(mailbox, message.getBytes(StandardCharsets.UTF_8), DAY, flags);
  }

  public Event.Placement add(MailboxId mailbox, byte[] message, Instant date, String... flags)
      throws IOException {
    long uid = sourceUids.merge(mailbox, 1L, Long::sum);
    return add(mailbox, message, date, new Uid(3 * uid), flags);
  }

  public Event.Placement add(
      MailboxId mailbox, byte[] message, Instant date, Uid sourceUid, String... flags)
      throws IOException {
    AccountName owner = owners.get(mailbox);
    if (owner == null) {
      throw new IllegalArgumentException("no mailbox " + mailbox);
    }
    return writer.append(
        Octets.of(message),
        owner,
        mailbox,
        new Event.SourceUid(SOURCE, sourceUid),
        date,
        Arrays.stream(flags).map(SourceText::of).collect(Collectors.toSet()),
        new Event.Provenance("imap", "mail.example.com", owner.value()));
  }

  public void poll(AccountName account, String failure) throws IOException {
    writer.append(new Event.Poll(account, DAY, List.of(), List.of(), SourceText.of(failure), 0));
  }

  /// Records that a message in a journal mailbox was found to be something.
  public void unwrapped(Event.Placement came, Event.Finding finding) throws IOException {
    writer.append(new Event.Unwrapped(came.account(), came.mailbox(), came.uid(), finding));
  }

  /// Places what a journal report held, and records from whom to whom it was sent.
  public Event.Placement unwrapped(
      Event.Placement report, MailboxId into, String message, Event.Transmission sent)
      throws IOException {
    Event.Placement held = add(into, message);
    unwrapped(report, new Event.JournalReport(held.content(), into, sent));
    return held;
  }

  /// Makes all durable and the catalogue complete.
  public LiveArchive settle() throws IOException {
    writer.commit();
    follow(catalogue);
    return this;
  }

  public void follow(Catalogue following) throws IOException {
    try (CatalogueFollower follower =
        new CatalogueFollower(archive, following, Progress.NONE, () -> {})) {
      follower.catchUp();
    }
  }

  public static String mail(String from, String subject, String body) {
    return "From: "
        + from
        + "\r\nTo: team@example.org\r\nSubject: "
        + subject
        + "\r\nDate: Mon, 4 Mar 2024 10:00:00 +0200\r\nMIME-Version: 1.0\r\n"
        + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + body
        + "\r\n";
  }

  @Override
  public void close() throws IOException {
    writer.close();
    catalogue.close();
    archive.close();
  }
}
