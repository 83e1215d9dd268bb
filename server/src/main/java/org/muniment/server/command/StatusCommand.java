package org.muniment.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.index.IndexNotFoundException;
import org.muniment.archive.Storage;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.catalog.Receipt;
import org.muniment.indexer.catalog.Totals;
import org.muniment.indexer.catalog.Transmissions;
import org.muniment.indexer.index.CommittedIndex;
import org.muniment.indexer.index.Fields;
import org.muniment.server.capture.CaptureReport;
import org.muniment.server.capture.CaptureStanding;
import org.muniment.server.capture.Pause;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.Settings;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.publication.Standing;
import org.muniment.server.runtime.ControlSocket;
import org.muniment.server.runtime.Installation;
import org.muniment.server.runtime.RootKeyState;
import org.muniment.server.runtime.RunningServer;
import org.muniment.server.runtime.WatchCalls;
import org.muniment.server.schedule.CronSchedule;

/// How things stand.
final class StatusCommand implements Command {

  @Override
  public String name() {
    return "status";
  }

  @Override
  public String summary() {
    return "accounts, last runs, lags, sizes";
  }

  @Override
  public List<String> options() {
    return List.of("--json");
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment status [--json]

        Says how large the archive is and how much of it is sealed, how far the catalogue has followed
        it, of how many messages the attachments are not read yet, whether a copy of the root key is
        confirmed, for each target under publish: which checkpoint it confirmed last, and for each
        account of config.yml what its last receipt says: of the last run that brought something new,
        or else of one an hour. The server counts in it the runs
        between that brought nothing; those of "capture" without a server are not counted. Then when
        it is captured next by a server that runs; and, while it is not, why and until when: in the
        words of its source, or which limit it is. Accounts that config.yml does not have are listed
        as well. Exits 1 if an account is not complete.

        --json  the same for programs
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    arguments.exactly();
    try (Installation installation = Installation.openExisting(settings, console.err()::println)) {
      ObjectNode status = status(installation);
      tellWatched(status, settings);
      if (arguments.has("--json")) {
        console.out().println(new ObjectMapper().writeValueAsString(status));
      } else {
        print(status, console);
      }
      for (var account : status.path("accounts")) {
        if (!account.path("complete").asBoolean()) {
          return ExitCode.FINDINGS;
        }
      }
      return ExitCode.DONE;
    }
  }

  private static ObjectNode status(Installation installation) throws IOException {
    Totals totals = installation.catalogue().totals();
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("archive", installation.settings().archiveFolder().toString());
    status.put("entries", installation.archive().size());
    status.put("catalogued", installation.catalogue().position());
    status.put("indexed", CommittedIndex.position(installation.settings().index().path()));
    status.put("attachmentsPending", pending(installation.settings().index().path()));
    status.put("messages", totals.messages());
    status.put("octets", totals.octets());
    status.put("placements", totals.placements());
    status.set("storage", storage(installation.archive().storage()));
    status.set("rootKey", rootKey(installation.rootKey()));
    var accounts = status.putArray("accounts");
    Set<AccountName> captured = new HashSet<>();
    for (AccountConfig account : installation.settings().accounts()) {
      accounts.add(account(account, installation));
      captured.add(account.name());
    }
    for (AccountName name : installation.catalogue().mailboxes().accounts()) {
      if (!captured.contains(name)) {
        accounts.add(kept(name, installation));
      }
    }
    var publication = status.putArray("publication");
    for (Standing standing : installation.publications()) {
      publication.add(publication(standing));
    }
    return status;
  }

  /// Messages with attachments that are not read yet, by what the server saved of the index.
  private static int pending(Path index) throws IOException {
    try (CommittedIndex saved = CommittedIndex.open(index)) {
      return saved.count(Fields.PENDING);
    } catch (IndexNotFoundException e) {
      return 0;
    }
  }

  /// Only a server that runs can tell.
  private static void tellWatched(ObjectNode status, Settings settings)
      throws IOException, ControlSocket.RefusedException {
    if (settings.accounts().stream().allMatch(account -> account.idle().isEmpty())) {
      return;
    }
    JsonNode watched =
        ControlSocket.ask(
                settings.runFolder().resolve(RunningServer.CONTROL_SOCKET),
                WatchCalls.request(),
                progress -> {})
            .orElse(JsonNodeFactory.instance.arrayNode());
    status.set("watched", watched);
  }

