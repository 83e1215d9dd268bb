package org.muniment.server.capture.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.SourceText;

/// Hands over files that are one message each.
final class SingleFiles implements Closeable {

  static final long GONE = -1;

  private final FileReceiver receiver;
  private final MessageSpool spool;

  SingleFiles(FileReceiver receiver, Path temporary) {
    this.receiver = receiver;
    this.spool = new MessageSpool(temporary);
  }

  /// What to make of a file.
  ///
  /// @param date INTERNALDATE; null when the header is to tell, and then `modified`
  /// @param modified when the file was written last
  record Filed(
      FileMessage.Mailbox mailbox,
      String format,
      FilePlace place,
      @Nullable Instant date,
      Instant modified,
      Set<SourceText> flags) {}

  /// Hands over a file, or tells why it cannot be read.
  ///
  /// @return octets of it, [#GONE] when it is not there any longer
  long file(Filed filed, Path file) throws IOException {
    InputStream in;
    try {
      in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return GONE;
    } catch (IOException e) {
      receiver.failed(filed.place(), Faults.reason(e));
      return 0;
    }
    try (in) {
      return stream(filed, in);
    }
  }

  /// Hands over what a stream has up to its end, or tells why it cannot be read.
  ///
  /// @return octets of it
  long stream(Filed filed, InputStream in) throws IOException {
    spool.begin();
    try {
      spool.copy(in);
    } catch (TemporaryFileException e) {
      throw e;
    } catch (IOException e) {
      receiver.failed(filed.place(), Faults.reason(e));
      return spool.length();
    }
    if (spool.tooLarge()) {
      receiver.failed(filed.place(), Faults.tooLarge());
    } else {
      receiver.message(message(filed, spool.octets()));
    }
    return spool.length();
  }

  private static FileMessage message(Filed filed, Octets octets) throws IOException {
    Instant date = filed.date() == null ? TopHeader.of(octets).date() : filed.date();
    return new FileMessage(
        filed.mailbox(),
        filed.format(),
        filed.place(),
        date == null ? filed.modified() : date,
        filed.flags(),
        octets,
        false);
  }

  @Override
  public void close() throws IOException {
    spool.close();
  }
}
