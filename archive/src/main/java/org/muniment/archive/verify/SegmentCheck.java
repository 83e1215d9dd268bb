package org.muniment.archive.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.Footer;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.format.TableEntry;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.SortedRuns;

/// Checks a segment: its frames from the first to the last, their contents, that the tables name
/// exactly what is there, the footer, and the hash of the whole file.
final class SegmentCheck {

  private final Verification run;
  private final Findings findings;
  private final FileId id;

  SegmentCheck(Verification run, FileId id) {
    this.run = run;
    this.findings = run.findings();
    this.id = id;
  }

  /// What a segment is, as far as its `seal` event has to say the same.
  ///
  /// @param sha256 of the file, null when it was not read in this run
  record Facts(
      SegmentFile header,
      long length,
      @Nullable ContentId sha256,
      long messages,
      long parts,
      long events) {

    /// These, with the hash of an earlier run.
    Facts of(@Nullable ContentId hash) {
      return new Facts(header, length, hash, messages, parts, events);
    }
  }

  /// Reads all of it.
  ///
  /// @return null when too much of it is damaged
  @Nullable Facts readAll() throws ArchiveException {
    try (OpenFiles.Lease lease = run.files().lease(id);
        SortedRuns found = new SortedRuns(TableEntry.LENGTH)) {
      run.tally().file();
      return readAll(lease.file(), found);
    } catch (CorruptArchiveException e) {
      findings.add(e);
      return null;
    }
  }

  private @Nullable Facts readAll(FrameFile file, SortedRuns found) throws ArchiveException {
    ContentCheck content = new ContentCheck(run, file, found, true);
    Batches batches = new Batches(run.workers(), content);
    Disk.Reader octets = run.disk().open(id.name());
    if (octets == null) {
      throw file.corrupt(-1, "a file", "no file");
    }
    try (DigestedFile digested = new DigestedFile(octets, footerOffset(file))) {
      FrameWalk walk =
          new FrameWalk(
              FrameFile.of(id, digested, run.keys().open(id.name())), SegmentFile.HEADER, findings);
      List<Frame> tables = new ArrayList<>();
      List<Footer.EventFrame> eventFrames = new ArrayList<>();
      Frame footer = walk(walk, file, batches, tables, eventFrames);
      batches.await();
      ContentId sha256 = digest(digested);
      compareTables(file, tables, found);
      if (footer == null) {
        return null;
      }
      compare(file, footer, content, digested, tables, eventFrames);
      return facts(file, SegmentFile.footer(file)).of(sha256);
    }
  }

  private @Nullable ContentId digest(DigestedFile file) throws ArchiveException {
    try {
      return file.digest();
    } catch (CorruptArchiveException e) {
      findings.add(e);
      return null;
    }
  }

  private long footerOffset(FrameFile file) throws ArchiveException {
    try {
      return SegmentFile.footerOffset(file);
    } catch (CorruptArchiveException e) {
      findings.add(e);
      return 0;
    }
  }

  /// @return the footer, null when there is none
  private @Nullable Frame walk(
      FrameWalk walk,
      FrameFile file,
      Batches batches,
      List<Frame> tables,
      List<Footer.EventFrame> eventFrames)
      throws ArchiveException {
    for (Frame frame = walk.next(); frame != null; frame = walk.next()) {
      switch (frame.kind()) {
        case STATE -> findings.add(file.corrupt(frame.offset(), "a frame of a segment", "STATE"));
        case PART, PIECE, MESSAGES, EVENTS -> {
          if (!tables.isEmpty()) {
            findings.add(file.corrupt(frame.offset(), "a table or the footer", "" + frame.kind()));
          }
          batches.add(frame);
          if (frame.kind() == Frame.Kind.EVENTS) {
            eventFrames.add(new Footer.EventFrame(frame.first(), frame.offset()));
          }
        }
        case TABLE -> tables.add(frame);
        case FOOTER -> {
          batches.add(frame);
          return frame;
        }
      }
    }
    findings.add(file.corrupt(file.size(), "a footer", "the end of the file"));
    return null;
  }

