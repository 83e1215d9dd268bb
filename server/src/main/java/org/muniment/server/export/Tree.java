package org.muniment.server.export;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.store.CorruptArchiveException;

/// The files of an export in one of its formats, written in order. What was written after the last
/// [Line] that is known is written anew.
interface Tree extends Closeable {

  /// Begins, or goes on, behind a message.
  ///
  /// @param last the last message that is there, null for none
  void goOn(@Nullable Line last) throws IOException;

  /// Makes what stands for a mailbox, whether it has messages or not.
  void begin(String folder) throws IOException;

  /// Writes a message. When it cannot be read there is nothing of it.
  ///
  /// @throws CorruptArchiveException when the octets cannot be read
  Line.Span put(Item item, InputStream octets) throws IOException;

  /// The octets of a message as they are there.
  InputStream open(Line.Span span, long octets) throws IOException;

  /// Adds what belongs to the export as a whole, and ends it.
  ///
  /// @param files regular files, moved or copied to the top of the export under their names
  /// @param lines all that is there
  void end(List<Path> files, Lines lines) throws IOException;
}
