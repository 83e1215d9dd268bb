package org.muniment.indexer.extract;

import java.io.IOException;
import java.nio.file.Path;

/// Reads documents.
public interface Extractor extends AutoCloseable {

  /// Most characters of text of one document; what has more is [ExtractionStatus#PARTIAL].
  int MAX_CHARS = 8 << 20;

  /// Most octets of a document; what has more is not read, and [ExtractionStatus#PARTIAL].
  long MAX_OCTETS = 256L << 20;

  /// Changes whenever this may find more, or less, in a document than before.
  String version();

  /// Reads a document. What is wrong with it becomes its status.
  ///
  /// @param name as the sender wrote it, `""` when it has none; a hint
  /// @param type media type as the sender wrote it; a hint
  /// @throws ExtractorClosedException when this is closed, also meanwhile
  /// @throws IOException when nothing can be read at present, whatever the document
  Extraction extract(Path document, String name, String type) throws IOException;

  /// Gives back what is not needed while there is nothing to read.
  void rest();

  /// Ends what is being read.
  @Override
  void close();
}
