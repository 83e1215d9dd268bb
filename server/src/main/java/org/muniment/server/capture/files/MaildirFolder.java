package org.muniment.server.capture.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.SourceText;

/// Reads the messages of one Maildir while others may be using it: `new` first, then `cur`, to
/// which mail programs move what they have seen. A message that was moved or whose flags changed
/// after its folder was listed is looked for again by the unique part of its name.
final class MaildirFolder {

  /// File of Dovecot that says what the letters from `a` on stand for.
  private static final String KEYWORDS = "dovecot-keywords";

  private static final int MAX_KEYWORDS_FILE = 1 << 16;

  private static final int LETTERS = 26;

  private static final Times UNREADABLE = new Times(false, Instant.MIN, Instant.MIN);

  /// Names that are in memory at once.
  private static final int PART = 100_000;

  /// How often what was moved is looked for.
  private static final int SEARCHES = 3;

  private final Path folder;
  private final List<SourceText> levels;
  private final FileMessage.Mailbox mailbox;
  private final SingleFiles files;
  private final FileReceiver receiver;
  private final List<@Nullable String> keywords;
  private final Instant began = Instant.now().minusSeconds(2);

  /// Unique names of what was read in `new`, so that it is not read again in `cur`; and of what was
  /// read in the last part of `cur`.
  private final Set<String> read = new HashSet<>();

  /// What was listed and was not there any longer, by its unique name.
  private final Map<String, FilePlace> moved = new HashMap<>();

  private long octets;

  /// @param octets octets read before
  MaildirFolder(
      Path folder,
      List<SourceText> levels,
      FileMessage.Mailbox mailbox,
      SingleFiles files,
      FileReceiver receiver,
      long octets)
      throws IOException {
    this.folder = folder;
    this.levels = levels;
    this.mailbox = mailbox;
    this.files = files;
    this.receiver = receiver;
    this.octets = octets;
    this.keywords = keywords(folder.resolve(KEYWORDS));
  }

  /// Hands over all messages.
  ///
  /// @return octets read until now
  long read() throws IOException {
    list(Maildirs.NEW, this::take);
    list(Maildirs.CUR, this::take);
    for (int i = 0; i < SEARCHES && !moved.isEmpty(); i++) {
      list(Maildirs.NEW, this::takeMoved);
      list(Maildirs.CUR, this::takeMoved);
    }
    for (FilePlace gone : moved.values()) {
      receiver.vanished(gone);
    }
    return octets;
  }

  private interface Step {
    void take(Path file, FilePlace place, MaildirName name) throws IOException;
  }

  private void list(String part, Step step) throws IOException {
    if (Files.notExists(folder.resolve(part), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<SourceText> below = FileNames.below(levels, SourceText.of(part));
    try {
      SortedFolder.read(
          folder.resolve(part),
          PART,
          sorted -> {
            for (Path file : sorted) {
              SourceText name = FileNames.of(file);
              if (!name.octets().startsWith(".")) {
                step.take(
                    file,
                    FileNames.place(FileNames.below(below, name)),
                    MaildirName.of(name.octets()));
              }
            }
          });
    } catch (SortedFolder.UnreadableFolderException e) {
      receiver.failed(FileNames.place(below), String.valueOf(e.getMessage()));
    }
  }

  private void take(Path file, FilePlace place, MaildirName name) throws IOException {
    if (read.contains(name.unique())) {
      return;
    }
    @Nullable Times times = times(file, place);
    if (times == null) {
      moved(place, name);
    } else if (times.equals(UNREADABLE)) {
      return;
    } else if (!times.file()) {
      receiver.skipped(place);
    } else if (read.size() >= PART && !times.changed().isBefore(began)) {
      receiver.failed(place, "was moved while its folder was read: import again");
    } else {
      deliver(file, place, name, times);
    }
  }

  private void takeMoved(Path file, FilePlace place, MaildirName name) throws IOException {
    if (moved.remove(name.unique()) != null) {
      take(file, place, name);
    }
  }

  private void moved(FilePlace place, MaildirName name) throws IOException {
    if (moved.size() < PART) {
      moved.put(name.unique(), place);
    } else {
      receiver.vanished(place);
    }
  }

  private void deliver(Path file, FilePlace place, MaildirName name, Times times)
      throws IOException {
    long length =
        files.file(
            new SingleFiles.Filed(
                mailbox,
                "maildir",
                place,
                times.modified(),
                times.modified(),
                name.flags(keywords)),
            file);
    if (length == SingleFiles.GONE) {
      moved(place, name);
    } else {
      octets += length;
      if (read.size() < PART) {
        read.add(name.unique());
      }
    }
    receiver.at(octets);
  }

  /// @param changed when its name changed last, among others
  private record Times(boolean file, Instant modified, Instant changed) {}

  /// Null when it is gone, [#UNREADABLE] when that was told.
  private @Nullable Times times(Path file, FilePlace place) throws IOException {
    try {
      Map<String, Object> attributes =
          Files.readAttributes(
              file, "unix:isRegularFile,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
      return new Times(
          Boolean.TRUE.equals(attributes.get("isRegularFile")),
          instant(attributes.get("lastModifiedTime")),
          instant(attributes.get("ctime")));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      receiver.failed(place, Faults.reason(e));
      return UNREADABLE;
    }
  }

  private static Instant instant(@Nullable Object time) {
    return time instanceof FileTime moment ? moment.toInstant() : Instant.EPOCH;
  }

  // line = number SP keyword
  private List<@Nullable String> keywords(Path file) throws IOException {
    List<@Nullable String> names = new ArrayList<>();
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return names;
    }
    String text;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      text = new String(in.readNBytes(MAX_KEYWORDS_FILE), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      receiver.failed(
          FileNames.place(FileNames.below(levels, SourceText.of(KEYWORDS))), Faults.reason(e));
      return names;
    }
    for (int i = 0; i < LETTERS; i++) {
      names.add(keyword(text, i));
    }
    return names;
  }

  private static @Nullable String keyword(String text, int number) {
    String begin = number + " ";
    return text.lines()
        .filter(line -> line.startsWith(begin))
        .map(line -> line.substring(begin.length()).strip())
        .filter(Keywords::isKeyword)
        .findFirst()
        .orElse(null);
  }
}
