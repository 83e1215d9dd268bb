package org.muniment.server.export;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A file for each mailbox in the form mboxrd: before each message a From_ line with the time that
/// it came in, lines of it quoted, after it an empty line. No line end is changed: From_ line and
/// empty line have the one that the message begins with.
final class MboxTree implements Tree {

  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss yyyy", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int PEEK = 8 << 10;
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private @Nullable FileChannel current;
  private String path = "";
  private @Nullable Line last;

  MboxTree(Path folder) {
    this.folder = folder;
  }

  @Override
  public void goOn(@Nullable Line there) {
    last = there;
  }

  /// Begins the file of a mailbox, or goes on behind the last message that is known.
  @Override
  public void begin(String mailbox) throws IOException {
    close();
    path = mailbox + ".mbox";
    Path file = folder.resolve(path);
    OwnFiles.createFolders(folder.resolve(mailbox.substring(0, mailbox.lastIndexOf('/'))));
    FileChannel opened = OwnFiles.open(file);
    current = opened;
    Line.Span span = last == null ? null : last.span();
    long end = span != null && span.path().equals(path) ? span.end() : 0;
    last = null;
    opened.truncate(end).position(end);
  }

  @Override
  public Line.Span put(Item item, InputStream octets) throws IOException {
    FileChannel channel = channel();
    long at = channel.position();
    try {
      BufferedInputStream in = new BufferedInputStream(octets, BUFFER);
      boolean crlf = beginsWithCrlf(in);
      String end = crlf ? "\r\n" : "\n";
      // Kept open: it is closed with the mailbox.
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
      out.write(ascii("From MAILER-DAEMON " + ASCTIME.format(item.then().internalDate()) + end));
      Quoting quoting = new Quoting(out, false);
      in.transferTo(quoting);
      quoting.finish();
      out.write(ascii(quoting.atLineStart() ? end : end + end));
      out.flush();
      return new Line.Span(path, at, channel.position() - at, 0);
    } catch (IOException e) {
      channel.truncate(at).position(at);
      throw e;
    }
  }

  private FileChannel channel() {
    if (current == null) {
      throw new IllegalStateException("no mailbox was begun");
    }
    return current;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean beginsWithCrlf(BufferedInputStream in) throws IOException {
    in.mark(PEEK);
    byte[] beginning = in.readNBytes(PEEK);
    in.reset();
    for (int i = 0; i < beginning.length; i++) {
      if (beginning[i] == '\n') {
        return i > 0 && beginning[i - 1] == '\r';
      }
    }
    return false;
  }

  /// Undoes the quoting.
  @Override
  public InputStream open(Line.Span span, long octets) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(span.path()), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    channel.position(span.at());
    InputStream in = new BufferedInputStream(Channels.newInputStream(channel), BUFFER);
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        in.close();
        throw new EOFException(span.path());
      }
    }
    return new Unquoted(in, octets);
  }

  @Override
  public void end(List<Path> files, Lines lines) throws IOException {
    close();
    FileTree.move(files, folder);
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.force(true);
      current.close();
      current = null;
    }
  }

  /// So many octets of a message, as they were before they were quoted.
  private static final class Unquoted extends InputStream {
    private final InputStream in;
    private final Gathered gathered = new Gathered();
    private final Quoting quoting = new Quoting(gathered, true);
    private long left;

    Unquoted(InputStream in, long octets) {
      this.in = in;
      this.left = octets;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      while (gathered.isEmpty()) {
        int octet = in.read();
        if (octet < 0) {
          quoting.finish();
          if (gathered.isEmpty()) {
            return -1;
          }
        } else {
          quoting.write(octet);
        }
      }
      left--;
      return gathered.take();
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
      int count = 0;
      while (count < length) {
        int octet = read();
        if (octet < 0) {
          break;
        }
        octets[offset + count++] = (byte) octet;
      }
      return count == 0 && length > 0 ? -1 : count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /// The few octets that one octet may let go.
  private static final class Gathered extends FilterOutputStream {
    private final byte[] octets = new byte[16];
    private int from;
    private int to;

    Gathered() {
      super(OutputStream.nullOutputStream());
    }

    boolean isEmpty() {
      return from == to;
    }

    int take() {
      int octet = octets[from++] & 0xFF;
      if (from == to) {
        from = 0;
        to = 0;
      }
      return octet;
    }

    @Override
    public void write(int octet) {
      octets[to++] = (byte) octet;
    }
  }
}
