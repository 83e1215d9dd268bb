package org.muniment.server.restore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidRanges;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.server.capture.imap.ImapTarget;
import org.muniment.server.capture.imap.ImapTargetSession;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.selection.Selected;

/// Restores a selection to an IMAP server: plan, mailboxes, append, read back, receipt. Each
/// mailbox of the target is filled over one connection, in the order of the source; several
/// mailboxes at a time. Running it again appends nothing twice.
///
/// @param folder for checkpoints and receipts
/// @param pause how long to wait before the first new connection after one was lost; doubled each
///   time
/// @param stopped whether to come to an end
public record Restore(
    Archive archive,
    Catalogue catalogue,
    Path folder,
    Clock clock,
    Duration pause,
    RestoreProgress progress,
    BooleanSupplier stopped) {

  /// Connections at a time.
  private static final int CONNECTIONS = 4;

  /// Connections in a row that may be lost without a message coming through.
  private static final int PATIENCE = 4;

  /// Says what would be done, and does nothing at the target.
  ///
  /// @param numbers of the messages that the query of the selection finds, null when it has none
  /// @throws SourceException when the target cannot be asked
  public RestoreOutcome dryRun(ImapTarget target, RestoreRequest request, @Nullable BitSet numbers)
      throws SourceException, IOException {
    Path scratch = Files.createTempDirectory(target.temporary(), "restore");
    try (Checkpoint checkpoint = Checkpoint.open(scratch.resolve("plan.db"));
        ImapTargetSession session = target.connect()) {
      List<Plan.Planned> planned = plan(request, numbers, checkpoint);
      ImapTargetSession.Style style = session.style();
      Preparation preparation = new Preparation(session, style);
      Map<MailboxId, TargetName> names = names(planned, style, request);
      List<RestoreOutcome.MailboxStep> steps = new ArrayList<>();
      for (Plan.Planned one : planned) {
        TargetName name = names.getOrDefault(one.mailbox().id(), Naming.FALLBACK);
        steps.add(step(one, name.display(), !name.isInbox() && !preparation.has(name)));
      }
      Checkpoint.Totals totals = checkpoint.totals();
      return new RestoreOutcome(
          steps, totals.planned(), totals.octets(), 0, 0, List.of(), List.of(), null, null);
    } finally {
      Files.deleteIfExists(scratch.resolve("plan.db"));
      Files.deleteIfExists(scratch);
    }
  }

  /// Restores.
  ///
  /// @param numbers of the messages that the query of the selection finds, null when it has none
  /// @throws SourceException when the target cannot be asked or takes no mailbox
  public RestoreOutcome run(ImapTarget target, RestoreRequest request, @Nullable BitSet numbers)
      throws SourceException, IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String name = name(target, request);
    try (Checkpoint checkpoint = Checkpoint.open(RestoreFiles.checkpoint(folder, name))) {
      Instant begun = clock.instant();
      List<Plan.Planned> planned = plan(request, numbers, checkpoint);
      List<String> trouble = Collections.synchronizedList(new ArrayList<>());
      List<RestoreOutcome.MailboxStep> steps =
          prepare(target, planned, request, checkpoint, trouble);
      Checkpoint.Totals totals = checkpoint.totals();
      Count appended = new Count("append", totals.planned());
      Count read = new Count("read back", totals.planned());
      inParallel(new Phase(target, checkpoint, appended, this::fill), trouble);
      inParallel(new Phase(target, checkpoint, read, this::readBack), trouble);
      Path text = RestoreFiles.text(folder, name);
      Path json = RestoreFiles.json(folder, name);
      Receipt receipt = new Receipt(text, json);
      receipt.write(checkpoint, begun, head(target, request, begun), trouble);
      Checkpoint.Totals end = checkpoint.totals();
      return new RestoreOutcome(
          steps,
          end.planned(),
          end.octets(),
          end.restored(),
          end.identical(),
          trouble,
          receipt.failures(),
          text,
          json);
    }
  }

  private List<Plan.Planned> plan(
      RestoreRequest request, @Nullable BitSet numbers, Checkpoint checkpoint) throws IOException {
    Selected selected = Selected.of(archive, catalogue, request.selection(), numbers);
    return new Plan(request.account(), selected).into(checkpoint);
  }

  private static Map<MailboxId, TargetName> names(
      List<Plan.Planned> planned, ImapTargetSession.Style style, RestoreRequest request) {
    List<Mailbox> mailboxes = planned.stream().map(Plan.Planned::mailbox).toList();
    return new Naming(style, request.names()).names(mailboxes);
  }

  private static RestoreOutcome.MailboxStep step(Plan.Planned one, String target, boolean created) {
    return new RestoreOutcome.MailboxStep(
        String.join("/", one.mailbox().path()), target, created, one.messages(), one.octets());
  }

  private static List<RestoreOutcome.MailboxStep> prepare(
      ImapTarget target,
      List<Plan.Planned> planned,
      RestoreRequest request,
      Checkpoint checkpoint,
      List<String> trouble)
      throws SourceException {
    try (ImapTargetSession session = target.connect()) {
      ImapTargetSession.Style style = session.style();
      Preparation preparation = new Preparation(session, style);
      Map<MailboxId, TargetName> names = names(planned, style, request);
      List<RestoreOutcome.MailboxStep> steps = new ArrayList<>();
      for (Plan.Planned one : planned) {
        MailboxId id = one.mailbox().id();
        TargetName wanted =
            checkpoint
                .target(id)
                .map(earlier -> new TargetName(List.of(earlier.display().split("/"))))
                .orElse(names.getOrDefault(id, Naming.FALLBACK));
        Preparation.Made made = preparation.make(wanted, one.mailbox());
        checkpoint.assign(id, made.name().octets(style), made.name().display());
        steps.add(step(one, made.name().display(), made.created()));
      }
      trouble.addAll(preparation.trouble());
      return steps;
    }
  }

  private static List<String> head(ImapTarget target, RestoreRequest request, Instant begun) {
    return List.of(
        "%s to %s at %s port %d, begun %s"
            .formatted(
                request.account(),
                target.config().username(),
                target.config().host(),
                target.config().port(),
                begun),
        request.selection().words());
  }

  /// The same for the same request and target.
  private static String name(ImapTarget target, RestoreRequest request) {
    String key =
        String.join(
            "\0",
            request.key(),
            target.config().username(),
            target.config().host(),
            Integer.toString(target.config().port()));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return request.account() + "-" + HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What is done with one mailbox of the target over one connection.
  private interface Work {
    void with(Phase phase, ImapTargetSession session, Checkpoint.TargetMailbox mailbox)
        throws SourceException, IOException;
  }

  /// Something that is done with every mailbox of the target.
  private record Phase(ImapTarget target, Checkpoint checkpoint, Count count, Work work) {

    /// Messages that came through so far.
    long done() {
      return count.messages.get();
    }
  }

  /// Counts what is done and tells how far it is.
  private final class Count implements LongConsumer {
    private final String what;
    private final long total;
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong octets = new AtomicLong();

    Count(String what, long total) {
      this.what = what;
      this.total = total;
    }

    @Override
    public void accept(long length) {
      progress.at(what, messages.incrementAndGet(), total, octets.addAndGet(length));
    }
  }

  private void fill(Phase phase, ImapTargetSession session, Checkpoint.TargetMailbox mailbox)
      throws SourceException, IOException {
    Checkpoint checkpoint = phase.checkpoint;
    ImapTargetSession.Opened opened = session.look(mailbox.name());
    long from = checkpoint.begin(mailbox, opened.uidValidity(), opened.uidNext());
    find(checkpoint, session, mailbox, from, true);
    checkpoint.forgetUnfound(mailbox);
    if (opened.readOnly()) {
      checkpoint.refuseRest(mailbox, "the mailbox is read-only at the target");
      return;
    }
    new Appending(archive, checkpoint, mailbox, opened, phase.target.temporary(), phase.count)
        .run(session);
    if (checkpoint.hasUnfound(mailbox)) {
      find(checkpoint, session, mailbox, from, false);
    }
  }

  private void find(
      Checkpoint checkpoint,
      ImapTargetSession session,
      Checkpoint.TargetMailbox mailbox,
      long from,
      boolean first)
      throws SourceException, IOException {
    Source.Session reading = session.reading();
    reading.examine(open(mailbox));
    UidRanges there = reading.uids();
    UidRanges known = checkpoint.uids(mailbox);
    if (first) {
      checkpoint.forget(mailbox, known.minus(there));
    }
    new Finding(archive, checkpoint, mailbox, reading).among(there.minus(known), from);
    session.leave();
  }

  private void readBack(Phase phase, ImapTargetSession session, Checkpoint.TargetMailbox mailbox)
      throws SourceException, IOException {
    session.reading().examine(open(mailbox));
    new ReadingBack(archive, phase.checkpoint, mailbox, phase.count).run(session.reading());
  }

  private static Source.Mailbox open(Checkpoint.TargetMailbox mailbox) {
    return new Source.Mailbox(
        new SourceText(mailbox.name(), mailbox.display()), "", Set.of(), true, "", null);
  }

  private void inParallel(Phase phase, List<String> trouble) {
    List<Checkpoint.TargetMailbox> mailboxes = phase.checkpoint.targets();
    Queue<Checkpoint.TargetMailbox> queue = new ConcurrentLinkedQueue<>(mailboxes);
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < Math.min(CONNECTIONS, mailboxes.size()); i++) {
        workers.execute(() -> work(queue, phase, trouble));
      }
    }
  }

  private void work(Queue<Checkpoint.TargetMailbox> queue, Phase phase, List<String> trouble) {
    Line line = new Line(phase, trouble);
    try {
      for (Checkpoint.TargetMailbox mailbox = queue.poll();
          mailbox != null && !stopped.getAsBoolean();
          mailbox = queue.poll()) {
        line.with(mailbox);
      }
    } finally {
      line.hangUp();
    }
  }

  /// One connection after the other.
  private final class Line {
    private final Phase phase;
    private final List<String> trouble;
    private @Nullable ImapTargetSession session;

    Line(Phase phase, List<String> trouble) {
      this.phase = phase;
      this.trouble = trouble;
    }

    void with(Checkpoint.TargetMailbox mailbox) {
      long before = phase.done();
      for (int attempt = 0; !stopped.getAsBoolean(); attempt++) {
        try {
          phase.work.with(phase, session(), mailbox);
          return;
        } catch (SourceException e) {
          if (!e.lost()) {
            trouble.add(mailbox.display() + ": " + e.words().display());
            return;
          }
          hangUp();
          attempt = phase.done() > before ? 0 : attempt;
          before = phase.done();
          if (attempt == PATIENCE || !waited(attempt)) {
            trouble.add(mailbox.display() + " is not finished: " + e.words().display());
            return;
          }
        } catch (IOException | UncheckedIOException e) {
          hangUp();
          trouble.add(mailbox.display() + " is not finished: " + e.getMessage());
          return;
        }
      }
    }

    private boolean waited(int attempt) {
      try {
        Thread.sleep(pause.multipliedBy(1L << attempt));
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    private ImapTargetSession session() throws SourceException {
      ImapTargetSession open = session;
      if (open == null) {
        open = phase.target.connect();
        session = open;
      }
      return open;
    }

    void hangUp() {
      if (session != null) {
        session.close();
        session = null;
      }
    }
  }
}