  /// The tables have to name all that was found, in order, and nothing else.
  private void compareTables(FrameFile file, List<Frame> tables, SortedRuns found)
      throws ArchiveException {
    SortedRuns.Cursor there = found.read();
    byte[] next = there.next();
    byte[] last = new byte[TableEntry.LENGTH];
    for (Frame frame : tables) {
      for (TableEntry entry : read(file, frame)) {
        byte[] said = entry.octets();
        if (Arrays.compareUnsigned(said, last) < 0) {
          findings.add(file.corrupt(frame.offset(), "a sorted table", "entry " + entry.id()));
        }
        last = said;
        while (next != null && Arrays.compareUnsigned(next, said) < 0) {
          findUnnamed(file, TableEntry.of(next));
          next = there.next();
        }
        if (next != null && Arrays.equals(next, said)) {
          next = there.next();
        } else {
          find(file, entry, "as the table says", "none");
        }
      }
    }
    for (; next != null; next = there.next()) {
      findUnnamed(file, TableEntry.of(next));
    }
  }

  private void findUnnamed(FrameFile file, TableEntry entry) {
    find(file, entry, "named in the table", "one that is not");
  }

  private void find(FrameFile file, TableEntry entry, String expected, String found) {
    boolean message = entry.type() == TableEntry.Type.MESSAGE;
    findings.add(
        file.corrupt(
            entry.offset(),
            (message ? "a message " : "part " + entry.id() + " ") + expected,
            found),
        message ? entry.id() : null);
  }

  private List<TableEntry> read(FrameFile file, Frame table) throws ArchiveException {
    try {
      return TableEntry.read(file, table);
    } catch (CorruptArchiveException e) {
      findings.add(e);
      return List.of();
    }
  }

  private void compare(
      FrameFile file,
      Frame frame,
      ContentCheck content,
      DigestedFile digested,
      List<Frame> tables,
      List<Footer.EventFrame> eventFrames)
      throws ArchiveException {
    if (frame.offset() != SegmentFile.footerOffset(file)) {
      findings.add(file.corrupt(frame.offset(), "a footer where the trailer says", "one here"));
    }
    Footer footer = SegmentFile.footer(file);
    List<Footer.Table> there = new ArrayList<>();
    for (Frame table : tables) {
      List<TableEntry> entries = read(file, table);
      if (!entries.isEmpty()) {
        there.add(new Footer.Table(entries.getFirst().id(), table.offset()));
      }
    }
    Footer expected =
        new Footer(
            frame.number(),
            content.parts(),
            content.messages(),
            content.events(),
            content.octets(),
            Objects.requireNonNullElse(digested.marked(), footer.sha256()),
            there,
            eventFrames);
    if (!footer.equals(expected)) {
      findings.add(
          file.corrupt(
              frame.offset(), "a footer of what is in the segment", difference(footer, expected)));
    }
  }

  private static String difference(Footer said, Footer found) {
    if (!said.sha256().equals(found.sha256())) {
      return "another SHA-256 before it";
    }
    return said.tables().equals(found.tables()) && said.eventFrames().equals(found.eventFrames())
        ? "other counts"
        : "other places of tables or events";
  }

  private Facts facts(FrameFile file, Footer footer) throws ArchiveException {
    return new Facts(
        SegmentFile.read(file, run.format().id()),
        file.size(),
        null,
        footer.messages(),
        footer.parts(),
        footer.events());
  }

  /// Reads header, tables and footer only, for what was verified before.
  ///
  /// @param damaged messages that were found damaged then
  /// @return null when they are damaged
  @Nullable Facts readTables(Set<ContentId> damaged) throws ArchiveException {
    try (OpenFiles.Lease lease = run.files().lease(id)) {
      FrameFile file = lease.file();
      Footer footer = SegmentFile.footer(file);
      for (Footer.Table table : footer.tables()) {
        for (TableEntry entry : read(file, file.frame(table.offset(), Frame.Kind.TABLE))) {
          if (entry.type() == TableEntry.Type.MESSAGE && !damaged.contains(entry.id())) {
            run.held().message(entry.id(), entry.length());
          }
        }
      }
      run.tally().stored(file.size());
      return facts(file, footer);
    } catch (CorruptArchiveException e) {
      findings.add(e);
      return null;
    }
  }
}
