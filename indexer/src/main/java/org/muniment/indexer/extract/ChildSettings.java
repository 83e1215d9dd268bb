package org.muniment.indexer.extract;

import java.time.Duration;

/// What the process that reads documents may take.
///
/// @param heap octets
/// @param timeout of one document
/// @param ocr whether text is looked for in pictures, by tesseract, which has to be installed
public record ChildSettings(long heap, Duration timeout, boolean ocr) {

  /// Without reading pictures.
  public static final ChildSettings DEFAULT =
      new ChildSettings(256L << 20, Duration.ofSeconds(60), false);

  /// The library, and what of it we do otherwise than before.
  private static final String VERSION = "tika-3.3.1/2";

  /// See [Extractor#version()].
  public String version() {
    return ocr ? VERSION + "+ocr" : VERSION;
  }
}
