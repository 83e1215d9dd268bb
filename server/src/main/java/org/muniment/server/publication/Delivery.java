package org.muniment.server.publication;

/// What became of a checkpoint that was sent to a target.
///
/// @param target its name
/// @param size log entries that the checkpoint covers
/// @param outside whether the target lies outside of the archive's file system; false when it
///   failed
/// @param failure why the target does not have it, `""` when it has
public record Delivery(String target, long size, boolean outside, String failure) {

  static final String INSIDE =
      "it lies on the archive's own file system, which does not count as outside";

  /// Whether the target has the checkpoint, wherever it lies.
  public boolean arrived() {
    return failure.isEmpty();
  }

  /// In a sentence.
  public String words() {
    return arrived()
        ? "%s: has %,d log entries%s".formatted(target, size, outside ? "" : "; " + INSIDE)
        : target + ": FAILED: " + failure;
  }
}
