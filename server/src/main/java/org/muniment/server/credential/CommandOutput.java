package org.muniment.server.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs a program for the one line that it writes. It gets no input and the environment of this
/// process.
final class CommandOutput {

  /// More than any password or token.
  static final int LONGEST_LINE = 64 << 10;

  private static final int LONGEST_WORDS = 4 << 10;

  private static final File NOTHING = new File("/dev/null");

  private CommandOutput() {}

  /// The first line of standard output.
  ///
  /// @param key of config.yml, for the messages
  /// @param limit the program is ended after that time
  static String firstLine(String key, List<String> command, Duration limit)
      throws CredentialException {
    String what = key + ": " + command.getFirst();
    long end = System.nanoTime() + limit.toNanos();
    Process process = start(what, command);
    try {
      CompletableFuture<byte[]> out = reading(process.getInputStream(), LONGEST_LINE + 1);
      CompletableFuture<byte[]> err = reading(process.getErrorStream(), LONGEST_WORDS);
      byte[] written = out.get(left(end), TimeUnit.NANOSECONDS);
      if (written.length > LONGEST_LINE) {
        throw new CredentialException(what + " writes more than a password or token", null);
      }
      if (!process.waitFor(left(end), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      String line = SecretLine.first(written);
      int exit = process.exitValue();
      if (exit != 0) {
        String words = new String(err.get(left(end), TimeUnit.NANOSECONDS), UTF_8);
        throw new CredentialException(
            what + " ended with exit code " + exit + said(Redacted.words(words, List.of(line))),
            null);
      }
      if (line.isEmpty()) {
        throw new CredentialException(what + " wrote nothing to its standard output", null);
      }
      return line;
    } catch (TimeoutException e) {
      throw new CredentialException(
          what + " had not ended after " + limit.toSeconds() + " seconds", e);
    } catch (ExecutionException e) {
      throw new CredentialException(what + " cannot be read: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CredentialException(what + " was interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static long left(long end) {
    return Math.max(0, end - System.nanoTime());
  }

  private static Process start(String what, List<String> command) throws CredentialException {
    try {
      return new ProcessBuilder(command).redirectInput(Redirect.from(NOTHING)).start();
    } catch (IOException e) {
      throw new CredentialException(what + " cannot be started: " + e.getMessage(), e);
    }
  }

  private static CompletableFuture<byte[]> reading(InputStream stream, int most) {
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                read.complete(stream.readNBytes(most));
                stream.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                read.completeExceptionally(e);
              }
            });
    return read;
  }

  private static String said(String words) {
    return words.isEmpty() ? "" : ": " + words;
  }
}
