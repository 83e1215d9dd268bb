package org.muniment.server.command;

import java.time.InstantSource;
import java.util.List;
import org.muniment.server.capture.check.AccountCheck;
import org.muniment.server.capture.check.Step;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.Settings;
import org.muniment.server.credential.Credentials;

/// Tests accounts step by step, in this process.
final class CheckCommand implements Command {

  @Override
  public String name() {
    return "check";
  }

  @Override
  public String summary() {
    return "tests accounts step by step";
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment check [ACCOUNT...]

        Goes the way of a capture run with each ACCOUNT, all of config.yml by default: name look-up,
        connection, TLS with the certificate and its SHA-256 (to be written under pin:), greeting,
        capabilities, sign-in, mailboxes and how many of them are captured, number of messages. One
        line for each step; the first one that fails ends the account, says what is wrong and how to
        mend it. Reads only, needs no archive, and captures nothing.

        Exits 0 if all is well, 1 if there is something to do, such as a certificate that expires
        within 30 days.

        example: scripts/muniment check alice
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    InstantSource clock = InstantSource.system();
    Credentials credentials = new Credentials(settings.tokenFolder(), clock);
    boolean finding = false;
    for (AccountConfig account : arguments.accounts(settings)) {
      console.out().println(account.name());
      List<Step> steps =
          AccountCheck.run(account, credentials, clock, step -> console.out().print(lines(step)));
      finding |= steps.stream().anyMatch(Step::finding);
    }
    return finding ? ExitCode.FINDINGS : ExitCode.DONE;
  }

  private static String lines(Step step) {
    String line =
        "  %-13s %-6s %s%n".formatted(step.name(), step.ok() ? "OK" : "FAILED", step.text());
    return step.advice().isEmpty() ? line : line + "  %20s %s%n".formatted("->", step.advice());
  }
}
