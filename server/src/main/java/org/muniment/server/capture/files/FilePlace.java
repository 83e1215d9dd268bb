package org.muniment.server.capture.files;

import org.muniment.archive.event.SourceText;

/// A place in what is imported.
///
/// @param path of the file, relative to what is imported, its levels separated by `/`; the name of
///   the file where that is all there is
/// @param offset octet in it at which the message begins, 0 where the file is the message
public record FilePlace(SourceText path, long offset) {

  @Override
  public String toString() {
    return offset == 0 ? path.display() : path.display() + " at octet " + offset;
  }
}
