package org.muniment.server.capture.files;

import com.pff.PSTException;
import com.pff.PSTFile;
import com.pff.PSTFolder;
import com.pff.PSTMessage;
import com.pff.PSTObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.SourceText;

/// A folder file of Outlook, read by java-libpst. What the library makes of a damaged file ends
/// with the folder or the message at which it happens. Folders are mailboxes by their names below
/// the top of the file; what is no mail is skipped: contacts, appointments, tasks, notes.
final class PstFiles implements MailFiles {

  /// Folders of one file; a damaged one may have a loop.
  private static final int MAX_FOLDERS = 100_000;

  /// Failures after another from which on the rest of a folder is given up.
  private static final int MAX_FAILURES = 100;

  /// `Outlook 2013`, whose blocks are compressed: the library gives wrong octets.
  private static final int COMPRESSED_BLOCKS = PSTFile.PST_TYPE_2013_UNICODE;

  private static final List<String> MAIL =
      List.of("ipm.note", "report.", "ipm.schedule.", "ipm.post", "ipm.recall.");

  private static final String NAMELESS = "(no name)";

  private static final String FEED = "ipm.post.rss";

  private final Path path;
  private final Path temporary;

  PstFiles(Path path, Path temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  @Override
  public long octets() {
    return 0;
  }

  @Override
  public void read(FileReceiver receiver) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + " is no file");
    }
    PSTFile file = asked(() -> new PSTFile(path.toFile()));
    try (MessageSpool spool = new MessageSpool(temporary);
        MessageSpool attachment = new MessageSpool(temporary)) {
      if (file.getPSTFileType() == COMPRESSED_BLOCKS) {
        throw new IOException(
            path
                + " is an OST file of Outlook 2013 or newer, which cannot be read: export a PST file"
                + " from Outlook");
      }
      new Walk(file, receiver, spool, attachment).read();
    } finally {
      file.close();
    }
  }

  /// What the library answers.
  ///
  /// @throws IOException for whatever it throws
  private <T> T asked(Question<T> question) throws IOException {
    try {
      return question.answer();
    } catch (PSTException | IOException | RuntimeException | StackOverflowError e) {
      throw new IOException(path + " is no PST file that can be read: " + e.getMessage(), e);
    }
  }

  private interface Question<T> {
    T answer() throws PSTException, IOException;
  }

  private final class Walk {
    private final PSTFile file;
    private final FileReceiver receiver;
    private final MessageSpool spool;
    private final MessageSpool attachment;
    private final SourceText name = FileNames.of(path);
    private final Set<Long> seen = new HashSet<>();
    private long octets;

    Walk(PSTFile file, FileReceiver receiver, MessageSpool spool, MessageSpool attachment) {
      this.file = file;
      this.receiver = receiver;
      this.spool = spool;
      this.attachment = attachment;
    }

    void read() throws IOException {
      PSTFolder root = asked(file::getRootFolder);
      for (PSTFolder top : asked(root::getSubFolders)) {
        folder(top, List.of());
      }
    }

    /// @param levels names down to the folder, without the top of the file
    private void folder(PSTFolder folder, List<SourceText> levels) throws IOException {
      FilePlace place = place(levels, "");
      if (folder.getNodeType() == PSTObject.NID_TYPE_SEARCH_FOLDER) {
        return;
      }
      if (!seen.add(folder.getDescriptorNodeId()) || seen.size() > MAX_FOLDERS) {
        receiver.failed(place, "is met again, or one folder too many: the file is damaged");
        return;
      }
      messages(folder, levels);
      if (levels.size() >= FolderTree.MAX_DEPTH) {
        receiver.failed(place, "lies more than " + FolderTree.MAX_DEPTH + " folders deep");
        return;
      }
      List<PSTFolder> below;
      try {
        below = asked(folder::getSubFolders);
      } catch (IOException e) {
        receiver.failed(place, Faults.reason(e));
        return;
      }
      for (PSTFolder next : below) {
        folder(next, FileNames.below(levels, level(next.getDisplayName())));
      }
    }

    /// A `/` in a name is none between names: U+2215, DIVISION SLASH, stands for it.
    private static SourceText level(String name) {
      return SourceText.of(name.isEmpty() ? NAMELESS : name.replace('/', '\u2215'));
    }

    private FilePlace place(List<SourceText> levels, String item) {
      List<SourceText> path = FileNames.below(List.of(), name);
      for (SourceText level : levels) {
        path = FileNames.below(path, level);
      }
      return FileNames.place(item.isEmpty() ? path : FileNames.below(path, SourceText.of(item)));
    }

    private void messages(PSTFolder folder, List<SourceText> levels) throws IOException {
      FileMessage.Mailbox mailbox = FileNames.mailbox(levels);
      int count = folder.getContentCount();
      int failures = 0;
      for (int i = 0; i < count; i++) {
        int index = i;
        PSTObject item;
        try {
          item =
              asked(
                  () -> {
                    folder.moveChildCursorTo(index);
                    return folder.getNextChild();
                  });
        } catch (IOException e) {
          receiver.failed(place(levels, "message " + (i + 1) + " of " + count), reason(e));
          if (++failures == MAX_FAILURES) {
            receiver.failed(place(levels, ""), "too many failures: the rest is left out");
            return;
          }
          continue;
        }
        failures = 0;
        if (item != null) {
          item(item, mailbox, place(levels, Long.toString(item.getDescriptorNodeId())));
        }
      }
    }

    private void item(PSTObject item, FileMessage.Mailbox mailbox, FilePlace place)
        throws IOException {
      if (item instanceof PSTMessage message && isMail(message)) {
        message(message, mailbox, place);
      } else {
        receiver.skipped(place);
      }
      receiver.at(octets);
    }

    private void message(PSTMessage message, FileMessage.Mailbox mailbox, FilePlace place)
        throws IOException {
      FileMessage made;
      PstMessage synthesis = new PstMessage(message, spool, attachment);
      try {
        made = synthesis.make(mailbox, place);
      } catch (TemporaryFileException e) {
        throw e;
      } catch (PSTException | IOException | RuntimeException | StackOverflowError e) {
        receiver.failed(place, reason(e));
        return;
      }
      if (made == null) {
        receiver.failed(place, Faults.tooLarge());
        return;
      }
      octets += spool.length();
      receiver.message(made);
      for (String missing : synthesis.missing()) {
        receiver.failed(place, missing);
      }
    }
  }

  private static boolean isMail(PSTMessage message) {
    String kind = message.getMessageClass().toLowerCase(java.util.Locale.ROOT);
    return !kind.startsWith(FEED) && MAIL.stream().anyMatch(kind::startsWith);
  }

  private static String reason(Throwable e) {
    @Nullable Throwable cause = e.getCause();
    Throwable first = cause == null ? e : cause;
    return "cannot be read: "
        + (first.getMessage() == null ? first.toString() : first.getMessage());
  }
}
