package org.muniment.server.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.CaptureProgress;

/// Shows a person how a capture goes on: one line for all accounts, which are captured side by
/// side. Safe for use by many threads.
public final class CaptureLine implements CaptureProgress, AutoCloseable {

  private final ProgressLine line;
  private final Map<AccountName, Step> steps = new LinkedHashMap<>();

  public CaptureLine(Console console) {
    line = new ProgressLine(console, "capture");
  }

  @Override
  public synchronized void at(Step step) {
    steps.put(step.account(), step);
    long messages = steps.values().stream().mapToLong(Step::messages).sum();
    long due = steps.values().stream().mapToLong(now -> now.due() - now.done()).sum();
    long octets = steps.values().stream().mapToLong(Step::octets).sum();
    line.at(messages, messages + due, octets);
  }

  /// Leaves the last state standing.
  @Override
  public synchronized void close() {
    line.close();
  }
}
