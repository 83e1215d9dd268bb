package org.muniment.indexer.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/// The fields of a header that have, or have not, one of some names, octet for octet with their
/// folding, and the empty line at the end. A header without one gets one, against the letter of RFC
/// 9051 section 6.4.5.1, since there are clients that show no message without it. Reads as a stream
/// and holds no more than the name of a field and a buffer.
public final class HeaderFilter extends InputStream {

  /// Longest field name that can be asked for; a longer one has none of the names.
  private static final int MAX_NAME = 1000;

  private static final int BUFFER = 4 << 10;

  private final InputStream header;
  private final Set<String> names = new HashSet<>();
  private final boolean except;

  /// Octets of the header that come next, from `position` to before `limit`.
  private final byte[] buffer = new byte[BUFFER];

  private int position;
  private int limit;

  /// The line up to where it is clear whether it is wanted, and how much of it was handed out.
  private final byte[] start = new byte[MAX_NAME];

  private int started;
  private int handedOut;

  private boolean keep;
  private boolean lineStart = true;
  private boolean emptyLine;
  private boolean ended;

  /// @param header a message, or part of one, from the beginning of its header on; it is read ahead
  /// @param except whether to leave out the fields named instead
  public HeaderFilter(InputStream header, Collection<String> names, boolean except) {
    this.header = header;
    names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
    this.except = except;
    // What is folded behind no field has none of the names.
    this.keep = except;
  }

  /// Whether the empty line was read that ends the header.
  public boolean isComplete() {
    return emptyLine;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] octets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, octets.length);
    int count = 0;
    while (count < length && (handedOut < started || !ended)) {
      if (handedOut < started) {
        int some = Math.min(length - count, started - handedOut);
        System.arraycopy(start, handedOut, octets, offset + count, some);
        handedOut += some;
        count += some;
      } else if (lineStart) {
        beginLine();
      } else {
        count += line(octets, offset + count, length - count);
      }
    }
    return count == 0 && length > 0 ? -1 : count;
  }

  /// Goes on in a line about which it is decided.
  ///
  /// @return octets that were handed out
  private int line(byte[] octets, int offset, int length) throws IOException {
    if (!fill()) {
      end();
      return 0;
    }
    int from = position;
    int most = keep ? Math.min(limit, from + length) : limit;
    while (position < most && !lineStart) {
      lineStart = buffer[position++] == '\n';
    }
    if (!keep) {
      return 0;
    }
    System.arraycopy(buffer, from, octets, offset, position - from);
    return position - from;
  }

  /// Reads a line as far as its colon and decides about it.
  private void beginLine() throws IOException {
    started = 0;
    handedOut = 0;
    int c = 0;
    while (started < MAX_NAME && c != ':' && c != '\n' && !isContinuation() && fill()) {
      c = buffer[position++];
      start[started++] = (byte) c;
    }
    if (started == 0) {
      end();
      return;
    }
    lineStart = c == '\n';
    if (!isContinuation()) {
      emptyLine = isEmptyLine();
      ended = emptyLine;
      keep = emptyLine || (c == ':' && names.contains(name())) != except;
    }
    if (!keep) {
      handedOut = started;
    }
  }

  private boolean fill() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(0, header.read(buffer));
    }
    return position < limit;
  }

  private void end() {
    ended = true;
    started = 0;
    handedOut = 0;
    boolean lineOpen = keep && !lineStart;
    for (int missing = lineOpen ? 2 : 1; missing > 0; missing--) {
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
    return new String(start, 0, started - 1, StandardCharsets.ISO_8859_1)
        .stripTrailing()
        .toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() throws IOException {
    header.close();
  }
}
