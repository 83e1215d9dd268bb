package org.muniment.server.capture.files;

import java.io.IOException;

/// Takes what is found in files. What it throws ends the reading.
public interface FileReceiver {

  /// A message, whole.
  void message(FileMessage message) throws IOException;

  /// Something that is or may be mail and could not be read; the rest goes on.
  ///
  /// @param reason in words for people
  void failed(FilePlace place, String reason) throws IOException;

  /// A message that was there when the folder was listed, and was gone when it was its turn.
  void vanished(FilePlace place) throws IOException;

  /// A file that is no mail.
  void skipped(FilePlace place) throws IOException;

  /// How far the reading is; called at least once for each message or file.
  ///
  /// @param octets octets of the files that were read so far
  void at(long octets) throws IOException;
}
