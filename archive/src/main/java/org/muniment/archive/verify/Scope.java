package org.muniment.archive.verify;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.log.Checkpoint;

/// What of an archive is to be verified, and against what.
///
/// @param since a checkpoint up to which the archive was verified before: what it covers is not
///   read again, and the log must extend it; null for everything
/// @param outside signed checkpoints (C2SP tlog-checkpoint) that lie outside the archive
/// @param resume file that keeps what was read, so that a run that was interrupted goes on; it is
///   removed at the end; null for none
public record Scope(@Nullable Checkpoint since, List<byte[]> outside, @Nullable Path resume) {

  /// The whole archive, by itself.
  public static final Scope ALL = new Scope(null, List.of(), null);

  public Scope {
    outside = List.copyOf(outside);
  }

  /// Only what came after a checkpoint.
  public Scope since(Checkpoint checkpoint) {
    return new Scope(checkpoint, outside, resume);
  }

  /// Also against these checkpoints.
  public Scope outside(List<byte[]> notes) {
    return new Scope(since, notes, resume);
  }

  /// Able to go on after an interruption.
  public Scope resume(Path file) {
    return new Scope(since, outside, file);
  }
}
