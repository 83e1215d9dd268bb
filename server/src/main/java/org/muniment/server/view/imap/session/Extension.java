package org.muniment.server.view.imap.session;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What a client switches on by ENABLE (RFC 5161), since it changes what the server sends.
public enum Extension {
  /// RFC 9051.
  IMAP4REV2("IMAP4rev2"),
  /// RFC 6855.
  UTF8_ACCEPT("UTF8=ACCEPT"),
  /// Flags that change are told with their MODSEQ (RFC 7162 section 3.1).
  CONDSTORE("CONDSTORE"),
  /// Messages that leave are told by UID (RFC 7162 section 3.2).
  QRESYNC("QRESYNC");

  private final String capability;

  Extension(String capability) {
    this.capability = capability;
  }

  /// Its name among the capabilities.
  public String capability() {
    return capability;
  }

  /// The extension of that name, in any case of letters.
  public static Optional<Extension> of(String capability) {
    return Arrays.stream(values())
        .filter(extension -> extension.capability.equalsIgnoreCase(capability))
        .findFirst();
  }

  /// Whether names of mailboxes are in UTF-8 with it, and quoted strings may be.
  boolean hasUtf8() {
    return switch (this) {
      case IMAP4REV2, UTF8_ACCEPT -> true;
      case CONDSTORE, QRESYNC -> false;
    };
  }

  /// This one, and what is switched on with it.
  Set<Extension> withImplied() {
    return switch (this) {
      case IMAP4REV2, UTF8_ACCEPT, CONDSTORE -> EnumSet.of(this);
      // RFC 7162 section 3.2.3
      case QRESYNC -> EnumSet.of(CONDSTORE, QRESYNC);
    };
  }
}
