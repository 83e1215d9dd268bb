package org.muniment.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.ImportOutcome;
import org.muniment.server.capture.ImportRequest;
import org.muniment.server.capture.files.ImportFormat;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.ControlSocket;
import org.muniment.server.runtime.ImportCalls;
import org.muniment.server.runtime.Installation;
import org.muniment.server.runtime.RunningServer;

/// Imports mail from files, by the running server or by this process.
final class ImportCommand implements Command {

  private static final int LONGEST_MAILBOX = 1_000;

  @Override
  public String name() {
    return "import";
  }

  @Override
  public String summary() {
    return "archives mail from files";
  }

  @Override
  public List<String> options() {
    return List.of("--account A", "--mailbox M", "--json");
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment import FORMAT PATH --account A [--mailbox M] [--json]

        Archives every message in the files at PATH, octet for octet. The files are only read. What
        account A has already in the same mailbox is not added again: an import that was broken off
        goes on when it is run again, and one that was complete adds nothing. When the server runs,
        it is asked to do it and must be able to read PATH.

        FORMAT    PATH                                        mailboxes
        mbox      a file, or a folder with some               one for each file, by its name
        maildir   a Maildir, or a folder with some            INBOX, .Sent is Sent
        eml       a file *.eml, or a folder with some         one for each folder, INBOX above
        zip, tar  an archive of the above; also .tar.gz       as above
        pst       a file of Outlook; its messages are put     its folders
                  together again, and marked as synthetic

        mbox undoes the quoting of lines ">From " in a message, unless the message shows that it is
        not quoted. When you know better: mboxrd, mboxo, mboxcl, mboxcl2; see docs/import.md.

        --account  may be one that config.yml does not have: the user of that name sees it then
        --mailbox  takes everything into this mailbox; its levels are separated by /
        --json     prints the result as JSON

        Exits 0 when everything was read, 1 when something could not be, 3 when PATH is not of
        that format. Ctrl-C is safe: what was archived stays, and the next import goes on.

        example: scripts/muniment import mbox ~/Mail/archive.mbox --account alice
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    ImportRequest request = request(arguments);
    ImportOutcome outcome;
    try (ProgressLine line = new ProgressLine(console, "import")) {
      Optional<JsonNode> answer =
          ControlSocket.ask(
              settings.runFolder().resolve(RunningServer.CONTROL_SOCKET),
              ImportCalls.request(request),
              progress -> ImportCalls.tell(progress, line::read));
      outcome =
          answer.isPresent()
              ? ImportCalls.outcome(answer.get())
              : here(request, settings, console, line);
    }
    report(outcome, arguments.has("--json"), console);
    return outcome.complete() ? ExitCode.DONE : ExitCode.FINDINGS;
  }

  private static ImportRequest request(Arguments arguments) throws UsageException {
    List<String> words = arguments.exactly("FORMAT", "PATH");
    ImportFormat format =
        ImportFormat.of(words.getFirst())
            .orElseThrow(
                () ->
                    new UsageException(
                        "\""
                            + words.getFirst()
                            + "\" is no format, these are: "
                            + String.join(", ", ImportFormat.words())));
    Path path = Path.of(words.get(1)).toAbsolutePath();
    if (Files.notExists(path)) {
      throw new UsageException("there is nothing at " + path);
    }
    String account =
        arguments.value("--account").orElseThrow(() -> new UsageException("--account is missing"));
    if (!AccountName.isValid(account)) {
      throw new UsageException(
          "\"" + account + "\" is no account name: 1 to 128 characters of a-z 0-9 . _ @ + -");
    }
    String mailbox = arguments.value("--mailbox").orElse(null);
    if (mailbox != null && (mailbox.isBlank() || mailbox.length() > LONGEST_MAILBOX)) {
      throw new UsageException("--mailbox is a name of 1 to " + LONGEST_MAILBOX + " characters");
    }
    return new ImportRequest(format, path, new AccountName(account), mailbox);
  }

  private static ImportOutcome here(
      ImportRequest request, Settings settings, Console console, ProgressLine line)
      throws Exception {
    try (Installation installation = Installation.open(settings, console.err()::println)) {
      Installation.Writing writing = installation.openWriter();
      writing.sealing().start();
      Thread stop = new Thread(installation::close, "shutdown");
      Runtime.getRuntime().addShutdownHook(stop);
      ImportOutcome outcome = writing.imports().run(request, line::read, () -> false);
      CaptureCommand.forget(stop);
      return outcome;
    }
  }

  private static void report(ImportOutcome outcome, boolean json, Console console) {
    if (json) {
      console.out().println(ImportCalls.json(outcome));
      return;
    }
    outcome.failures().forEach(failure -> console.err().println("not read: " + failure));
    more(outcome.failed() - outcome.failures().size(), "not read", console);
    outcome.skippedFiles().forEach(file -> console.err().println("no mail: " + file));
    more(outcome.skipped() - outcome.skippedFiles().size(), "no mail", console);
    console.out().println(sentence(outcome));
  }

  private static void more(long number, String what, Console console) {
    if (number > 0) {
      console.err().println("%s: %,d more".formatted(what, number));
    }
  }

  private static String sentence(ImportOutcome outcome) {
    return "%s: %s, %,d new messages, %s; %,d were there already%s%s%s"
        .formatted(
            outcome.account(),
            outcome.stopped() ? "STOPPED" : outcome.complete() ? "complete" : "INCOMPLETE",
            outcome.added(),
            ProgressLine.size(outcome.octets()),
            outcome.present(),
            count(outcome.failed(), "could not be read"),
            count(outcome.vanished(), "were removed meanwhile"),
            count(outcome.skipped(), "files are no mail"));
  }

  private static String count(long number, String what) {
    return number == 0 ? "" : "; %,d %s".formatted(number, what);
  }
}
