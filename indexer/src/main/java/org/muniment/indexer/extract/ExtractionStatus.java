package org.muniment.indexer.extract;

import java.util.Locale;

/// How the reading of a document went.
public enum ExtractionStatus {
  /// All of it was read.
  OK,
  /// There is more than the limits allow: of text, of depth, of documents inside, of octets.
  PARTIAL,
  /// It, or a document inside it, cannot be read without a password or a key.
  ENCRYPTED,
  /// It took too long; what was read until then is there.
  TIMEOUT,
  /// Whoever reads it dies of it; what was read until then is there.
  CRASHED,
  /// Reading it takes more memory than is allowed; what was read until then is there.
  MEMORY,
  /// Nothing here reads documents of its type.
  UNSUPPORTED,
  /// There is no text in it.
  EMPTY,
  /// It, or a document inside it, is broken; what was read until then is there.
  FAILED,
  /// Not read: the documents before it in its message have taken all the time of one message.
  SKIPPED;

  /// As one searches for it.
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether another extractor may do better.
  public boolean worthAnotherTry() {
    return this != OK;
  }
}
