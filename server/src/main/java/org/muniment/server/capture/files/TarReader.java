package org.muniment.server.capture.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads a tar archive front to back: the ustar and pax interchange formats of POSIX.1, and the
/// long names of GNU tar.
///
/// ```
/// archive = *( *extension header content padding ) 2zero-block
/// ```
final class TarReader implements PackedFile.Reader {

  private static final int BLOCK = 512;

  /// Longest header extension that is read; it only holds a name and some numbers.
  private static final int MAX_EXTENSION = 1 << 20;

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private String longName = "";
  private Map<String, String> pax = Map.of();
  private @Nullable Content content;

  /// Octets to pass over behind what was not read of the content.
  private long rest;

  /// @param in at the first header
  TarReader(InputStream in) {
    this.in = in;
  }

  @Override
  public @Nullable PackedFile next() throws IOException {
    if (content != null) {
      skip(content.left);
      content = null;
    }
    skip(rest);
    rest = 0;
    longName = "";
    pax = Map.of();
    while (nextBlock() && !isZero()) {
      requireChecksum();
      long size = size();
      char type = (char) (block[156] & 0xFF);
      switch (type) {
        case 'L' -> longName = text(extension(size));
        case 'x' -> pax = records(extension(size));
        case 'g', 'K' -> skip(padded(size));
        default -> {
          PackedFile entry = entry(type, size);
          if (entry != null) {
            return entry;
          }
          longName = "";
          pax = Map.of();
        }
      }
    }
    return null;
  }

  /// Null for a folder.
  private @Nullable PackedFile entry(char type, long size) throws IOException {
    String name = name();
    boolean regular = type == '0' || type == 0 || type == '7';
    if (type == '5' || (regular && name.endsWith("/"))) {
      skip(padded(size));
      return null;
    }
    boolean sparse = pax.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse"));
    if (!regular || sparse) {
      rest = padded(size);
      return new PackedFile(name, modified(), null);
    }
    Content octets = new Content(size);
    content = octets;
    rest = padded(size) - size;
    return new PackedFile(name, modified(), () -> octets);
  }

  private boolean nextBlock() throws IOException {
    int read = in.readNBytes(block, 0, BLOCK);
    if (read > 0 && read < BLOCK) {
      throw cut();
    }
    return read == BLOCK;
  }

  private boolean isZero() {
    for (byte octet : block) {
      if (octet != 0) {
        return false;
      }
    }
    return true;
  }

  /// The sum of the header's octets, those of the sum itself counted as spaces.
  private void requireChecksum() throws IOException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xFF;
    }
    if (sum != number(148, 8)) {
      throw new IOException("is no tar archive, or is damaged: the checksum of a header is wrong");
    }
  }

  private String name() {
    String inPax = pax.get("path");
    if (inPax != null) {
      return inPax;
    }
    if (!longName.isEmpty()) {
      return longName;
    }
    String name = field(0, 100);
    // GNU tar keeps times where POSIX has the prefix.
    boolean posix = field(257, 6).equals("ustar") && block[263] == '0';
    String prefix = posix ? field(345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private long size() throws IOException {
    String inPax = pax.get("size");
    long size = inPax == null ? number(124, 12) : decimal(inPax);
    if (size < 0) {
      throw new IOException("is damaged: a file of " + size + " octets");
    }
    return size;
  }

  private Instant modified() throws IOException {
    String inPax = pax.get("mtime");
    long seconds = inPax == null ? number(136, 12) : decimal(inPax.split("\\.", 2)[0]);
    try {
      return Instant.ofEpochSecond(seconds);
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  /// Octal digits, or base 256 when the first bit is set.
  private long number(int at, int length) throws IOException {
    if ((block[at] & 0x80) != 0) {
      long value = block[at] & 0x3F;
      for (int i = at + 1; i < at + length; i++) {
        if (value >> 54 != 0) {
          throw new IOException("is damaged: a number in a header is too large");
        }
        value = value << 8 | (block[i] & 0xFF);
      }
      return value;
    }
    String digits = field(at, length).strip();
    if (digits.chars().anyMatch(c -> c < '0' || c > '7')) {
      throw new IOException("is no tar archive, or is damaged: a header has no number");
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  private static long decimal(String text) throws IOException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("is damaged: a header has \"" + text + "\" for a number", e);
    }
  }

  /// Octets up to the first NUL.
  private String field(int at, int length) {
    int end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return new String(block, at, end - at, StandardCharsets.ISO_8859_1);
  }

  private byte[] extension(long size) throws IOException {
    if (size > MAX_EXTENSION) {
      throw new IOException("is damaged: a header of %,d octets".formatted(size));
    }
    byte[] octets = in.readNBytes((int) padded(size));
    if (octets.length < padded(size)) {
      throw cut();
    }
    return Arrays.copyOf(octets, (int) size);
  }

  private static String text(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    int end = text.indexOf(0);
    return end < 0 ? text : text.substring(0, end);
  }

  // record = length SP keyword "=" value LF ; the length is that of the record
  private static Map<String, String> records(byte[] octets) throws IOException {
    Map<String, String> records = new HashMap<>();
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    int at = 0;
    while (at < text.length() && text.charAt(at) != 0) {
      int space = text.indexOf(' ', at);
      long length = space < 0 || space > at + 10 ? -1 : decimal(text.substring(at, space));
      int equals = text.indexOf('=', Math.max(space, at));
      if (length <= 0 || at + length > text.length() || equals < 0 || equals >= at + length) {
        throw new IOException("is damaged: a pax header that cannot be read");
      }
      int end = (int) (at + length);
      records.put(text.substring(space + 1, equals), text.substring(equals + 1, end - 1));
      at = end;
    }
    return records;
  }

  private static long padded(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  private void skip(long octets) throws IOException {
    try {
      in.skipNBytes(octets);
    } catch (EOFException e) {
      throw cut();
    }
  }

  private static IOException cut() {
    return new EOFException("is cut off");
  }

  /// The octets of one file; its end is theirs.
  private final class Content extends InputStream {
    private long left;

    Content(long size) {
      this.left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, into.length);
      if (left == 0 || length == 0) {
        return left == 0 ? -1 : 0;
      }
      int read = in.read(into, offset, (int) Math.min(length, left));
      if (read < 0) {
        throw cut();
      }
      left -= read;
      return read;
    }
  }
}
