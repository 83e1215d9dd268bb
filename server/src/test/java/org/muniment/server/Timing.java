package org.muniment.server;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/// Times on the clock, and of the processor, for the benchmarks.
///
/// @param seconds on the clock
/// @param own seconds of processor of this process
/// @param children seconds of processor of the processes that it started and that have ended
record Timing(double seconds, double own, double children) {

  /// Linux tells times in these, on all its machines.
  private static final double TICKS_PER_SECOND = 100;

  /// What is timed.
  interface Work {
    void run() throws Exception;
  }

  /// Does some work.
  static Timing of(Work work) throws Exception {
    double own = ownSeconds();
    double children = childrenSeconds();
    double seconds = seconds(work);
    return new Timing(seconds, ownSeconds() - own, childrenSeconds() - children);
  }

  /// Does some work, which takes this long.
  static double seconds(Work work) throws Exception {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  static double median(Collection<Double> values) {
    return percentile(values, 50);
  }

  /// The least value that `percent` of the values do not exceed.
  static double percentile(Collection<Double> values, int percent) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(Math.max(0, Math.ceilDiv(sorted.size() * percent, 100) - 1));
  }

  private static double ownSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  /// Fields cutime and cstime of proc_pid_stat(5).
  private static double childrenSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return (Long.parseLong(fields.get(13)) + Long.parseLong(fields.get(14))) / TICKS_PER_SECOND;
  }
}
