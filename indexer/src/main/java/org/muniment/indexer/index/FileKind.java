package org.muniment.indexer.index;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.muniment.indexer.mail.Part;

/// What a person calls the file in a part, told by its media type and, where that says nothing, by
/// the ending of its name.
enum FileKind {
  PDF("pdf", "pdf"),
  DOCUMENT(
      "msword vnd.openxmlformats-officedocument.wordprocessingml.document "
          + "vnd.oasis.opendocument.text rtf vnd.apple.pages",
      "doc docx docm dot dotx odt rtf pages"),
  SPREADSHEET(
      "vnd.ms-excel vnd.openxmlformats-officedocument.spreadsheetml.sheet "
          + "vnd.oasis.opendocument.spreadsheet csv vnd.apple.numbers",
      "xls xlsx xlsm xlsb ods csv numbers"),
  PRESENTATION(
      "vnd.ms-powerpoint "
          + "vnd.openxmlformats-officedocument.presentationml.presentation "
          + "vnd.oasis.opendocument.presentation vnd.apple.keynote",
      "ppt pptx pptm pps ppsx odp key"),
  IMAGE("", "png jpg jpeg gif tif tiff bmp webp heic svg"),
  AUDIO("", "mp3 wav ogg m4a flac amr"),
  VIDEO("", "mp4 mov avi mkv webm wmv"),
  /// Files packed into one.
  ARCHIVE(
      "zip x-zip-compressed gzip x-gzip x-tar x-7z-compressed "
          + "x-rar-compressed vnd.rar x-bzip2 zstd",
      "zip gz tgz tar 7z rar bz2 xz zst"),
  CALENDAR("calendar ics", "ics vcs"),
  CONTACT("vcard x-vcard directory", "vcf"),
  /// A mail.
  MESSAGE("vnd.ms-outlook", "eml msg"),
  /// A signature over the message.
  SIGNATURE("pkcs7-signature x-pkcs7-signature pgp-signature", "p7s asc sig"),
  OTHER("", "");

  private static final int MAX_EXTENSION = 10;

  private static final Map<String, FileKind> BY_SUBTYPE = by(kind -> kind.subtypes);
  private static final Map<String, FileKind> BY_EXTENSION = by(kind -> kind.extensions);

  private final String subtypes;
  private final String extensions;

  /// @param subtypes of media types, separated by spaces
  /// @param extensions of names, separated by spaces
  FileKind(String subtypes, String extensions) {
    this.subtypes = subtypes;
    this.extensions = extensions;
  }

  private static Map<String, FileKind> by(Function<FileKind, String> names) {
    Map<String, FileKind> by = new HashMap<>();
    for (FileKind kind : values()) {
      for (String name : names.apply(kind).split(" ", -1)) {
        by.putIfAbsent(name, kind);
      }
    }
    by.remove("");
    return Map.copyOf(by);
  }

  /// Its name, in lower case.
  String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Empty for a part that is no file: a multipart, or text of the message itself.
  static Optional<FileKind> of(Part part) {
    if (part.isMultipart()) {
      return Optional.empty();
    }
    FileKind kind = byType(part);
    boolean plain = kind == OTHER && part.type().equals("text") && part.filename().isEmpty();
    return plain ? Optional.empty() : Optional.of(kind);
  }

  private static FileKind byType(Part part) {
    return switch (part.type()) {
      case "image" -> IMAGE;
      case "audio" -> AUDIO;
      case "video" -> VIDEO;
      case "message" -> MESSAGE;
      default -> bySubtype(part);
    };
  }

  private static FileKind bySubtype(Part part) {
    FileKind byExtension = BY_EXTENSION.getOrDefault(extension(part).orElse(""), OTHER);
    return BY_SUBTYPE.getOrDefault(part.subtype(), byExtension);
  }

  /// What stands behind the last dot of the name of a part, in lower case, where it looks like an
  /// ending.
  static Optional<String> extension(Part part) {
    return part.filename()
        .map(name -> name.substring(name.lastIndexOf('.') + 1).strip().toLowerCase(Locale.ROOT))
        .filter(
            extension ->
                !extension.isEmpty()
                    && extension.length() <= MAX_EXTENSION
                    && extension.chars().allMatch(Character::isLetterOrDigit)
                    && part.filename().orElse("").contains("."));
  }
}
