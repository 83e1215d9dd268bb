package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.server.capture.fixture.ScriptedServer.CUT;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidRanges;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.capture.fixture.ScriptedServer;
import org.muniment.server.config.AccountConfig;

/// What is observed at servers that lie for one run, lose count, or know little.
class ObservationFaultsIT {

  @TempDir Path data;
  @TempDir Path served;

  private static ScriptedServer server(Function<String, Optional<String>> script)
      throws IOException {
    return new ScriptedServer(script).with(1, "one").with(5, "five").with(9, "nine");
  }

  private static AccountConfig inbox(ScriptedServer server) {
    return TestArchive.account(
        "eve", server.source(), new AccountConfig.Folders(List.of("INBOX"), List.of()));
  }

  @Test
  void aUidListThatIsEmptyForOneRunIsMailThatIsGoneAndBack() throws Exception {
    AtomicBoolean lying = new AtomicBoolean();
    List<String> asked = new ArrayList<>();
    Function<String, Optional<String>> script =
        command -> {
          asked.add(command);
          return lying.get() && command.equals("UID FETCH 1:* (UID)")
              ? Optional.of("OK")
              : Optional.empty();
        };
    try (ScriptedServer server = server(script);
        TestArchive archive = new TestArchive(data)) {
      archive.capture(inbox(server));
      lying.set(true);
      archive.capture(inbox(server));
      lying.set(false);
      asked.clear();
      assertThat(archive.capture(inbox(server)).complete()).isTrue();
      List<Event.Observed> observed = archive.events(Event.Observed.class);
      assertThat(observed).hasSize(2);
      assertThat(observed.getFirst().gone()).hasToString("1:3");
      assertThat(observed.getLast().back()).hasToString("1:3");
      assertThat(archive.events(Event.Placement.class)).hasSize(3);
      assertThat(asked).isNotEmpty().noneMatch(command -> command.contains("PEEK"));
    }
  }

  @Test
  void aListThatIsEmptyForOneRunIsAFailureAndNothingIsGone() throws Exception {
    AtomicBoolean lying = new AtomicBoolean();
    Function<String, Optional<String>> script =
        command -> lying.get() && command.startsWith("LIST") ? Optional.of("OK") : Optional.empty();
    try (ScriptedServer server = server(script);
        TestArchive archive = new TestArchive(data)) {
      archive.capture(inbox(server));
      lying.set(true);
      Event.Poll poll = archive.capture(inbox(server)).receipt();
      assertThat(poll.failure().display()).isEqualTo("the server lists no mailbox");
      lying.set(false);
      assertThat(archive.capture(inbox(server)).complete()).isTrue();
      assertThat(archive.events(Event.Observed.class)).isEmpty();
      assertThat(archive.events(Event.Placement.class)).hasSize(3);
    }
  }

  @Test
  void aMailboxThatIsNotListedForOneRunIsGoneAndBackAndNothingIsFetched() throws Exception {
    AtomicBoolean lying = new AtomicBoolean();
    Function<String, Optional<String>> script =
        command ->
            lying.get() && command.startsWith("LIST")
                ? Optional.of("* LIST () \"/\" Other\r\nOK")
                : Optional.empty();
    try (ScriptedServer server = server(script);
        TestArchive archive = new TestArchive(data)) {
      AccountConfig all = TestArchive.account("eve", server.source());
      archive.capture(all);
      int mailboxes = archive.events(Event.MailboxCreated.class).size();
      lying.set(true);
      archive.capture(all);
      lying.set(false);
      CaptureOutcome.Finished run = archive.capture(all);
      assertThat(run.complete()).isTrue();
      assertThat(run.messages()).isZero();
      assertThat(archive.events(Event.MailboxCreated.class)).hasSize(mailboxes);
      List<Event.Observed> observed = archive.events(Event.Observed.class);
      assertThat(observed).hasSize(2);
      assertThat(observed.getFirst().moved()).hasToString("1:3");
      assertThat(observed.getLast().back()).hasToString("1:3");
    }
  }

