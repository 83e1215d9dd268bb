package org.muniment.server.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.SourceText;

/// A file for each message, with the time that the message came in: EML or Maildir++.
final class FileTree implements Tree {

  /// Letters of flags in the name of a file of a Maildir. Never `T`: whoever opens the Maildir
  /// might delete what has it.
  private static final Map<String, String> LETTERS =
      Map.of(
          "\\draft", "D",
          "\\flagged", "F",
          "$forwarded", "P",
          "\\answered", "R",
          "\\seen", "S");

  private static final int KEYWORDS = 26;

  private final Path folder;
  private final boolean maildir;
  private final List<String> keywords = new ArrayList<>();
  private String keywordsOf = "";

  /// @param maildir whether it is a Maildir; else EML
  FileTree(Path folder, boolean maildir) {
    this.folder = folder;
    this.maildir = maildir;
  }

  @Override
  public void goOn(@Nullable Line last) {
    // Files without a line are written over.
  }

  @Override
  public void begin(String mailbox) throws IOException {
    Path own = folder.resolve(mailbox);
    if (!maildir) {
      OwnFiles.createFolders(own);
      return;
    }
    makeMaildir(own);
    if (own.getFileName().toString().startsWith(".")) {
      OwnFiles.write(own.resolve("maildirfolder"), new byte[0]);
      makeMaildir(own.resolveSibling("."));
    }
  }

  private static void makeMaildir(Path own) throws IOException {
    for (String part : List.of("cur", "new", "tmp")) {
      OwnFiles.createFolders(own.resolve(part).normalize());
    }
  }

  @Override
  public Line.Span put(Item item, InputStream octets) throws IOException {
    String path = item.folder() + "/" + (maildir ? maildirName(item) : emlName(item));
    Path file = folder.resolve(path);
    long length;
    try (OutputStream out = OwnFiles.create(file)) {
      length = octets.transferTo(out);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    Files.setLastModifiedTime(file, FileTime.from(item.then().internalDate()));
    return new Line.Span(path, 0, length, 0);
  }

  /// `0000000042-9f86d081884c.eml`: the UID and the beginning of the SHA-256.
  static String emlName(Item item) {
    return "%010d-%s.eml"
        .formatted(item.then().uid().value(), item.then().content().toString().substring(0, 12));
  }

  /// `cur/SECONDS.MUID.muniment,S=OCTETS:2,FLAGS`
  private String maildirName(Item item) throws IOException {
    List<String> letters = new ArrayList<>();
    for (String flag : item.then().flags().stream().map(SourceText::display).sorted().toList()) {
      letter(item.folder(), flag).ifPresent(letters::add);
    }
    return "cur/%d.M%d.muniment,S=%d:2,%s"
        .formatted(
            item.then().internalDate().getEpochSecond(),
            item.then().uid().value(),
            item.then().length(),
            letters.stream().sorted().collect(Collectors.joining()));
  }

  private Optional<String> letter(String mailbox, String flag) throws IOException {
    String known = LETTERS.get(flag.toLowerCase(Locale.ROOT));
    if (known != null || flag.startsWith("\\")) {
      return Optional.ofNullable(known);
    }
    int number = keyword(mailbox, flag);
    return number < 0 ? Optional.empty() : Optional.of(String.valueOf((char) ('a' + number)));
  }

  /// The number of a keyword in `dovecot-keywords`; -1 where there is no room for it.
  private int keyword(String mailbox, String keyword) throws IOException {
    Path file = folder.resolve(mailbox).resolve("dovecot-keywords");
    if (!keywordsOf.equals(mailbox)) {
      keywords.clear();
      if (Files.exists(file)) {
        Files.readAllLines(file).forEach(line -> keywords.add(line.replaceFirst("^[0-9]+ ", "")));
      }
      keywordsOf = mailbox;
    }
    int known = keywords.indexOf(keyword);
    boolean written = keyword.chars().allMatch(c -> c > ' ' && c < 0x7F);
    if (known >= 0 || keywords.size() == KEYWORDS || !written) {
      return known;
    }
    keywords.add(keyword);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < keywords.size(); i++) {
      lines.append(i).append(' ').append(keywords.get(i)).append('\n');
    }
    OwnFiles.write(file, lines.toString().getBytes(StandardCharsets.US_ASCII));
    return keywords.size() - 1;
  }

  @Override
  public InputStream open(Line.Span span, long octets) throws IOException {
    Path file = folder.resolve(span.path());
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(span.path());
    }
    return Files.newInputStream(file);
  }

  @Override
  public void end(List<Path> files, Lines lines) throws IOException {
    move(files, folder);
  }

  static void move(List<Path> files, Path folder) throws IOException {
    for (Path file : files) {
      Files.move(
          file,
          folder.resolve(file.getFileName().toString()),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public void close() {
    // nothing is kept open
  }
}
