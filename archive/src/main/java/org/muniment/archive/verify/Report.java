package org.muniment.archive.verify;

import java.util.List;

/// What a verification found.
///
/// @param leaves number of leaves that the checkpoint covers and that were checked
/// @param messages number of distinct messages whose octets were hashed
/// @param octets sum of their lengths
/// @param findings what is wrong, in the order in which it was met; empty for a sound archive
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
  /// @param text names the file, the offset in it where there is one, what was expected and what
  ///   was found
  public record Finding(String text) {}
}
