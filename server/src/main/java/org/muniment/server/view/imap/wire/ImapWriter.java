package org.muniment.server.view.imap.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Writes the tokens of responses (RFC 9051 section 9) through buffers of fixed size: a client that
/// stops reading stops the writing thread and holds no more memory than that.
///
/// Texts are octets, one ISO-8859-1 character for each. Not safe for use by several threads.
public final class ImapWriter {

  /// What stands for NUL, which no token of IMAP4rev1 may hold (RFC 3501 section 9, CHAR8).
  public static final byte NUL_SUBSTITUTE = (byte) 0x80;

  private static final byte DEL = 0x7F;

  private static final int BUFFER = 16 << 10;

  /// Octets of a literal that does not go through the buffer but through one of this size, which is
  /// there for as long as the literal is written.
  private static final int LARGE = 64 << 10;

  /// Longest text that is written between quotes.
  private static final int MAX_QUOTED = 1000;

  private OutputStream out;
  private final byte[] buffer = new byte[BUFFER];
  private int length;
  private boolean lineStart = true;
  private boolean utf8;

  /// Whether something was written that was not flushed.
  private boolean unflushed;

  public ImapWriter(OutputStream out) {
    this.out = out;
  }

  /// Sends what is in the buffer, and writes to another stream from here on.
  public void switchTo(OutputStream other) throws ConnectionLostException {
    flush();
    out = other;
  }

  /// Texts in UTF-8 may stand between quotes from here on, and names of mailboxes are in UTF-8.
  public void quoteUtf8() {
    utf8 = true;
  }

  /// Whether the last line written is complete.
  public boolean atLineStart() {
    return lineStart;
  }

  /// Words of the grammar, as they stand.
  public ImapWriter raw(String words) throws ConnectionLostException {
    octets(words);
    return this;
  }

  /// The low octet of each character.
  @SuppressWarnings("deprecation") // that is what it is for
  private void octets(String text) throws ConnectionLostException {
    int at = 0;
    while (at < text.length()) {
      if (length == BUFFER) {
        drain();
      }
      int count = Math.min(text.length() - at, BUFFER - length);
      text.getBytes(at, at + count, buffer, length);
      length += count;
      at += count;
      lineStart = false;
    }
  }

  /// ABNF: `SP`
  public ImapWriter sp() throws ConnectionLostException {
    put((byte) ' ');
    return this;
  }

  /// ABNF: `number64`
  public ImapWriter number(long number) throws ConnectionLostException {
    return raw(Long.toString(number));
  }

  /// Words for a person (ABNF: `text`); what a line may not hold becomes `?`.
  public ImapWriter text(String words) throws ConnectionLostException {
    for (int i = 0; i < words.length(); i++) {
      char c = words.charAt(i);
      put((byte) (c >= ' ' && c <= '~' ? c : '?'));
    }
    return this;
  }

  /// ABNF: `nstring`
  public ImapWriter nstring(@Nullable String octets) throws ConnectionLostException {
    return octets == null ? raw("NIL") : string(octets);
  }

  /// ABNF: `string`: quoted where that is possible, else a literal.
  public ImapWriter string(String octets) throws ConnectionLostException {
    if (plain(octets)) {
      return this;
    }
    return isQuotable(octets) ? quoted(octets) : literal(octets);
  }

  /// Writes a short text between quotes, if each of its octets may stand there as it is.
  ///
  /// @return whether it was written
  @SuppressWarnings("deprecation") // as in octets
  private boolean plain(String octets) throws ConnectionLostException {
    int count = octets.length();
    if (count > MAX_QUOTED) {
      return false;
    }
    if (BUFFER - length < count + 2) {
      drain();
    }
    int from = length + 1;
    int end = from + count;
    octets.getBytes(0, count, buffer, from);
    for (int i = from; i < end; i++) {
      if (!isPlain(buffer[i])) {
        return false;
      }
    }
    buffer[length] = '"';
    buffer[end] = '"';
    length = end + 1;
    lineStart = false;
    return true;
  }

  private static boolean isPlain(byte octet) {
    return (octet >= ' ' || octet == '\t') && octet != DEL && octet != '"' && octet != '\\';
  }

  /// ABNF: `string`, of decoded text in UTF-8.
  public ImapWriter utf8(String text) throws ConnectionLostException {
    String octets = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return utf8 && octets.length() <= MAX_QUOTED && octets.chars().allMatch(ImapWriter::isUtf8)
        ? quoted(octets)
        : string(octets);
  }

  /// ABNF: `mailbox`
  public ImapWriter mailbox(String name) throws ConnectionLostException {
    return utf8 ? utf8(name) : string(ModifiedUtf7.encode(name));
  }

  /// Words between parentheses, with spaces between them.
  public ImapWriter list(Collection<String> words) throws ConnectionLostException {
    return raw("(").raw(String.join(" ", words)).raw(")");
  }

