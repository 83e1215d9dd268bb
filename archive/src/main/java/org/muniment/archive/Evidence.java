package org.muniment.archive;

import java.util.List;
import org.muniment.archive.log.Note;
import org.muniment.archive.log.TreeProofs;

/// What shows that an event is in the log: the event and its blind hash to what the leaf commits
/// to, the leaf and the path to the root, the root is signed in the checkpoint. Arrays are not
/// copied.
///
/// @param index of the leaf
/// @param event canonical JSON
/// @param blind 32 octets
/// @param leaf canonical JSON
/// @param path from the leaf to the root
/// @param checkpoint the signed note (C2SP tlog-checkpoint)
/// @param logKey the key that signed it
@SuppressWarnings("ArrayRecordComponent")
public record Evidence(
    long index,
    byte[] event,
    byte[] blind,
    byte[] leaf,
    List<TreeProofs.Step> path,
    byte[] checkpoint,
    Note.Verifier logKey) {

  public Evidence {
    path = List.copyOf(path);
  }
}
