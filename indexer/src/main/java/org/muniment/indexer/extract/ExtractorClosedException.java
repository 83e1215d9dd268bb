package org.muniment.indexer.extract;

import java.io.IOException;

/// The extractor was closed: it says nothing of the document.
public final class ExtractorClosedException extends IOException {

  private static final long serialVersionUID = 1;

  ExtractorClosedException() {
    super("the extractor is closed");
  }
}
