package org.muniment.archive.log;

import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// The checkpoints that were sent outside, each in a file `checkpoints/SIZE` for ever: who has one
/// in hand can ask the archive for the same.
///
/// @param folder of the log on the disk, ending with `/`
public record KeptCheckpoints(Disk disk, String folder, Note.Verifier verifier) {

  /// Keeps a checkpoint; durable when this returns. One that is kept already is not written again.
  ///
  /// @return what is kept: the same checkpoint, with the note that it was first kept with
  /// @throws CorruptArchiveException when another one of the same size is kept: either the log was
  ///   rewritten, or the file was
  public SignedCheckpoint keep(SignedCheckpoint signed) throws ArchiveException {
    String name = folder + "checkpoints/" + signed.checkpoint().size();
    byte[] kept = disk.read(name);
    if (kept == null) {
      disk.replace(name, signed.octets());
      return signed;
    }
    SignedCheckpoint earlier = open(name, kept);
    if (!earlier.checkpoint().equals(signed.checkpoint())) {
      throw new CorruptArchiveException(
          name, -1, "root " + signed.checkpoint().root(), "root " + earlier.checkpoint().root());
    }
    return earlier;
  }

  private SignedCheckpoint open(String name, byte[] note) throws CorruptArchiveException {
    try {
      return SignedCheckpoint.open(note, verifier);
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          name, -1, "a signed checkpoint", String.valueOf(e.getMessage()));
    }
  }
}
