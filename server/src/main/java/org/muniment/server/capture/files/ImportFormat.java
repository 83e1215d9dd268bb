package org.muniment.server.capture.files;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A format of files that can be imported.
public enum ImportFormat {
  /// mbox, quoting and Content-Length as each message shows them.
  MBOX,
  /// mbox in which every line of `>*From ` was quoted with one `>` more.
  MBOXRD,
  /// mbox in which `From ` alone was quoted.
  MBOXO,
  /// mbox with Content-Length, quoted as [#MBOXO].
  MBOXCL,
  /// mbox with Content-Length, not quoted.
  MBOXCL2,
  MAILDIR,
  EML,
  /// A zip archive of the above.
  ZIP,
  /// A tar archive of the above, compressed with gzip or not.
  TAR,
  /// A folder file of Outlook.
  PST;

  /// As it is typed.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The format of that word.
  public static Optional<ImportFormat> of(String word) {
    return Arrays.stream(values()).filter(format -> format.word().equals(word)).findFirst();
  }

  /// All of them.
  public static List<String> words() {
    return Arrays.stream(values()).map(ImportFormat::word).toList();
  }
}