  private static ObjectNode rootKey(RootKeyState state) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", state.id())
        .put("confirmed", state.confirmed() == null ? null : state.confirmed().toString())
        .put("text", state.text());
  }

  private static ObjectNode storage(Storage storage) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set("segments", files(storage.segments()));
    node.set("unsealed", files(storage.unsealed()));
    node.set("retired", files(storage.retired()));
    return node;
  }

  private static ObjectNode files(Storage.Files files) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("files", files.number())
        .put("octets", files.octets());
  }

  private static ObjectNode publication(Standing standing) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("target", standing.target());
    Standing.Confirmation confirmation = standing.confirmation();
    if (confirmation != null) {
      node.put("size", confirmation.size()).put("confirmed", confirmation.at().toString());
    }
    return node.put("alive", standing.alive(Instant.now()))
        .put("trouble", standing.trouble())
        .put("words", standing.words());
  }

  private static ObjectNode account(AccountConfig account, Installation installation) {
    if (account.source() instanceof SourceConfig.Unusable unusable) {
      return named(account.name()).put("complete", false).put("missing", unusable.reason());
    }
    Optional<Receipt> receipt = lastReceipt(account.name(), installation);
    CaptureStanding standing = installation.captures().standing(account.name());
    ObjectNode node = named(account.name());
    if (receipt.isPresent() && !isNewer(standing, receipt.get())) {
      node = receipt(account.name(), receipt.get());
    } else {
      node.put("complete", standing.complete()).put("missing", standing.words());
      if (standing.ended() != null) {
        node.put("lastRun", standing.ended().toString());
      }
    }
    Map<String, Long> journal = installation.catalogue().transmissions().counts(account.name());
    if (!journal.isEmpty()) {
      ObjectNode counts = node.putObject("journal");
      for (String result :
          List.of(Transmissions.REPORT, Transmissions.ORDINARY, Transmissions.BROKEN)) {
        counts.put(result, journal.getOrDefault(result, 0L));
      }
    }
    if (account.deleteAtSource() != null) {
      node.put("deletesAfter", account.deleteAtSource().text())
          .put("deleted", installation.catalogue().deletions().deleted(account.name()));
    }
    return plans(
        node.put("unknowable", CaptureReport.unknowable(account.source())), account, installation);
  }

  private static ObjectNode named(AccountName name) {
    return JsonNodeFactory.instance.objectNode().put("name", name.value());
  }

  private static Optional<Receipt> lastReceipt(AccountName name, Installation installation) {
    return installation.catalogue().receipts(name, Long.MAX_VALUE, 1).stream().findFirst();
  }

  /// Whether there was a run after the one of the receipt that left none.
  private static boolean isNewer(CaptureStanding standing, Receipt receipt) {
    return standing.ended() != null && standing.ended().isAfter(receipt.ended());
  }

  private static ObjectNode receipt(AccountName name, Receipt last) {
    return named(name)
        .put("complete", last.poll().complete())
        .put("missing", CaptureReport.missing(last.poll()))
        .put("lastRun", last.ended().toString())
        .put("unchanged", last.poll().unchanged());
  }

  /// When the server captures it next, and what it waits for.
  private static ObjectNode plans(
      ObjectNode node, AccountConfig account, Installation installation) {
    Instant now = Instant.now();
    Optional<Pause> hold = installation.captures().hold(account, now);
    hold.ifPresent(
        pause ->
            node.putObject("pause")
                .put("kind", pause.kind().name().toLowerCase(Locale.ROOT))
                .put("until", pause.until().toString())
                .put("reason", pause.reason()));
    hold.map(Pause::until)
        .or(() -> CronSchedule.next(account.schedule(), now))
        .ifPresent(next -> node.put("nextRun", next.toString()));
    return node;
  }

  /// An account that config.yml does not have: it was imported, or is captured no more.
  private static ObjectNode kept(AccountName name, Installation installation) {
    return lastReceipt(name, installation)
        .map(last -> receipt(name, last))
        .orElseGet(() -> named(name).put("complete", true).put("missing", ""))
        .put("captured", false);
  }

  private static String plans(JsonNode account) {
    if (account.path("captured").isBoolean()) {
      return "; not in config.yml";
    }
    if (account.has("pause")) {
      return "; NOT BEFORE %s: %s"
          .formatted(
              account.path("pause").path("until").asText(),
              account.path("pause").path("reason").asText());
    }
    return account.has("nextRun") ? "; next run " + account.path("nextRun").asText() : "";
  }

  private static String unknowable(String words) {
    return words.isEmpty() ? "" : " (" + words + ")";
  }

  private static String deletes(JsonNode account) {
    return account.has("deletesAfter")
        ? "; DELETES at the source after %s, so far %,d messages"
            .formatted(account.path("deletesAfter").asText(), account.path("deleted").asLong())
        : "";
  }

  /// What has come to the journal mailboxes of an account.
  private static String journal(JsonNode counts) {
    return counts.isMissingNode()
        ? ""
        : "; journal: %,d reports, %,d other messages (status:no-report), %,d not understood (status:broken-report)"
            .formatted(
                counts.path(Transmissions.REPORT).asLong(),
                counts.path(Transmissions.ORDINARY).asLong(),
                counts.path(Transmissions.BROKEN).asLong());
  }

  private static String unchanged(long runs) {
    return runs == 0 ? "" : " after %,d runs without change".formatted(runs);
  }

  private static String stored(JsonNode storage) {
    return "%s in %,d segments; not sealed yet: %s in %,d journals; sealed journals: %s in %,d"
        .formatted(
            ProgressLine.size(storage.path("segments").path("octets").asLong()),
            storage.path("segments").path("files").asInt(),
            ProgressLine.size(storage.path("unsealed").path("octets").asLong()),
            storage.path("unsealed").path("files").asInt(),
            ProgressLine.size(storage.path("retired").path("octets").asLong()),
            storage.path("retired").path("files").asInt());
  }

  private static void print(ObjectNode status, Console console) {
    console
        .out()
        .println(
            "archive    %s: %,d messages, %s, %,d log entries, %,d catalogued, %,d indexed and saved"
                .formatted(
                    status.path("archive").asText(),
                    status.path("messages").asLong(),
                    ProgressLine.size(status.path("octets").asLong()),
                    status.path("entries").asLong(),
                    status.path("catalogued").asLong(),
                    status.path("indexed").asLong()));
    console.out().println("stored     " + stored(status.path("storage")));
    if (status.path("attachmentsPending").asInt() > 0) {
      console
          .out()
          .println(
              "attachments of %,d messages are not read yet (status:pending)"
                  .formatted(status.path("attachmentsPending").asInt()));
    }
    console.out().println("root key   " + status.path("rootKey").path("text").asText());
    for (var target : status.path("publication")) {
      console
          .out()
          .println(
              "checkpoint %s%s"
                  .formatted(
                      target.path("words").asText(),
                      target.path("alive").asBoolean()
                          ? ""
                          : "; NOT CONFIRMED in the last 24 hours"));
    }
    if (status.path("publication").isEmpty()) {
      console.out().println("checkpoint sent nowhere: config.yml names no target under publish:");
    }
    for (var account : status.path("accounts")) {
      String missing = account.path("missing").asText();
      console
          .out()
          .println(
              "account    %s: %s%s%s%s%s%s%s%s"
                  .formatted(
                      account.path("name").asText(),
                      account.path("complete").asBoolean() ? "complete" : "INCOMPLETE",
                      account.has("lastRun") ? ", " + account.path("lastRun").asText() : "",
                      unchanged(account.path("unchanged").asLong()),
                      missing.isEmpty() ? "" : "; " + missing,
                      journal(account.path("journal")),
                      plans(account),
                      unknowable(account.path("unknowable").asText()),
                      deletes(account)));
    }
    for (var mailbox : status.path("watched")) {
      console
          .out()
          .println(
              "watched    %s: %s%s"
                  .formatted(
                      mailbox.path("account").asText(),
                      mailbox.path("mailbox").asText(),
                      mailbox.path("watching").asBoolean()
                          ? ""
                          : " NOT WATCHED: " + mailbox.path("words").asText()));
    }
  }
}
