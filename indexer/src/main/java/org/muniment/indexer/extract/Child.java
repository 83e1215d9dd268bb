package org.muniment.indexer.extract;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A Java process that reads documents, one after the other. It gets a heap of its own, an empty
/// environment and an empty folder; it ends by itself when this process does.
///
/// It gives way to whatever else runs: it is started through `nice` where that is installed (POSIX
/// knows no plainer way that asks for no right), and counts on [#PROCESSORS] processors.
final class Child {

  /// The main class; named, so that nothing of it is ever loaded here.
  private static final String MAIN = "org.muniment.indexer.extract.child.ExtractorMain";

  private static final String LOGGING = "org/muniment/indexer/extract/child/logback.xml";

  /// With `-XX:+ExitOnOutOfMemoryError`.
  private static final int EXIT_OUT_OF_MEMORY = 3;

  /// Where `nice` is looked for.
  private static final List<Path> NICE = List.of(Path.of("/usr/bin/nice"), Path.of("/bin/nice"));

  /// Of -20 (first) to 19 (last); a usual process has 0.
  private static final int NICENESS = 10;

  /// For its compiler and whatever else it does beside the one document.
  private static final int PROCESSORS = 2;

  /// Time until it can read documents.
  private static final Duration START = Duration.ofMinutes(2);

  /// Time for a killed process to be gone.
  private static final long GONE_SECONDS = 10;

  /// Octets of its last words.
  private static final int WORDS = 2_000;

  private final Process process;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final Tail errors;
  private final ChildSettings settings;

  private Child(Process process, ChildSettings settings) {
    this.process = process;
    this.settings = settings;
    this.in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    this.errors = new Tail(process.getErrorStream());
  }

  /// Starts one; to be used after [#awaitReady].
  ///
  /// @param folder empty, its working folder
  /// @throws IOException when the system starts no process
  static Child start(ChildSettings settings, Path folder) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(settings, folder.toAbsolutePath()));
    builder.directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("LANG", "C.UTF-8");
    if (settings.ocr()) {
      builder.environment().put("PATH", Tesseract.FOLDERS);
    }
    return new Child(builder.start(), settings);
  }

  /// Waits until it can read documents.
  ///
  /// @throws IOException when it does not come so far; it is gone then
  void awaitReady() throws IOException {
    Deadline deadline = new Deadline(START, this::destroy);
    boolean ready = saysReady();
    if (!deadline.meet() || !ready) {
      kill();
      throw new IOException("the process that reads attachments does not start: " + errors.text());
    }
  }

  private boolean saysReady() {
    try {
      @Nullable Frame first = Frame.read(in);
      return first != null && first.kind() == Frame.Kind.READY;
    } catch (IOException e) {
      // Its last words say more.
      return false;
    }
  }

  private static List<String> command(ChildSettings settings, Path folder) {
    List<String> command = new ArrayList<>();
    NICE.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .ifPresent(nice -> command.addAll(List.of(nice.toString(), "-n", "" + NICENESS)));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + settings.heap());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:ActiveProcessorCount=" + PROCESSORS,
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-Djava.awt.headless=true",
            "-Djava.io.tmpdir=" + folder,
            "-Duser.home=" + folder,
            // No part of a document is ever fetched from elsewhere.
            "-Djavax.xml.accessExternalDTD=",
            "-Djavax.xml.accessExternalSchema=",
            "-Djavax.xml.accessExternalStylesheet=",
            "-Dlogback.configurationFile=" + LOGGING,
            "-cp",
            classPath(),
            MAIN));
    if (settings.ocr()) {
      command.add("ocr");
    }
    return command;
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Reads a document. Whatever else than an answer comes, the process is gone afterwards.
  ///
  /// @return what was found, with the status TIMEOUT, CRASHED or MEMORY where it did not end
  Extraction read(Path document, String name, String type) throws IOException {
    Received received = new Received();
    Deadline deadline = new Deadline(settings.timeout(), this::destroy);
    try {
      String request = document.toAbsolutePath() + "\n" + oneLine(type) + "\n" + oneLine(name);
      new Frame(Frame.Kind.DOCUMENT, request).write(out);
      @Nullable Frame frame;
      while ((frame = Frame.read(in)) != null) {
        if (frame.kind() == Frame.Kind.END) {
          return ended(received, frame, deadline);
        }
        received.add(frame);
      }
      return died(received, "", deadline);
    } catch (IOException | IllegalArgumentException e) {
      return died(received, String.valueOf(e.getMessage()), deadline);
    } finally {
      deadline.meet();
    }
  }

  private static String oneLine(String text) {
    String line = text.replace('\n', ' ');
    return line.length() <= WORDS ? line : line.substring(0, WORDS);
  }

  /// The answer counts also where it comes too late: the process is being ended then, and is gone
  /// when this returns.
  private Extraction ended(Received received, Frame end, Deadline deadline) {
    String[] lines = end.lines(2);
    Extraction extraction =
        received.ended(ExtractionStatus.valueOf(lines[0]), lines.length > 1 ? lines[1] : "");
    if (!deadline.meet()) {
      kill();
    }
    return extraction;
  }

  private Extraction died(Received received, String trouble, Deadline deadline) {
    boolean late = !deadline.meet();
    boolean ended = awaitEnd(1);
    kill();
    if (late) {
      return received.ended(
          ExtractionStatus.TIMEOUT, "not read within " + settings.timeout().toSeconds() + " s");
    }
    if (ended && process.exitValue() == EXIT_OUT_OF_MEMORY) {
      return received.ended(
          ExtractionStatus.MEMORY, "needs more than " + (settings.heap() >> 20) + " MiB");
    }
    String exit = ended ? "exit code " + process.exitValue() : "ended by force";
    return received.ended(
        ExtractionStatus.CRASHED, (exit + " " + trouble + " " + errors.text()).strip());
  }

  /// Ends it at once, with what it started; returns when it is gone.
  void kill() {
    destroy();
    awaitEnd(GONE_SECONDS);
  }

  /// What it started is named before it ends, when nobody knows any more whose it was.
  private void destroy() {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
  }

  private boolean awaitEnd(long seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// The last that the process wrote to its standard error; all of it is read, so that it never
  /// waits.
  private static final class Tail {

    private final byte[] ring = new byte[WORDS];
    private long count;

    Tail(InputStream errors) {
      Thread.ofVirtual().start(() -> drain(errors));
    }

    private void drain(InputStream errors) {
      byte[] some = new byte[WORDS];
      try (errors) {
        for (int read; (read = errors.read(some)) >= 0; ) {
          keep(some, read);
        }
      } catch (IOException ended) {
        // The process is gone.
      }
    }

    private synchronized void keep(byte[] some, int length) {
      for (int i = 0; i < length; i++) {
        ring[(int) (count++ % WORDS)] = some[i];
      }
    }

    synchronized String text() {
      int length = (int) Math.min(count, WORDS);
      byte[] octets = new byte[length];
      for (int i = 0; i < length; i++) {
        octets[i] = ring[(int) ((count - length + i) % WORDS)];
      }
      return new String(octets, StandardCharsets.UTF_8).strip();
    }
  }
}
