package org.muniment.server.export;

import java.util.List;

/// How an export ended.
///
/// @param planned messages that were asked for, each once for each mailbox that has it
/// @param exported those of them that are in the export
/// @param identical those of them that were read again octet for octet
/// @param octets of the exported ones
/// @param problems the first of what is not there as it should be
/// @param finished whether it came to its end, so that the manifest is there
public record ExportOutcome(
    long planned,
    long exported,
    long identical,
    long octets,
    List<String> problems,
    boolean finished) {

  public ExportOutcome {
    problems = List.copyOf(problems);
  }

  /// Whether everything is there, as it was, with its proof.
  public boolean complete() {
    return finished && problems.isEmpty() && identical == planned;
  }
}
