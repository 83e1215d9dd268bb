package org.muniment.indexer.extract.child;

import java.util.Set;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.UnsupportedFormatException;
import org.apache.tika.exception.ZeroByteFileException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.extract.ExtractionStatus;

/// What the exceptions of parsers mean.
final class Failures {

  /// Thrown past Tika, by the libraries below it.
  private static final Set<String> ENCRYPTED =
      Set.of(
          "org.apache.poi.EncryptedDocumentException",
          "org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException",
          "org.apache.commons.compress.PasswordRequiredException");

  /// In the message of what is thrown for an entry of a zip.
  private static final String ENCRYPTED_ENTRY = "nsupported feature encryption";

  private static final String BOMB = "Zip bomb detected!";
  private static final int MAX_CAUSES = 20;

  private Failures() {}

  /// Whether the text grew beyond reason, by Tika's measure.
  static boolean isBomb(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (BOMB.equals(cause.getMessage())) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  static ExtractionStatus status(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (isEncryption(cause)) {
        return ExtractionStatus.ENCRYPTED;
      }
      if (cause instanceof UnsupportedFormatException) {
        return ExtractionStatus.UNSUPPORTED;
      }
      if (cause instanceof ZeroByteFileException) {
        return ExtractionStatus.EMPTY;
      }
      cause = cause.getCause();
    }
    return ExtractionStatus.FAILED;
  }

  /// Whether a document is a signature apart from what it signs (RFC 8551 section 3.5.3), which has
  /// no text, whatever its parser makes of it.
  static boolean isSignature(Metadata metadata) {
    String type = metadata.get(Metadata.CONTENT_TYPE);
    return type != null && type.startsWith("application/pkcs7-signature");
  }

  private static boolean isEncryption(Throwable cause) {
    String message = cause.getMessage();
    return cause instanceof EncryptedDocumentException
        || ENCRYPTED.contains(cause.getClass().getName())
        || (message != null && message.contains(ENCRYPTED_ENTRY));
  }

  /// Tells of the documents inside that a parser passed over, and wrote down with its own document.
  static void tellPassedOver(Metadata metadata, Output output) {
    for (String trace :
        metadata.getValues(TikaCoreProperties.TIKA_META_EXCEPTION_EMBEDDED_STREAM)) {
      boolean encrypted =
          trace.contains(EncryptedDocumentException.class.getSimpleName())
              || trace.contains(ENCRYPTED_ENTRY);
      output.failed(
          encrypted ? ExtractionStatus.ENCRYPTED : ExtractionStatus.FAILED,
          trace.lines().findFirst().orElse(""));
    }
  }

  /// In one line, for people.
  static String words(Throwable failure) {
    Throwable first = failure;
    for (int i = 0; first.getCause() != null && i < MAX_CAUSES; i++) {
      first = first.getCause();
    }
    return first.getClass().getSimpleName()
        + (first.getMessage() == null ? "" : ": " + first.getMessage().replace('\n', ' '));
  }
}
