package org.muniment.server.command;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.muniment.archive.store.Progress;

/// Shows a person how long work goes on: one line that is drawn again and again on a terminal, a
/// line every few seconds otherwise. For one thread at a time.
final class ProgressLine implements AutoCloseable {

  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int BAR = 20;

  private final Console console;
  private final String what;
  private final LongSupplier nanoTime;
  private final long started;
  private long shown;
  private String last = "";

  ProgressLine(Console console, String what) {
    this(console, what, System::nanoTime);
  }

  /// @param nanoTime as [System#nanoTime()]
  ProgressLine(Console console, String what, LongSupplier nanoTime) {
    this.console = console;
    this.what = what;
    this.nanoTime = nanoTime;
    this.started = nanoTime.getAsLong();
    this.shown = started;
  }

  /// @param done items finished
  /// @param total items in all, 0 when that is not known
  /// @param octets octets handled
  void at(long done, long total, long octets) {
    long now = nanoTime.getAsLong();
    last = text(done, total, octets, Math.max(1, now - started));
    showWhenDue(now);
  }

  private void showWhenDue(long now) {
    if (now - shown >= (console.terminal() ? REDRAW_NANOS : REPORT_NANOS)) {
      shown = now;
      show();
    }
  }

  /// Says how much was read, where that and not the number of items is known in advance.
  ///
  /// @param total octets in all, 0 when that is not known
  void read(long items, long octets, long total) {
    long now = nanoTime.getAsLong();
    last = textOfOctets(items, octets, total, Math.max(1, now - started));
    showWhenDue(now);
  }

  /// Draws here what many threads tell of octets, whose sum they know before.
  Progress ofOctets() {
    return new Octets(this);
  }

  /// Leaves the last state standing.
  @Override
  public void close() {
    if (!last.isEmpty()) {
      show();
      if (console.terminal()) {
        console.err().println();
      }
    }
  }

  private void show() {
    if (console.terminal()) {
      // CSI 2 K: erase the line.
      console.err().print("\r\u001b[2K" + last);
      console.err().flush();
    } else {
      console.err().println(last);
    }
  }

  private String text(long done, long total, long octets, long nanos) {
    double perSecond = done * 1e9 / nanos;
    StringBuilder text = begin(done, total);
    text.append("%,d".formatted(done));
    if (total > 0) {
      text.append(" of ").append("%,d".formatted(total));
    }
    text.append("  ").append(size(octets));
    text.append("  ").append(String.format(Locale.ROOT, "%,.0f/s", perSecond));
    return end(text, total - done, perSecond);
  }

  private String textOfOctets(long items, long octets, long total, long nanos) {
    double perSecond = octets * 1e9 / nanos;
    StringBuilder text = begin(octets, total).append(size(octets));
    if (total > 0) {
      text.append(" of ").append(size(total));
    }
    text.append("  %,d".formatted(items));
    text.append("  ").append(size((long) perSecond)).append("/s");
    return end(text, total - octets, perSecond);
  }

  private StringBuilder begin(long done, long total) {
    StringBuilder text = new StringBuilder(what).append("  ");
    if (total > 0) {
      int filled = (int) Math.clamp(BAR * (double) done / total, 0, BAR);
      text.append('[').append("#".repeat(filled)).append(".".repeat(BAR - filled)).append("]  ");
    }
    return text;
  }

  private static String end(StringBuilder text, long left, double perSecond) {
    if (left > 0 && perSecond > 0) {
      long seconds = (long) (left / perSecond);
      text.append("  ").append(seconds / 60).append(":%02d left".formatted(seconds % 60));
    }
    return text.toString();
  }

  /// `12.3 MB`: decimal units.
  static String size(long octets) {
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    double value = octets;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }

  private static final class Octets implements Progress {
    private final ProgressLine line;
    private long total;

    Octets(ProgressLine line) {
      this.line = line;
    }

    @Override
    public synchronized void expect(long octets) {
      total = octets;
    }

    @Override
    public synchronized void at(long done, long octets) {
      line.read(done, octets, total);
    }
  }
}
