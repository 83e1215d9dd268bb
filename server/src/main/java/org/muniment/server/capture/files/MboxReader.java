package org.muniment.server.capture.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;

/// Reads the messages of an mbox (RFC 4155 appendix A) one by one.
///
/// ```
/// mbox    = *(from-line message empty-line)
/// ```
///
/// A From_ line with a date begins a message, wherever it stands; where the first line has no date,
/// every `From ` after an empty line does. The octets between are the message: without the one
/// empty line before the next From_ line or the end, when it has the line break that the message's
/// From_ line has, and without the quoting that [Quoting] finds. Line breaks stay what they are.
final class MboxReader implements Closeable {

  private static final long UNKNOWN = -1;

  private final LineInput lines;
  private final MboxInput input;
  private final boolean contentLength;
  private final Quoting quoting;
  private final MessageSpool spool;
  private final MessageSpool unquoted;

  private @Nullable FromLine from;
  private long offset;
  private boolean dated;
  private boolean begun;

  /// @param input tells whether a Content-Length can be believed
  /// @param contentLength whether to look at it at all
  MboxReader(
      InputStream in, MboxInput input, boolean contentLength, Quoting quoting, Path temporary) {
    this.lines = new LineInput(in);
    this.input = input;
    this.contentLength = contentLength;
    this.quoting = quoting;
    this.spool = new MessageSpool(temporary);
    this.unquoted = new MessageSpool(temporary);
  }

  /// A message of an mbox.
  ///
  /// @param format `mbox`, or the kind of mbox whose quoting was undone
  /// @param offset of its From_ line
  /// @param date of its From_ line, null when that tells none
  /// @param octets null when it is too large; readable until the next message is read
  record Message(
      String format,
      long offset,
      @Nullable Instant date,
      TopHeader header,
      @Nullable Octets octets) {}

  /// The next message; null at the end.
  ///
  /// @throws NotMboxException when the first line is no From_ line
  /// @throws TemporaryFileException from the temporary folder
  /// @throws IOException from the file
  @Nullable Message next() throws IOException {
    if (!begun) {
      begin();
    }
    FromLine own = from;
    if (own == null) {
      return null;
    }
    return new Body(own, offset).read();
  }

  private void begin() throws IOException {
    begun = true;
    if (lines.next()) {
      from = FromLine.of(lines);
      if (from == null) {
        throw new NotMboxException();
      }
      dated = from.date() != null;
    }
  }

  @Override
  public void close() throws IOException {
    try (spool;
        unquoted) {
      // both
    }
  }

  /// The file does not begin with a From_ line.
  static final class NotMboxException extends IOException {
    private static final long serialVersionUID = 1L;

    NotMboxException() {
      super("does not begin with \"From \": it is no mbox");
    }
  }

  /// The message that is being read.
  private final class Body {
    private final FromLine own;
    private final long begin;
    private final TopHeader header = new TopHeader();
    private final Quoting.Evidence evidence = new Quoting.Evidence();
    private boolean inHeader = true;

    /// Where the message ends by its Content-Length.
    private long told = UNKNOWN;

    /// Whether the line before was an empty one that is written only if the message goes on.
    private boolean held;

    private boolean afterEmpty;

    Body(FromLine own, long begin) {
      this.own = own;
      this.begin = begin;
    }

    Message read() throws IOException {
      spool.begin();
      from = null;
      while (from == null && lines.next()) {
        from = lines.offset() < told ? null : fromLine();
        if (from == null) {
          take();
        }
      }
      offset = lines.offset();
      return message();
    }

    private @Nullable FromLine fromLine() {
      FromLine found = FromLine.of(lines);
      boolean separates = found != null && (dated ? found.date() != null : afterEmpty);
      return separates ? found : null;
    }

    private void take() throws IOException {
      afterEmpty = lines.isEmpty();
      if (told != UNKNOWN && lines.offset() >= told && lines.isEmpty()) {
        return;
      }
      if (held) {
        writeLineBreak();
        held = false;
      }
      evidence.see(lines);
      if (inHeader && !lines.isEmpty()) {
        header.take(lines);
      }
      boolean mayBeSeparator = lines.isEmpty() && lines.endsWithCrLf() == own.crLf();
      if (mayBeSeparator && lines.offset() >= told) {
        held = true;
      } else {
        write();
      }
      if (inHeader && lines.isEmpty()) {
        inHeader = false;
        told = told();
        if (told != UNKNOWN && held) {
          writeLineBreak();
          held = false;
        }
      }
    }

    private void writeLineBreak() throws IOException {
      byte[] lineBreak = own.crLf() ? new byte[] {'\r', '\n'} : new byte[] {'\n'};
      spool.write(lineBreak, 0, lineBreak.length);
    }

    /// Writes the piece, as far as the message goes by its Content-Length.
    private void write() throws IOException {
      int length = lines.length();
      if (lines.offset() < told) {
        length = (int) Math.min(length, told - lines.offset());
      }
      spool.write(lines.buffer(), lines.start(), length);
    }

    /// Where the body ends as the header tells, if a message may end there.
    private long told() throws IOException {
      long length = contentLength ? header.contentLength() : -1;
      long end = lines.offset() + lines.length() + length;
      return length >= 0 && input.mayEndAt(end) ? end : UNKNOWN;
    }

    private Message message() throws IOException {
      if (spool.tooLarge()) {
        return new Message("mbox", begin, own.date(), header, null);
      }
      Octets octets = spool.octets();
      if (!quoting.applies(evidence)) {
        return new Message("mbox", begin, own.date(), header, octets);
      }
      unquoted.begin();
      quoting.undo(octets, unquoted);
      return new Message(quoting.format(), begin, own.date(), header, unquoted.octets());
    }
  }
}
