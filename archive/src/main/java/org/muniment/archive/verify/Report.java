package org.muniment.archive.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;

/// What a verification found.
///
/// @param leaves number of leaves that the checkpoint covers and that were checked
/// @param messages number of distinct messages whose octets were hashed
/// @param octets sum of their lengths
/// @param findings what is wrong; empty for a sound archive
/// @param notes what is worth knowing and not wrong
public record Report(
    long leaves, long messages, long octets, List<Finding> findings, List<String> notes) {

  public Report {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }

  /// Whether nothing is wrong.
  public boolean sound() {
    return findings.isEmpty();
  }

  /// One thing that is wrong.
  ///
  /// @param file relative to the archive
  /// @param offset in the file, -1 for the file as a whole
  /// @param message that is concerned, null when none is or it is not known
  public record Finding(
      String file, long offset, @Nullable ContentId message, String expected, String found) {

    /// One line that names all of it.
    public String text() {
      return file
          + (offset < 0 ? "" : " at offset " + offset)
          + ": expected "
          + expected
          + ", found "
          + found
          + (message == null ? "" : " (message " + message + ")");
    }
  }
}