  /// ABNF: `literal`, from a stream. NUL octets become [#NUL_SUBSTITUTE].
  ///
  /// @param octets how many to take from the stream
  /// @throws IOException also when the stream ends before; the response is then beyond repair
  public void literal(long octets, InputStream stream) throws IOException {
    raw("{").number(octets).raw("}");
    copy(octets, stream, true);
  }

  /// ABNF: `literal8 = "~{" number64 "}" CRLF *OCTET` (RFC 3516), from a stream, NUL and all.
  ///
  /// @param octets how many to take from the stream
  /// @throws IOException also when the stream ends before; the response is then beyond repair
  public void literal8(long octets, InputStream stream) throws IOException {
    raw("~{").number(octets).raw("}");
    copy(octets, stream, false);
  }

  private void copy(long octets, InputStream stream, boolean substitute) throws IOException {
    crlf();
    lineStart = false;
    if (octets < LARGE) {
      copySmall(octets, stream, substitute);
    } else {
      copyLarge(octets, stream, substitute);
    }
  }

  private void copySmall(long octets, InputStream stream, boolean substitute) throws IOException {
    long left = octets;
    while (left > 0) {
      if (length == BUFFER) {
        drain();
      }
      int count = stream.read(buffer, length, (int) Math.min(left, BUFFER - length));
      if (count < 0) {
        throw tooEarly(left);
      }
      if (substitute) {
        Nul.substitute(buffer, length, length + count, NUL_SUBSTITUTE);
      }
      length += count;
      left -= count;
    }
  }

  /// In pieces of a size at which what each call of the system costs does not count.
  private void copyLarge(long octets, InputStream stream, boolean substitute) throws IOException {
    byte[] piece = Arrays.copyOf(buffer, LARGE);
    int at = length;
    length = 0;
    long left = octets;
    while (left > 0) {
      int count = stream.readNBytes(piece, at, (int) Math.min(left, LARGE - at));
      if (count == 0) {
        throw tooEarly(left);
      }
      if (substitute) {
        Nul.substitute(piece, at, at + count, NUL_SUBSTITUTE);
      }
      send(piece, at + count);
      left -= count;
      at = 0;
    }
  }

  private static IOException tooEarly(long left) {
    return new IOException("a message ended " + left + " octets too early");
  }

  /// ABNF: `CRLF`
  public void crlf() throws ConnectionLostException {
    put((byte) '\r');
    put((byte) '\n');
    lineStart = true;
  }

  /// Sends what is in the buffer. Where there is nothing to send nothing is sent: a compressed
  /// stream would flush octets of its own, which Thunderbird takes for text when they come with the
  /// answer to COMPRESS.
  public void flush() throws ConnectionLostException {
    drain();
    if (!unflushed) {
      return;
    }
    unflushed = false;
    try {
      out.flush();
    } catch (IOException e) {
      throw new ConnectionLostException(e);
    }
  }

  private ImapWriter quoted(String octets) throws ConnectionLostException {
    put((byte) '"');
    if (octets.indexOf('"') < 0 && octets.indexOf('\\') < 0) {
      octets(octets);
    } else {
      escaped(octets);
    }
    put((byte) '"');
    return this;
  }

  private void escaped(String octets) throws ConnectionLostException {
    for (int i = 0; i < octets.length(); i++) {
      char c = octets.charAt(i);
      if (c == '"' || c == '\\') {
        put((byte) '\\');
      }
      put((byte) c);
    }
  }

  private ImapWriter literal(String octets) throws ConnectionLostException {
    raw("{").number(octets.length()).raw("}");
    crlf();
    lineStart = false;
    for (int i = 0; i < octets.length(); i++) {
      byte octet = (byte) octets.charAt(i);
      put(octet == 0 ? NUL_SUBSTITUTE : octet);
    }
    return this;
  }

  private static boolean isQuotable(String octets) {
    if (octets.length() > MAX_QUOTED) {
      return false;
    }
    for (int i = 0; i < octets.length(); i++) {
      char c = octets.charAt(i);
      if (c >= 0x80 || !isUtf8(c)) {
        return false;
      }
    }
    return true;
  }

  /// Whether an octet may stand between quotes as it is or behind a backslash.
  private static boolean isUtf8(int c) {
    return c == '\t' || (c >= ' ' && c != 0x7F);
  }

  private void put(byte octet) throws ConnectionLostException {
    if (length == BUFFER) {
      drain();
    }
    buffer[length++] = octet;
    lineStart = false;
  }

  private void drain() throws ConnectionLostException {
    send(buffer, length);
    length = 0;
  }

  private void send(byte[] octets, int count) throws ConnectionLostException {
    try {
      out.write(octets, 0, count);
    } catch (IOException e) {
      throw new ConnectionLostException(e);
    }
    unflushed |= count > 0;
  }
}
