package org.muniment.server.view.imap.message;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The fields of a header that have, or have not, one of some names, octet for octet with their
/// folding, and the empty line at the end. A header without one gets one, against the letter of RFC
/// 9051 section 6.4.5.1, since there are clients that show no message without it. Reads as a stream
/// and holds no more than the name of a field.
final class HeaderFilter extends InputStream {

  /// Longest field name that can be asked for; a longer one has none of the names.
  private static final int MAX_NAME = 1000;

  private final InputStream header;
  private final Set<String> names = new HashSet<>();
  private final boolean except;

  /// The line up to where it is clear whether it is wanted, and how much of it was handed out.
  private final byte[] start = new byte[MAX_NAME];

  private int started;
  private int handedOut;

  private boolean keep;
  private boolean lineStart = true;
  private boolean emptyLine;
  private boolean ended;

  /// @param header ends with the header
  /// @param except whether to leave out the fields named instead
  HeaderFilter(InputStream header, List<String> names, boolean except) {
    this.header = new BufferedInputStream(header);
    names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
    this.except = except;
    // What is folded behind no field has none of the names.
    this.keep = except;
  }

  @Override
  public int read() throws IOException {
    while (true) {
      if (handedOut < started) {
        return start[handedOut++] & 0xFF;
      }
      if (ended) {
        return -1;
      }
      if (lineStart) {
        beginLine();
        continue;
      }
      int c = header.read();
      if (c < 0) {
        end();
        continue;
      }
      lineStart = c == '\n';
      if (keep) {
        return c;
      }
    }
  }

  @Override
  public int read(byte[] octets, int offset, int length) throws IOException {
    int count = 0;
    while (count < length) {
      int c = read();
      if (c < 0) {
        return count == 0 ? -1 : count;
      }
      octets[offset + count++] = (byte) c;
    }
    return count;
  }

  /// Reads a line as far as its colon and decides about it.
  private void beginLine() throws IOException {
    started = 0;
    handedOut = 0;
    int c = 0;
    while (started < MAX_NAME && c != ':' && c != '\n' && !isContinuation()) {
      c = header.read();
      if (c < 0) {
        break;
      }
      start[started++] = (byte) c;
    }
    if (started == 0) {
      end();
      return;
    }
    lineStart = c == '\n';
    if (!isContinuation()) {
      emptyLine = isEmptyLine();
      keep = emptyLine || (c == ':' && names.contains(name())) != except;
    }
    if (!keep) {
      handedOut = started;
    }
  }

  private void end() {
    ended = true;
    started = 0;
    handedOut = 0;
    boolean lineOpen = keep && !lineStart;
    for (int missing = emptyLine ? 0 : lineOpen ? 2 : 1; missing > 0; missing--) {
      start[started++] = '\r';
      start[started++] = '\n';
    }
  }

  private boolean isContinuation() {
    return started == 1 && (start[0] == ' ' || start[0] == '\t');
  }

  private boolean isEmptyLine() {
    return started <= 2
        && started > 0
        && start[started - 1] == '\n'
        && (started == 1 || start[0] == '\r');
  }

  private String name() {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < started - 1; i++) {
      name.append((char) (start[i] & 0xFF));
    }
    return name.toString().stripTrailing().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() throws IOException {
    header.close();
  }
}