  /// A server that keeps a MODSEQ.
  private static Function<String, Optional<String>> counting(
      AtomicInteger modSeq, AtomicReference<String> flags) {
    return command -> {
      if (command.startsWith("CAPABILITY")) {
        return Optional.of("* CAPABILITY IMAP4rev1 CONDSTORE\r\nOK");
      } else if (command.startsWith("EXAMINE")) {
        return Optional.of(
            "* 3 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\n* OK [HIGHESTMODSEQ %s] ok\r\nOK"
                .formatted(modSeq));
      } else if (command.contains("CHANGEDSINCE")) {
        String since = command.substring(command.indexOf("CHANGEDSINCE ") + 13, command.length());
        boolean news = Integer.parseInt(since.replace(")", "")) < modSeq.get();
        return Optional.of((news ? flagged(flags) : "") + "OK");
      } else if (command.contains("(UID FLAGS)")) {
        return Optional.of(flagged(flags) + "OK");
      }
      return Optional.empty();
    };
  }

  private static String flagged(AtomicReference<String> flags) {
    return "* 2 FETCH (UID 5 FLAGS (%s))\r\n".formatted(flags);
  }

  @ParameterizedTest
  @ValueSource(ints = {99, 50, 1, 0})
  void whatChangedIsObservedThoughTheServerHasLostCount(int later) throws Exception {
    AtomicInteger modSeq = new AtomicInteger(100);
    AtomicReference<String> flags = new AtomicReference<>("");
    try (ScriptedServer server = server(counting(modSeq, flags));
        TestArchive archive = new TestArchive(data)) {
      archive.capture(inbox(server));
      modSeq.set(later);
      flags.set("\\Flagged");
      assertThat(archive.capture(inbox(server)).complete()).isTrue();
      assertThat(archive.events(Event.Observed.class))
          .singleElement()
          .satisfies(seen -> assertThat(flags(seen)).isEqualTo(Map.of("2", Set.of("\\Flagged"))));
      modSeq.addAndGet(1);
      flags.set("\\Seen");
      archive.capture(inbox(server));
      assertThat(flags(archive.events(Event.Observed.class).getLast()))
          .isEqualTo(Map.of("2", Set.of("\\Seen")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IMAP4rev1",
        "IMAP4rev1 CONDSTORE",
        "IMAP4rev1 ESEARCH LIST-EXTENDED",
        "IMAP4rev1 LIST-EXTENDED LIST-STATUS CONDSTORE"
      })
  void aServerThatKnowsLittleIsObservedAllTheSame(String capabilities) throws Exception {
    Requires.dovecot();
    try (Dovecot dovecot =
            Dovecot.startWith(
                served, "protocol imap {%n  imap_capability = %s%n}".formatted(capabilities));
        TestArchive archive = new TestArchive(data)) {
      SampleMaildir mail = new SampleMaildir(dovecot.maildir("eve"), 31);
      mail.fill("", 5, 300);
      mail.fill(".Old", 2, 300);
      Dovecot.own(dovecot.maildir("eve"));
      AccountConfig account = TestArchive.account("eve", dovecot.source("eve"));
      archive.capture(account);
      try (RawImap imap = new RawImap(dovecot.port(), "eve", Dovecot.PASSWORD)) {
        assertThat(imap.command("CAPABILITY").getFirst().text())
            .isEqualTo("* CAPABILITY " + capabilities);
        imap.command("SELECT INBOX");
        imap.command("UID STORE 2 +FLAGS (\\Flagged work)");
        imap.command("UID STORE 4 +FLAGS (\\Deleted)");
        imap.command("EXPUNGE");
        imap.command("DELETE Old");
        imap.command("SUBSCRIBE INBOX");
        imap.append("INBOX", SampleMaildir.latin("Subject: new\r\n\r\n"));
      }
      CaptureOutcome.Finished run = archive.capture(account);
      assertThat(run.complete()).as("%s", run.receipt()).isTrue();
      assertThat(run.messages()).isEqualTo(1);
      List<Event.Observed> observed = archive.events(Event.Observed.class);
      assertThat(observed).hasSize(2);
      assertThat(observed).anyMatch(seen -> seen.gone().toString().equals("4"));
      assertThat(observed).anyMatch(seen -> seen.gone().toString().equals("1:2"));
      assertThat(observed)
          .anyMatch(seen -> flags(seen).equals(Map.of("2", Set.of("\\Flagged", "work"))));
      long entries = archive.size();
      archive.capture(account);
      assertThat(archive.size()).isEqualTo(entries);
    }
  }

  @Test
  void aConnectionThatEndsWhileAServerBuiltAnewIsMatchedCostsNoMessageAndNoUid() throws Exception {
    AtomicInteger generation = new AtomicInteger(9);
    AtomicInteger headers = new AtomicInteger();
    int messages = 600;
    Function<String, Optional<String>> script =
        command -> {
          if (command.startsWith("EXAMINE")) {
            return Optional.of(
                "* %d EXISTS\r\n* OK [UIDVALIDITY %s] ok\r\nOK".formatted(messages, generation));
          } else if (command.contains("PEEK[HEADER]") && headers.incrementAndGet() == 2) {
            return Optional.of(CUT);
          }
          return command.contains("PEEK[") ? Optional.of(fetched(command)) : Optional.empty();
        };
    try (ScriptedServer server = new ScriptedServer(script);
        TestArchive archive = new TestArchive(data)) {
      for (int uid = 1; uid <= messages; uid++) {
        server.with(uid, message(uid));
      }
      assertThat(archive.capture(inbox(server)).complete()).isTrue();
      generation.set(10);
      assertThat(archive.capture(inbox(server)).complete()).isFalse();
      CaptureOutcome.Finished run = archive.capture(inbox(server));
      assertThat(run.complete()).as("%s", run.receipt()).isTrue();
      assertThat(archive.events(Event.Placement.class)).hasSize(messages);
      assertThat(archive.events(Event.Observed.class)).isEmpty();
      assertThat(
              archive.events(Event.Compared.class).stream().mapToLong(c -> c.same().size()).sum())
          .isEqualTo(messages);
    }
  }

  @Test
  void whatAServerBuiltAnewDoesNotHaveIsGoneThoughItsFirstRunFailed() throws Exception {
    AtomicInteger generation = new AtomicInteger(9);
    AtomicBoolean failing = new AtomicBoolean();
    Function<String, Optional<String>> script =
        command -> {
          if (command.startsWith("EXAMINE")) {
            return Optional.of(
                "* 3 EXISTS\r\n* OK [UIDVALIDITY %s] ok\r\nOK".formatted(generation));
          } else if (generation.get() == 10 && command.equals("UID FETCH 1:* (UID)")) {
            return Optional.of("* 1 FETCH (UID 5)\r\nOK");
          } else if (failing.get() && command.contains("PEEK[]")) {
            return Optional.of("NO [UNAVAILABLE] later");
          }
          return Optional.empty();
        };
    try (ScriptedServer server = server(script);
        TestArchive archive = new TestArchive(data)) {
      archive.capture(inbox(server));
      generation.set(10);
      failing.set(true);
      assertThat(archive.capture(inbox(server)).complete()).isFalse();
      failing.set(false);
      archive
          .capture(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(20)))
          .run(inbox(server), CaptureProgress.NONE, () -> false);
      UidRanges.Builder missed = new UidRanges.Builder();
      for (Event.Observed seen : archive.events(Event.Observed.class)) {
        seen.gone().forEach(missed);
        seen.moved().forEach(missed);
      }
      assertThat(missed.build()).hasToString("1:3");
    }
  }

  private static String message(long uid) {
    return "Subject: " + uid + "\r\n\r\n";
  }

  private static String fetched(String command) {
    StringBuilder lines = new StringBuilder();
    boolean header = command.contains("HEADER");
    UidRanges.parse(command.split(" ", 4)[2], 10_000)
        .forEach(
            uid ->
                lines.append(
                    ("* 1 FETCH (UID %d RFC822.SIZE %d FLAGS ()"
                            + " INTERNALDATE \"01-Jan-2020 00:00:00 +0000\""
                            + " BODY[%s]<0> {%d}\r\n%s)\r\n")
                        .formatted(
                            uid,
                            message(uid).length(),
                            header ? "HEADER" : "",
                            message(uid).length(),
                            message(uid))));
    return lines + "OK";
  }

  private static Map<String, Set<String>> flags(Event.Observed observed) {
    return observed.flags().stream()
        .collect(
            Collectors.toMap(
                of -> of.uids().toString(),
                of -> of.flags().stream().map(SourceText::display).collect(Collectors.toSet())));
  }
}
