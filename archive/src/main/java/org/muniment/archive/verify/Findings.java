package org.muniment.archive.verify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.store.CorruptArchiveException;

/// Gathers what is found, each thing once. Safe for use by many threads.
final class Findings {

  /// An archive can be wrong in more places than anybody wants to read, or memory holds.
  private static final int MOST = 10_000;

  private static final Comparator<Report.Finding> ORDER =
      Comparator.comparing(Report.Finding::file).thenComparingLong(Report.Finding::offset);

  private final Set<Report.Finding> findings = new LinkedHashSet<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final @Nullable Findings all;
  private long more;

  /// What is found in a run.
  Findings() {
    this.all = null;
  }

  /// What one check finds, told to those of the run, too.
  Findings(Findings all) {
    this.all = all;
  }

  void add(CorruptArchiveException e) {
    add(e, null);
  }

  /// @param message that is concerned
  void add(CorruptArchiveException e, @Nullable ContentId message) {
    add(new Report.Finding(e.resource(), e.offset(), message, null, e.expected(), e.found()));
  }

  /// Something that concerns a file as a whole.
  void add(String file, String expected, String found) {
    add(new Report.Finding(file, -1, null, null, expected, found));
  }

  synchronized void add(Report.Finding finding) {
    if (all != null) {
      all.add(finding);
    }
    if (findings.size() < MOST) {
      findings.add(finding);
    } else {
      more++;
    }
  }

  synchronized void note(String note) {
    if (notes.size() < MOST) {
      notes.add(Report.printable(note));
    }
  }

  /// Whether what is found from now on is only counted.
  synchronized boolean full() {
    return findings.size() == MOST;
  }

  /// What was found, file by file.
  synchronized List<Report.Finding> findings() {
    return findings.stream().sorted(ORDER).toList();
  }

  synchronized List<String> notes() {
    List<String> all = new ArrayList<>(notes);
    if (more > 0) {
      all.add(more + " findings more are not listed");
    }
    return all;
  }
}
