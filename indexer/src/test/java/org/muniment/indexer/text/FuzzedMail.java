package org.muniment.indexer.text;

import java.io.IOException;

/// What a fuzzer calls with octets as a message.
public final class FuzzedMail {

  private FuzzedMail() {}

  /// Reads the octets as a message; throws nothing.
  public static void fuzzerTestOneInput(byte[] octets) throws IOException {
    int sections = GarbledMailTest.read(octets);
    if (sections < 1) {
      throw new IllegalStateException("a message without its header");
    }
  }
}
