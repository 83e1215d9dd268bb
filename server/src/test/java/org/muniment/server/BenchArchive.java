package org.muniment.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages;
import org.muniment.indexer.catalog.Messages.Structured;
import org.muniment.indexer.index.Attachments;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.index.IndexFollower;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.text.Extracted;
import org.muniment.indexer.text.MessageText;

/// An encrypted archive of one mailbox, with its catalogue, that has the mail of a Maildir.
///
/// @param folder where archive and catalogue are, and more may be put
/// @param files number of messages in the Maildir
record BenchArchive(
    Path folder, RootKeys keys, Archive archive, Catalogue catalogue, MailboxId inbox, int files)
    implements AutoCloseable {

  static final AccountName ACCOUNT = new AccountName("bench");

  private static final UidValidity VALIDITY = new UidValidity(1);
  private static final int COMMIT_MESSAGES = 1_000;

  /// Fills one, which takes a while, and prints how fast the catalogue followed.
  ///
  /// @param folder an empty one
  static BenchArchive of(Path maildir, Path folder) throws Exception {
    RootKeys keys = RootKeys.generate(new SecureRandom());
    Archive archive = Archive.create(folder.resolve("archive"), "bench.example/search", keys);
    Catalogue catalogue = Catalogue.open(folder.resolve("catalogue.db"));
    List<Path> files = files(maildir);
    MailboxId inbox = fill(archive, catalogue, files);
    double seconds = Timing.seconds(() -> follow(archive, catalogue));
    System.out.printf(
        "%,d messages, of which %,d distinct; the catalogue followed %,.0f messages/s%n",
        files.size(), catalogue.totals().messages(), files.size() / seconds);
    return new BenchArchive(folder, keys, archive, catalogue, inbox, files.size());
  }

  private static List<Path> files(Path maildir) throws IOException {
    try (Stream<Path> files = Files.list(maildir.resolve("cur"))) {
      return files.sorted().toList();
    }
  }

  private static MailboxId fill(Archive archive, Catalogue catalogue, List<Path> files)
      throws IOException {
    try (ArchiveWriter writer = archive.writer(catalogue)) {
      MailboxId inbox = writer.createMailbox(ACCOUNT, SourceText.of("INBOX"), "/", Set.of()).id();
      int number = 0;
      for (Path file : files) {
        number++;
        writer.append(
            Octets.of(file),
            ACCOUNT,
            inbox,
            new Event.SourceUid(VALIDITY, new Uid(number)),
            Files.getLastModifiedTime(file).toInstant(),
            Set.of(),
            new Event.Provenance("imap", "mail.example.com", "bench"));
        if (number % COMMIT_MESSAGES == 0) {
          writer.commit();
        }
      }
      writer.commit();
      return inbox;
    }
  }

  private static void follow(Archive archive, Catalogue catalogue) throws IOException {
    try (CatalogueFollower follower =
        new CatalogueFollower(archive, catalogue, Progress.NONE, () -> {})) {
      follower.catchUp();
    }
  }

  /// Makes a full-text index of all messages, without the text of attachments, and commits it.
  ///
  /// @param target an empty folder, or none
  /// @param kept where the text of the messages is kept
  void index(Path target, KeptText kept) throws IOException {
    try (FullTextIndex index = FullTextIndex.open(target);
        IndexFollower follower =
            new IndexFollower(
                archive, catalogue, index, Attachments.of(kept, "none"), Progress.NONE)) {
      follower.catchUp();
    }
  }

  /// Takes messages.
  interface Sink {
    void accept(Structured message) throws IOException;
  }

  /// Gives each distinct message to a sink, in the order of their numbers.
  void forEach(Sink sink) throws IOException {
    long from = 0;
    while (true) {
      List<Structured> batch =
          catalogue.messages().captured(from, catalogue.position(), Messages.MAX_ROWS);
      if (batch.isEmpty()) {
        return;
      }
      for (Structured message : batch) {
        sink.accept(message);
      }
      from = batch.getLast().message().leaf() + 1;
    }
  }

  /// The text of a message.
  MessageText text(Structured structured) {
    Message message = structured.message();
    return new MessageText(
        structured.structure(),
        offset -> archive.open(message.content(), message.location(), offset));
  }

  /// Octets in UTF-8 of the text of all distinct messages.
  ///
  /// @param headers decoded, each field as a line, also of messages inside messages
  /// @param bodies of text parts, without an alternative that repeats another
  /// @param names of the files inside text parts
  record TextOctets(long headers, long bodies, long names) {

    long all() {
      return headers + bodies + names;
    }

    private TextOctets and(MessageText.Section section) {
      return switch (section) {
        case MessageText.Section.Header header ->
            new TextOctets(headers + utf8(header.lines().text()), bodies, names);
        case MessageText.Section.PartHeader header ->
            new TextOctets(headers + utf8(header.lines().text()), bodies, names);
        case MessageText.Section.Body body
            when body.extracted().status() == Extracted.Status.REPEATED ->
            this;
        case MessageText.Section.Body body ->
            new TextOctets(headers, bodies + utf8(body.extracted().text()), names);
        case MessageText.Section.Enclosed file ->
            new TextOctets(headers, bodies, names + utf8(file.name()));
        // Those are in a text that was counted.
        case MessageText.Section.Bounce _ -> this;
      };
    }
  }

  /// Counts the text of all messages.
  TextOctets textOctets() throws IOException {
    TextOctets[] sum = {new TextOctets(0, 0, 0)};
    forEach(
        message ->
            text(message)
                .forEach(
                    section -> {
                      sum[0] = sum[0].and(section);
                      return true;
                    }));
    return sum[0];
  }

  static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public void close() throws IOException {
    catalogue.close();
    archive.close();
  }
}
