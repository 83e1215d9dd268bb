package org.muniment.archive.log;

import java.nio.charset.StandardCharsets;

/// A checkpoint with the note that signs it: what leaves the machine. Holds nothing secret and
/// nothing personal.
///
/// @param note text and signatures (C2SP signed-note)
public record SignedCheckpoint(Checkpoint checkpoint, String note) {

  /// Reads a note and checks its signature and its origin.
  ///
  /// @throws IllegalArgumentException when anything about it is wrong; the message says what
  public static SignedCheckpoint open(byte[] note, Note.Verifier verifier) {
    return new SignedCheckpoint(
        Checkpoint.open(note, verifier), new String(note, StandardCharsets.UTF_8));
  }

  /// The octets of the note, a fresh array.
  public byte[] octets() {
    return note.getBytes(StandardCharsets.UTF_8);
  }
}
