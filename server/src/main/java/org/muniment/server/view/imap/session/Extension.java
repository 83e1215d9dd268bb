package org.muniment.server.view.imap.session;

import java.util.Optional;

/// What changes how a session speaks, once its client has switched it on (RFC 5161).
public enum Extension {
  /// RFC 9051.
  IMAP4REV2("IMAP4rev2"),
  /// RFC 6855.
  UTF8_ACCEPT("UTF8=ACCEPT");

  private final String word;

  Extension(String word) {
    this.word = word;
  }

  /// Its name as a capability.
  public String word() {
    return word;
  }

  /// Whether names of mailboxes are in UTF-8 with it, and quoted strings may be.
  boolean hasUtf8() {
    return switch (this) {
      case IMAP4REV2, UTF8_ACCEPT -> true;
    };
  }

  /// The one of that name, in any case of letters.
  public static Optional<Extension> of(String word) {
    for (Extension extension : values()) {
      if (extension.word.equalsIgnoreCase(word)) {
        return Optional.of(extension);
      }
    }
    return Optional.empty();
  }
}
