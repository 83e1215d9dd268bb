package org.muniment.server.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where a command reads and writes.
///
/// @param in standard input
/// @param out results
/// @param err progress and errors
/// @param terminal whether a person watches `err`
public record Console(InputStream in, PrintStream out, PrintStream err, boolean terminal) {

  private static final int LONGEST_LINE = 4_096;

  /// That of this process.
  public static Console system() {
    return new Console(
        System.in,
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        Optional.ofNullable(System.console()).map(java.io.Console::isTerminal).orElse(false));
  }

  /// The lines of the input up to an empty one after the first word, or to its end.
  ///
  /// @throws IOException also when they are longer than any text that is asked for
  String paragraph() throws IOException {
    StringBuilder text = new StringBuilder();
    boolean begun = false;
    for (int octet = in.read(); octet >= 0; octet = in.read()) {
      if (octet == '\n' && begun && text.charAt(text.length() - 1) == '\n') {
        break;
      }
      if (text.length() == LONGEST_LINE) {
        throw new IOException("the text on standard input is too long");
      }
      if (octet != '\r') {
        text.append((char) octet);
        begun |= octet > ' ';
      }
    }
    return text.toString();
  }

  /// The first line of the input, without its end; empty when there is none.
  ///
  /// @throws IOException also when it is longer than any password
  String line() throws IOException {
    byte[] octets = new byte[LONGEST_LINE];
    int length = 0;
    for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
      if (length == LONGEST_LINE) {
        throw new IOException("the line on standard input is too long");
      }
      octets[length++] = (byte) octet;
    }
    String line = new String(octets, 0, length, StandardCharsets.UTF_8);
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }
}
