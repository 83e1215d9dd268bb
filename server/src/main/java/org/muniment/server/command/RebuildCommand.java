package org.muniment.server.command;

import java.util.List;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.Rebuild;
import org.muniment.server.runtime.TotalProgress;

/// Makes catalogue and index anew.
final class RebuildCommand implements Command {

  private static final String CATALOGUE = "catalogue";
  private static final String INDEX = "index";

  @Override
  public String name() {
    return "rebuild";
  }

  @Override
  public String summary() {
    return "makes catalogue and index anew, from the archive alone";
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment rebuild [catalogue|index]

        Makes the catalogue and the full-text index anew, or the one that is named, from the archive
        alone. Mail clients find every mailbox with the UIDs and the UIDVALIDITY it had. Users, grants
        and tokens stay as they are. Until the new one is whole the old one stays, also when this is
        ended by Ctrl-C; the next run begins at the beginning.

        The server must not be running.
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    List<String> what =
        arguments.words().isEmpty() ? List.of(CATALOGUE, INDEX) : arguments.exactly("WHAT");
    for (String name : what) {
      if (!name.equals(CATALOGUE) && !name.equals(INDEX)) {
        throw new UsageException("\"" + name + "\": expected catalogue or index, or nothing");
      }
    }
    try (Rebuild rebuild = Rebuild.begin(settings)) {
      if (what.contains(CATALOGUE)) {
        run(CATALOGUE, rebuild::catalogue, console);
      }
      if (what.contains(INDEX)) {
        run(INDEX, rebuild::index, console);
      }
    }
    return ExitCode.DONE;
  }

  private interface Work {
    void run(TotalProgress progress) throws Exception;
  }

  private static void run(String what, Work work, Console console) throws Exception {
    try (ProgressLine line = new ProgressLine(console, what)) {
      work.run(line::at);
    }
    console.out().println("the " + what + " is made anew");
  }
}
