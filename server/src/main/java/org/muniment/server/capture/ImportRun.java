package org.muniment.server.capture;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.files.FileMessage;
import org.muniment.server.capture.files.FilePlace;
import org.muniment.server.capture.files.FileReceiver;
import org.muniment.server.capture.files.MailFiles;

/// One import. Each mailbox gets as many placements of some octets as the files have, less those
/// that it had before: so an import that is run again adds what is missing, and else nothing.
final class ImportRun implements FileReceiver {

  /// Messages, and octets, after which what was appended is made durable.
  private static final int BATCH = 250;

  private static final long BATCH_OCTETS = 64L << 20;

  /// Mailboxes that one import may name.
  private static final int MAX_MAILBOXES = 100_000;

  private static final int MAX_FAILURES = 1_000;
  private static final int MAX_SKIPPED = 100;

  private static final Event.Provenance PROVENANCE = new Event.Provenance("import", "", "");

  /// Years that a date of IMAP can say.
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private final ImportRequest request;
  private final ArchiveWriter archive;
  private final SourceProgress progress;
  private final ImportCounts counts;
  private final ImportProgress listener;
  private final BooleanSupplier stop;
  private final long total;

  private final Map<String, Target> targets = new HashMap<>();
  private final List<String> failures = new ArrayList<>();
  private final List<String> skippedFiles = new ArrayList<>();
  private long messages;
  private long added;
  private long octets;
  private long present;
  private long vanished;
  private long failed;
  private long skipped;
  private int uncommitted;
  private long uncommittedOctets;

  /// @param total octets there are to read, 0 when that is not known
  ImportRun(
      ImportRequest request,
      ArchiveWriter archive,
      SourceProgress progress,
      ImportCounts counts,
      ImportProgress listener,
      BooleanSupplier stop,
      long total) {
    this.request = request;
    this.archive = archive;
    this.progress = progress;
    this.counts = counts;
    this.listener = listener;
    this.stop = stop;
    this.total = total;
  }

  /// A mailbox that takes messages.
  private static final class Target {
    private final MailboxId id;
    private final int number;
    private long listed;
    private long added;

    Target(MailboxId id, int number) {
      this.id = id;
      this.number = number;
    }
  }

  /// Imports. What was archived is durable when this returns or throws.
  ///
  /// @param receipt whether to leave a receipt in the log when anything was added
  ImportOutcome run(MailFiles files, boolean receipt, Instant started) throws IOException {
    progress.follow();
    boolean stopped = false;
    try {
      files.read(this);
    } catch (StoppedException e) {
      stopped = true;
    } finally {
      archive.commit();
    }
    if (receipt && added > 0) {
      archive.append(receipt(started, stopped));
      archive.commit();
    }
    return new ImportOutcome(
        request.account(),
        added,
        octets,
        present,
        vanished,
        failed,
        failures,
        skipped,
        skippedFiles,
        stopped);
  }

  private Event.Poll receipt(Instant started, boolean stopped) {
    String failure = stopped ? "stopped" : "";
    if (failed > 0) {
      failure = "%,d could not be read, the first: %s".formatted(failed, failures.getFirst());
    }
    return new Event.Poll(
        request.account(),
        started,
        targets.values().stream().map(ImportRun::receipt).toList(),
        List.of(),
        SourceText.of(failure),
        0);
  }

  private static Event.MailboxReceipt receipt(Target target) {
    return new Event.MailboxReceipt(
        target.id,
        new Event.Described(new UidValidity(0), 0, 0, 0),
        target.listed,
        target.listed,
        target.added,
        0,
        0,
        0,
        List.of(),
        null,
        SourceText.of(""));
  }

  @Override
  public void message(FileMessage message) throws IOException {
    messages++;
    Target target = target(message.mailbox());
    if (target == null) {
      failed(
          message.place(),
          "is for one mailbox more than the %,d that an import may name".formatted(MAX_MAILBOXES));
      return;
    }
    ContentId content = digest(message.octets());
    target.listed++;
    if (counts.isMissing(target.number, content, () -> progress.placements(target.id, content))) {
      append(message, target);
    } else {
      present++;
    }
  }

  private void append(FileMessage message, Target target) throws IOException {
    archive.append(
        message.octets(),
        request.account(),
        target.id,
        new Event.ImportedFrom(message.format(), message.place().path(), message.synthetic()),
        date(message.internalDate()),
        message.flags(),
        PROVENANCE);
    target.added++;
    added++;
    octets += message.octets().length();
    uncommittedOctets += message.octets().length();
    if (++uncommitted == BATCH || uncommittedOctets >= BATCH_OCTETS) {
      archive.commit();
      uncommitted = 0;
      uncommittedOctets = 0;
    }
  }

  private static Instant date(Instant date) {
    boolean known = !date.isBefore(FIRST) && !date.isAfter(LAST);
    return known ? Instant.ofEpochSecond(date.getEpochSecond()) : Instant.EPOCH;
  }

  private @Nullable Target target(FileMessage.Mailbox listed) throws IOException {
    FileMessage.Mailbox mailbox =
        request.mailbox() == null
            ? listed
            : new FileMessage.Mailbox(SourceText.of(request.mailbox()), "/");
    Target known = targets.get(mailbox.name().octets());
    if (known != null || targets.size() == MAX_MAILBOXES) {
      return known;
    }
    Target target = new Target(identify(mailbox), targets.size());
    targets.put(mailbox.name().octets(), target);
    return target;
  }

  /// The mailbox of that name; a capture of the account may have made it meanwhile.
  private MailboxId identify(FileMessage.Mailbox mailbox) throws IOException {
    progress.follow();
    Optional<MailboxId> known = progress.mailboxOf(request.account(), mailbox.name());
    return known.isPresent()
        ? known.get()
        : archive
            .createMailbox(request.account(), mailbox.name(), mailbox.delimiter(), Set.of())
            .id();
  }

  private static ContentId digest(Octets octets) throws IOException {
    try (InputStream in = octets.open()) {
      return ContentId.sha256(in);
    }
  }

  @Override
  public void failed(FilePlace place, String reason) throws IOException {
    failed++;
    if (failures.size() < MAX_FAILURES) {
      failures.add(place + ": " + reason);
    }
    goOn();
  }

  @Override
  public void vanished(FilePlace place) throws IOException {
    vanished++;
    goOn();
  }

  @Override
  public void skipped(FilePlace place) throws IOException {
    skipped++;
    if (skippedFiles.size() < MAX_SKIPPED) {
      skippedFiles.add(place.toString());
    }
    goOn();
  }

  @Override
  public void at(long read) throws IOException {
    listener.at(messages, read, total);
    goOn();
  }

  private void goOn() throws StoppedException {
    if (stop.getAsBoolean()) {
      throw new StoppedException();
    }
  }

  /// The import was asked to stop.
  private static final class StoppedException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
