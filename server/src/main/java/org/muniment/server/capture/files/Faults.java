package org.muniment.server.capture.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/// What went wrong with a file, in words for people.
final class Faults {

  private Faults() {}

  /// Why it could not be read.
  static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied";
      case NoSuchFileException gone -> "is not there any longer";
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }

  /// Why a message that is too large is not taken.
  static String tooLarge() {
    return "is larger than %,d octets".formatted(MessageSpool.MAX_MESSAGE);
  }
}
