package org.muniment.archive.verify;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.store.ArchiveException;

/// Compares what `seal` events say with the segments that are there.
///
/// @param seals in order
/// @param facts of the segments, by their numbers
record SealCheck(
    Verification run, List<LogCheck.Sealed> seals, Map<Long, SegmentCheck.Facts> facts) {

  /// The numbers of the segments that seals name.
  static Set<Long> segments(List<LogCheck.Sealed> seals) {
    Set<Long> numbers = new HashSet<>();
    for (LogCheck.Sealed seal : seals) {
      seal.segments().forEach(segment -> numbers.add(segment.number()));
    }
    return numbers;
  }

  /// Compares each seal with the segments that it names.
  void compare() throws ArchiveException {
    for (LogCheck.Sealed seal : seals) {
      for (Event.SealedSegment said : seal.segments()) {
        compare(seal, said, facts.get(said.number()));
      }
    }
  }

  private void compare(
      LogCheck.Sealed seal, Event.SealedSegment said, SegmentCheck.@Nullable Facts found)
      throws ArchiveException {
    FileId id = FileId.segment(said.number());
    if (found == null) {
      if (run.length(id.name()) < 0) {
        run.findings().add(id.name(), "the segment that a seal names", "no file");
      }
      return;
    }
    ContentId sha256 = found.sha256();
    if (sha256 != null && !sha256.equals(said.sha256())) {
      run.findings().add(id.name(), "SHA-256 " + said.sha256() + ", as its seal says", "" + sha256);
    }
    Map<String, Object> expected = new TreeMap<>();
    expected.put("length", said.length());
    expected.put("messages", said.messages());
    expected.put("parts", said.parts());
    expected.put("events", said.events());
    expected.put("first leaf", seal.firstLeaf());
    expected.put("end leaf", seal.endLeaf());
    expected.put("retention", said.retention());
    expected.put("expires", said.expires());
    Map<String, Object> there = new TreeMap<>();
    there.put("length", found.length());
    there.put("messages", found.messages());
    there.put("parts", found.parts());
    there.put("events", found.events());
    there.put("first leaf", found.header().firstLeaf());
    there.put("end leaf", found.header().endLeaf());
    there.put("retention", found.header().group().retention());
    there.put("expires", found.header().group().expires());
    if (!expected.equals(there)) {
      run.findings().add(id.name(), expected + ", as its seal says", "" + there);
    }
  }

  /// A crash between a segment and its event leaves a segment that nobody names, and its journals.
  ///
  /// @param from leaf before which all was verified before
  /// @param quiet whether nobody writes
  void findUnnamed(FrameFiles files, long from, boolean quiet) {
    Set<Long> named = segments(seals);
    for (SegmentFile segment : files.segments()) {
      if (!named.contains(segment.number()) && segment.endLeaf() > from) {
        boolean journals =
            files.journals().stream().anyMatch(j -> j.firstLeaf() == segment.firstLeaf());
        if (journals || !quiet) {
          run.findings()
              .note(segment.id().name() + ": an unfinished sealing, its journals are there");
        } else {
          run.findings()
              .add(segment.id().name(), "a segment that a seal names", "one that none names");
        }
      }
    }
  }
}
