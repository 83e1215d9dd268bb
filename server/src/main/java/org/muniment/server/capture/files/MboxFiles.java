package org.muniment.server.capture.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.muniment.archive.event.SourceText;

/// One mbox, or a tree of folders with some; each is a mailbox of its own.
final class MboxFiles implements MailFiles {

  /// Ends of the names of folders that only say what is in them.
  private static final List<String> FOLDER_ENDS = List.of(".sbd", ".mbox");

  private static final List<String> FILE_ENDS = List.of(".mbox", ".mbx");

  private final Path path;
  private final boolean contentLength;
  private final Quoting quoting;
  private final Path temporary;
  private final boolean tree;
  private long read;

  MboxFiles(Path path, ImportFormat format, Path temporary) {
    this.path = path;
    this.temporary = temporary;
    this.tree = Files.isDirectory(path);
    this.contentLength =
        switch (format) {
          case MBOX, MBOXCL, MBOXCL2 -> true;
          case MBOXRD, MBOXO, MAILDIR, EML, ZIP, TAR, PST -> false;
        };
    this.quoting =
        switch (format) {
          case MBOX -> Quoting.AS_SEEN;
          case MBOXRD -> Quoting.EVERY_LEVEL;
          case MBOXO, MBOXCL -> Quoting.ONE_LEVEL;
          case MBOXCL2, MAILDIR, EML, ZIP, TAR, PST -> Quoting.NONE;
        };
  }

  @Override
  public long octets() {
    try {
      return tree ? 0 : Files.size(path);
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void read(FileReceiver receiver) throws IOException {
    if (!tree) {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      try {
        file(List.of(FileNames.of(path)), path, attributes, receiver);
      } catch (MboxReader.NotMboxException e) {
        throw new IOException(path + " " + e.getMessage(), e);
      }
      return;
    }
    FolderTree.read(
        path,
        receiver,
        new FolderTree.Visitor() {
          @Override
          public boolean enter(List<SourceText> levels, Path folder) {
            return true;
          }

          @Override
          public void file(List<SourceText> levels, Path file, BasicFileAttributes attributes)
              throws IOException {
            try {
              MboxFiles.this.file(levels, file, attributes, receiver);
            } catch (MboxReader.NotMboxException e) {
              receiver.skipped(FileNames.place(levels));
            }
          }
        });
  }

  private void file(
      List<SourceText> levels, Path file, BasicFileAttributes attributes, FileReceiver receiver)
      throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      receiver.failed(FileNames.place(levels), Faults.reason(e));
      return;
    }
    try (channel;
        InputStream in = Channels.newInputStream(channel);
        MboxReader messages =
            new MboxReader(in, MboxInput.of(channel), contentLength, quoting, temporary)) {
      deliver(
          messages,
          levels,
          attributes.lastModifiedTime().toInstant(),
          receiver,
          offset -> read + offset);
    }
    read += attributes.size();
    receiver.at(read);
  }

  /// Hands over all messages of an mbox.
  ///
  /// @param levels folders down to it, and its name
  /// @param position what to tell of the progress at an octet of it
  /// @throws MboxReader.NotMboxException before anything was handed over
  static void deliver(
      MboxReader messages,
      List<SourceText> levels,
      Instant modified,
      FileReceiver receiver,
      LongUnaryOperator position)
      throws IOException {
    FileMessage.Mailbox mailbox = FileNames.mailbox(levelsOfMailbox(levels));
    SourceText path = FileNames.joined(levels, "/");
    long end = 0;
    while (true) {
      MboxReader.Message message;
      try {
        message = messages.next();
      } catch (MboxReader.NotMboxException | TemporaryFileException e) {
        throw e;
      } catch (IOException e) {
        receiver.failed(new FilePlace(path, end), Faults.reason(e));
        return;
      }
      if (message == null) {
        return;
      }
      end = message.offset();
      receiver.at(position.applyAsLong(end));
      FilePlace place = new FilePlace(path, message.offset());
      if (message.octets() == null) {
        receiver.failed(place, Faults.tooLarge());
      } else {
        receiver.message(
            new FileMessage(
                mailbox,
                message.format(),
                place,
                date(message, modified),
                message.header().flags(),
                message.octets(),
                false));
      }
    }
  }

  private static Instant date(MboxReader.Message message, Instant modified) {
    Instant date = message.date() == null ? message.header().date() : message.date();
    return date == null ? modified : date;
  }

  /// The names that a mailbox is called after: `Sent` for `Sent`, `Sent.mbox` and `Sent.mbox/mbox`,
  /// `Inbox`, `Old` for `Inbox.sbd/Old`.
  static List<SourceText> levelsOfMailbox(List<SourceText> levels) {
    List<SourceText> names = new ArrayList<>();
    for (SourceText folder : levels.subList(0, levels.size() - 1)) {
      names.add(without(folder, FOLDER_ENDS));
    }
    SourceText file = levels.getLast();
    boolean named =
        levels.size() < 2
            || !file.octets().equals("mbox")
            || !FileNames.endsWith(levels.get(levels.size() - 2), ".mbox");
    if (named) {
      names.add(without(file, FILE_ENDS));
    }
    return names;
  }

  private static SourceText without(SourceText name, List<String> ends) {
    SourceText bare = name;
    for (String end : ends) {
      bare = FileNames.without(bare, end);
    }
    return bare;
  }
}
