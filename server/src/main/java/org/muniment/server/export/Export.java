package org.muniment.server.export;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.Witness;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Uid;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Past;
import org.muniment.indexer.catalog.Place;
import org.muniment.server.selection.Selected;

/// Exports mail into a folder: messages, then all of them read again and compared, then the
/// manifest. What it has done is kept in a folder in it until the end, so that the same request
/// goes on where it was cut, and comes to the same result.
///
/// @param progress told how many messages and octets are written
/// @param stopped whether to come to an end
public record Export(
    Archive archive, Catalogue catalogue, Clock clock, Progress progress, BooleanSupplier stopped) {

  /// What is kept until the end.
  static final String STATE = ".muniment-export";

  private static final String LINES = "lines";
  private static final String LOCK = "lock";

  /// Problems that are told.
  private static final int MOST_PROBLEMS = 100;

  /// Exports, or goes on.
  ///
  /// @param accounts that the caller may see
  /// @param numbers of the messages that the query of the request finds, null when it has none
  /// @param folder new, empty, or with the same export unfinished
  /// @throws IOException also when the disk is full: run again it goes on
  public ExportOutcome run(
      ExportRequest request,
      Collection<AccountName> accounts,
      @Nullable BitSet numbers,
      Path folder)
      throws IOException, ExportRefusedException {
    Path state = folder.resolve(STATE);
    requireUsable(folder, state, request);
    OwnFiles.createFolders(state);
    try (FileChannel _ = lock(state)) {
      Plan plan = plan(request, accounts, numbers, state);
      try (Lines lines = Lines.open(state.resolve(LINES));
          Tree tree = tree(request.format(), folder);
          Witness witness = archive.witness(archive.signedCheckpoint(plan.checkpoint()))) {
        ExportOutcome outcome = new Run(request, plan, lines, tree, witness).run(folder, state);
        if (outcome.finished()) {
          forget(state);
        }
        return outcome;
      }
    }
  }

  private static void requireUsable(Path folder, Path state, ExportRequest request)
      throws IOException, ExportRefusedException {
    if (Files.notExists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new ExportRefusedException(folder + " is not a folder");
    }
    Plan plan = Plan.read(state);
    if (plan != null && !plan.key().equals(request.key())) {
      throw new ExportRefusedException(
          folder
              + " holds another export that is not finished ("
              + plan.key().replace("\n", ", ")
              + "): take another folder, or delete it");
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (plan == null && files.anyMatch(file -> !file.equals(state))) {
        throw new ExportRefusedException(folder + " is not empty: take another folder");
      }
    }
  }

  private static FileChannel lock(Path state) throws IOException, ExportRefusedException {
    FileChannel channel = OwnFiles.open(state.resolve(LOCK));
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // by this process
    }
    channel.close();
    throw new ExportRefusedException("another export is writing to " + state.getParent());
  }

  private static Tree tree(ExportFormat format, Path folder) throws IOException {
    return switch (format) {
      case EML -> new FileTree(folder, false);
      case MAILDIR -> new FileTree(folder, true);
      case MBOX -> new MboxTree(folder);
      case ZIP -> ZipTree.in(folder);
    };
  }

  private static void forget(Path state) throws IOException {
    // The plan last: as long as it is there, the rest can be made again.
    try (Stream<Path> files = Files.list(state)) {
      for (Path file : files.sorted((a, b) -> Boolean.compare(isPlan(a), isPlan(b))).toList()) {
        Files.delete(file);
      }
    }
    Files.delete(state);
  }

  private static boolean isPlan(Path file) {
    return file.getFileName().toString().startsWith("plan");
  }

  private Plan plan(
      ExportRequest request, Collection<AccountName> accounts, @Nullable BitSet numbers, Path state)
      throws IOException {
    Plan known = Plan.read(state);
    if (known != null) {
      return known;
    }
    Selected selected = Selected.of(archive, catalogue, request.selection(), numbers);
    Folders folders = new Folders(request.format());
    List<Plan.Box> boxes = new ArrayList<>();
    Total total = new Total();
    for (AccountName account : accounts.stream().sorted().toList()) {
      if (request.account() != null && !request.account().equals(account)) {
        continue;
      }
      for (Mailbox mailbox : selected.mailboxes(account)) {
        long before = total.messages;
        selected.each(mailbox, 0, total);
        if (selected.holds(mailbox, total.messages - before)) {
          boxes.add(new Plan.Box(mailbox.id(), folders.of(mailbox)));
        }
      }
    }
    Plan plan =
        new Plan(
            request.key(),
            clock.instant(),
            selected.position(),
            archive.signedCheckpoint().note(),
            boxes,
            numbers,
            total.messages,
            total.octets);
    plan.write(state);
    return plan;
  }

  /// Counts.
  private static final class Total implements Selected.Taker {
    private long messages;
    private long octets;

    @Override
    public boolean take(List<Past.Then> some) {
      messages += some.size();
      octets += some.stream().mapToLong(Past.Then::length).sum();
      return true;
    }
  }

  /// What is there as it should be.
  ///
  /// @param good messages that are there octet for octet
  /// @param last what was done last, null for nothing
  /// @param lastWritten the last that is there, null for none
  /// @param wrong the file that is not as it should be, null for none; nothing after it is counted
  /// @param offset behind the last line that is right
  private record Checked(
      long good,
      long octets,
      long lines,
      @Nullable Line last,
      @Nullable Line lastWritten,
      @Nullable String wrong,
      long offset,
      List<String> problems) {}

  /// One run of one export.
  private final class Run {
    private final ExportRequest request;
    private final Plan plan;
    private final Lines lines;
    private final Tree tree;
    private final Witness witness;
    private final Selected selected;
    private long done;
    private long octets;

    Run(ExportRequest request, Plan plan, Lines lines, Tree tree, Witness witness) {
      this.request = request;
      this.plan = plan;
      this.lines = lines;
      this.tree = tree;
      this.witness = witness;
      this.selected = new Selected(catalogue, request.selection(), plan.position(), plan.numbers());
    }

    ExportOutcome run(Path folder, Path state) throws IOException {
      progress.expect(plan.octets());
      Checked before = check();
      lines.cut(before.offset());
      done = before.lines();
      octets = before.octets();
      tree.goOn(before.lastWritten());
      if (!write(before.last())) {
        return outcome(before, false);
      }
      Checked after = check();
      if (after.wrong() != null) {
        throw new IOException(
            after.wrong() + " is not read as it was written: is the disk all right? Run again");
      }
      ExportOutcome outcome = outcome(after, true);
      SignedCheckpoint checkpoint = archive.signedCheckpoint(plan.checkpoint());
      Manifest manifest =
          new Manifest(plan, request, archive.id(), checkpoint, witness.logKey().text());
      tree.end(manifest.write(state, folder, lines, outcome, clock.instant()), lines);
      return outcome;
    }

    private ExportOutcome outcome(Checked checked, boolean finished) {
      return new ExportOutcome(
          plan.messages(),
          checked.good(),
          checked.good(),
          checked.octets(),
          checked.problems(),
          finished);
    }

    /// Reads everything that was written, up to what is not as it should be.
    private Checked check() throws IOException {
      long good = 0;
      long read = 0;
      long count = 0;
      long offset = 0;
      Line last = null;
      Line lastWritten = null;
      List<String> problems = new ArrayList<>();
      try (Lines.Reading reading = lines.read()) {
        for (Line line = reading.next(); line != null; line = reading.next()) {
          Line.Span span = line.span();
          if (span != null && !isIdentical(line, span)) {
            return new Checked(good, read, count, last, lastWritten, span.path(), offset, problems);
          }
          count++;
          last = line;
          offset = reading.offset();
          if (span != null) {
            good++;
            read += line.octets();
            lastWritten = line;
          }
          if (line.row().has("problem") && problems.size() < MOST_PROBLEMS) {
            problems.add(problem(line));
          }
        }
      }
      return new Checked(good, read, count, last, lastWritten, null, offset, problems);
    }

    private boolean isIdentical(Line line, Line.Span span) {
      try (InputStream in = tree.open(span, line.octets())) {
        return Manifest.sha256(in).equals(line.sha256());
      } catch (IOException e) {
        return false;
      }
    }

    private static String problem(Line line) {
      return "%s, UID %d of %s: %s"
          .formatted(
              line.row().path("mailbox").asText(),
              line.uid(),
              line.row().path("account").asText(),
              line.row().path("problem").asText());
    }

    /// Whether it came to the end.
    private boolean write(@Nullable Line last) throws IOException {
      for (int box = last == null ? 0 : last.box(); box < plan.mailboxes().size(); box++) {
        Plan.Box here = plan.mailboxes().get(box);
        Mailbox mailbox =
            catalogue
                .mailboxes()
                .find(here.id())
                .orElseThrow(() -> new FileNotFoundException("mailbox " + here.id()));
        tree.begin(here.folder());
        long after = last != null && last.box() == box ? last.uid() : 0;
        Page page = new Page(box, mailbox, here.folder());
        if (!selected.each(mailbox, after, page)) {
          return false;
        }
      }
      return true;
    }

    /// Some messages of a mailbox.
    private final class Page implements Selected.Taker {
      private final int box;
      private final Mailbox mailbox;
      private final String folder;

      Page(int box, Mailbox mailbox, String folder) {
        this.box = box;
        this.mailbox = mailbox;
        this.folder = folder;
      }

      @Override
      public boolean take(List<Past.Then> some) throws IOException {
        Map<Uid, Place> places =
            catalogue
                .messages()
                .places(mailbox, some.stream().map(Past.Then::uid).toList())
                .stream()
                .collect(Collectors.toMap(Place::uid, place -> place));
        for (Past.Then then : some) {
          if (stopped.getAsBoolean()) {
            return false;
          }
          Place place =
              Optional.ofNullable(places.get(then.uid()))
                  .orElseThrow(() -> new IOException("the catalogue has lost " + then.uid()));
          Line line = put(new Item(box, mailbox, folder, then, place));
          lines.add(line);
          done++;
          octets += line.octets();
          progress.at(done, octets);
        }
        return true;
      }
    }

    private Line put(Item item) throws IOException {
      var row = Manifest.row(item);
      Line.Span span = null;
      try (InputStream in = archive.open(item.then().content(), item.then().location(), 0)) {
        span = tree.put(item, in);
        row.put("path", span.path());
      } catch (CorruptArchiveException e) {
        row.put("problem", "the message cannot be read from the archive: " + e.getMessage());
      }
      try {
        Manifest.prove(row, witness.evidence(item.place().leaf()));
      } catch (CorruptArchiveException e) {
        row.put("problem", row.path("problem").asText("no proof: " + e.getMessage()));
      }
      return new Line(item.box(), item.then().uid().value(), span, row);
    }
  }
}
