package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.extract.ChildSettings;
import org.muniment.indexer.extract.Tesseract;

/// What the process that reads attachments may take.
///
/// @param heap octets
/// @param timeout of one document
/// @param ocr whether text is looked for in pictures
public record AttachmentsConfig(long heap, java.time.Duration timeout, boolean ocr) {

  private static final long LEAST_HEAP = 64L << 20;
  private static final java.time.Duration LEAST_TIME = java.time.Duration.ofSeconds(1);
  private static final java.time.Duration MOST_TIME = java.time.Duration.ofHours(1);

  /// Of a file that says nothing.
  public static final AttachmentsConfig DEFAULT =
      new AttachmentsConfig(
          ChildSettings.DEFAULT.heap(),
          ChildSettings.DEFAULT.timeout(),
          ChildSettings.DEFAULT.ocr());

  /// @throws BadValueException when a value is not allowed, or tesseract is missing
  public AttachmentsConfig {
    if (heap < LEAST_HEAP) {
      throw new BadValueException("heap", "must be 64MiB or more");
    }
    if (timeout.compareTo(LEAST_TIME) < 0 || timeout.compareTo(MOST_TIME) > 0) {
      throw new BadValueException("timeout", "must be 1s to 1h");
    }
    if (ocr && !Tesseract.isInstalled()) {
      throw new BadValueException(
          "ocr",
          "is true, and there is no program tesseract in "
              + Tesseract.folders()
              + ": install it (Debian: tesseract-ocr), or take the key away");
    }
  }

  @JsonCreator
  static AttachmentsConfig of(
      @JsonProperty("heap") @Nullable String heap,
      @JsonProperty("timeout") @Nullable String timeout,
      @JsonProperty("ocr") @Nullable Boolean ocr) {
    return new AttachmentsConfig(
        heap == null ? DEFAULT.heap : octets(heap),
        timeout == null ? DEFAULT.timeout : duration(timeout),
        ocr == null ? DEFAULT.ocr : ocr);
  }

  private static long octets(String size) {
    try {
      return DataSize.parse(size).toBytes();
    } catch (IllegalArgumentException e) {
      throw new BadValueException("heap", "\"" + size + "\" is no size: one is written 256MiB");
    }
  }

  private static java.time.Duration duration(String time) {
    try {
      return Duration.parse(time).toJavaDuration();
    } catch (IllegalArgumentException e) {
      throw new BadValueException("timeout", "\"" + time + "\" is no time: one is written 60s");
    }
  }

  /// The same for the extractor.
  public ChildSettings settings() {
    return new ChildSettings(heap, timeout, ocr);
  }
}
