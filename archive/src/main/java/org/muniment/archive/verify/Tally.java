package org.muniment.archive.verify;

import java.util.concurrent.atomic.AtomicLong;
import org.muniment.archive.store.Progress;

/// Counts what was checked, and tells of it. Safe for use by many threads.
final class Tally {

  private final Progress progress;
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong octets = new AtomicLong();
  private final AtomicLong parts = new AtomicLong();
  private final AtomicLong files = new AtomicLong();
  private final AtomicLong stored = new AtomicLong();

  Tally(Progress progress) {
    this.progress = progress;
  }

  void message(long length) {
    messages.incrementAndGet();
    octets.addAndGet(length);
  }

  void part() {
    parts.incrementAndGet();
  }

  void file() {
    files.incrementAndGet();
  }

  /// @param octets of files that are done with
  void stored(long octets) {
    progress.at(messages.get(), stored.addAndGet(octets));
  }

  Report.Counts counts(long leaves) {
    return new Report.Counts(leaves, messages.get(), parts.get(), octets.get(), files.get());
  }
}
