package org.muniment.server.restore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.content.Octets;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.server.capture.CatalogueProgress;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.capture.imap.ImapTarget;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;
import org.muniment.server.selection.Selection;

/// A real archive with the account `lena`, to restore from.
final class SmallArchive implements AutoCloseable {

  static final AccountName LENA = new AccountName("lena");
  static final Instant DATE = Instant.parse("2021-02-03T04:05:06Z");

  private static final UidValidity SOURCE = new UidValidity(7);

  private final Path folder;
  private final Archive archive;
  private final Catalogue catalogue;
  private final CatalogueFollower follower;
  private final ArchiveWriter writer;
  private final Map<String, MailboxId> mailboxes = new TreeMap<>();
  private long uid;

  SmallArchive(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("tmp"));
    archive = Archive.create(folder.resolve("archive"), "test.example/archive", RootKeys.NONE);
    catalogue = Catalogue.open(folder.resolve("catalogue.db"));
    follower = new CatalogueFollower(archive, catalogue, Progress.NONE, () -> {});
    writer = archive.writer(catalogue);
  }

  /// Makes a mailbox that the source lists, with the delimiter `/`.
  SmallArchive mailbox(String name, String... attributes) throws IOException {
    MailboxId id = writer.createMailbox(LENA, SourceText.of(name), "/", Set.of(attributes)).id();
    writer.append(
        new Event.MailboxObserved(
            LENA, id, SourceText.of(name), "/", Set.of(attributes), true, "", true));
    mailboxes.put(name, id);
    return this;
  }

  /// Adds a message; each is a second younger than the one before.
  ///
  /// @param octets one character each
  Event.Placement add(String mailbox, String octets, String... flags) throws IOException {
    uid++;
    return writer.append(
        Octets.of(octets.getBytes(StandardCharsets.ISO_8859_1)),
        LENA,
        id(mailbox),
        new Event.SourceUid(SOURCE, new Uid(uid)),
        DATE.plusSeconds(uid),
        Stream.of(flags).map(SourceText::of).collect(Collectors.toSet()),
        new Event.Provenance("imap", "mail.example.com", "lena"));
  }

  /// Adds ordinary messages.
  void fill(String mailbox, int messages) throws IOException {
    for (int i = 1; i <= messages; i++) {
      add(mailbox, mail(mailbox + " " + i), "\\Seen");
    }
  }

  static String mail(String subject) {
    return "From: a@example.com\r\nSubject: " + subject + "\r\n\r\nbody of " + subject + "\r\n";
  }

  /// What of a mailbox is gone, and what has moved, by UID of the view.
  void observe(String mailbox, String gone, String moved) throws IOException {
    writer.append(
        new Event.Observed(LENA, id(mailbox), uids(gone), uids(moved), UidRanges.EMPTY, List.of()));
  }

  private static UidRanges uids(String uids) {
    return uids.isEmpty() ? UidRanges.EMPTY : UidRanges.parse(uids, 10);
  }

  private MailboxId id(String mailbox) {
    MailboxId id = mailboxes.get(mailbox);
    if (id == null) {
      throw new IllegalArgumentException(mailbox);
    }
    return id;
  }

  /// Makes everything durable and has the catalogue know it.
  SmallArchive settle() throws IOException {
    writer.commit();
    new CatalogueProgress(catalogue, follower).follow();
    return this;
  }

  static RestoreRequest everything() {
    return selection(null, false, Map.of());
  }

  static RestoreRequest selection(
      @Nullable Instant asOf, boolean withGone, Map<String, String> names) {
    return new RestoreRequest(LENA, new Selection(asOf, "", null, withGone), names);
  }

  Restore restore() {
    return new Restore(
        archive,
        catalogue,
        folder.resolve("restores"),
        Clock.systemUTC(),
        Duration.ofMillis(1),
        RestoreProgress.NONE,
        () -> false);
  }

  /// A target at a loopback port, where the user is `lena`.
  ImapTarget target(int port) {
    return target(Dovecot.source("lena", port));
  }

  ImapTarget target(SourceConfig.Imap config) {
    return target(config, Duration.ofSeconds(20));
  }

  /// @param patience with what the target says, or takes
  ImapTarget target(SourceConfig.Imap config, Duration patience) {
    return new ImapTarget(
        config,
        folder.resolve("tmp"),
        new Credentials(folder.resolve("tokens"), Clock.systemUTC()),
        new ImapLimits(Uid.MAX, patience, Duration.ofSeconds(20), Duration.ofSeconds(20)));
  }

  Archive archive() {
    return archive;
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    try (archive;
        catalogue;
        follower;
        writer) {
      // closed in the reverse order
    }
  }
}
