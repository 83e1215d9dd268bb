package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.server.capture.fixture.ScriptedServer;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.DeleteAtSource;

/// Deletion at servers that lie, refuse, or show another message under the same UID.
class DeletionFaultsIT {

  private static final String DATE = "01-Apr-2019 10:00:00 +0000";
  private static final String HEADER = "Subject: kept\r\n\r\n";

  @TempDir Path data;

  /// A server that deletes, and remembers what it was told.
  private static final class Deleting implements AutoCloseable {
    private final SortedMap<Long, String> messages =
        Collections.synchronizedSortedMap(new TreeMap<>());
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final ScriptedServer server = new ScriptedServer(this::answer);
    private volatile Lie lie = Lie.NONE;

    Deleting() throws IOException {
      for (long uid = 1; uid <= 3; uid++) {
        messages.put(uid, HEADER + "text " + uid + "\r\n");
      }
    }

    private Optional<String> answer(String command) {
      if (command.startsWith("CAPABILITY")) {
        return Optional.of("* CAPABILITY IMAP4rev1 UIDPLUS\r\nOK");
      } else if (command.startsWith("LIST")) {
        return Optional.of("* LIST () \"/\" INBOX\r\nOK");
      } else if (command.startsWith("EXAMINE")) {
        return Optional.of("* 3 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\nOK");
      } else if (command.startsWith("SELECT")) {
        return Optional.of(select());
      } else if (command.startsWith("UID STORE") || command.startsWith("UID EXPUNGE")) {
        told.add(command);
        return Optional.of(change(command));
      } else if (command.equals("UID FETCH 1:* (UID)")) {
        return Optional.of(each(uids("1:3"), (uid, text) -> "UID " + uid) + "OK");
      } else if (command.contains("BODY.PEEK[HEADER]")) {
        return Optional.of(looks(uids(command)));
      } else if (command.contains("BODY.PEEK[]")) {
        return Optional.of(each(uids(command), Deleting::whole) + "OK");
      } else if (command.contains("(UID)")) {
        return Optional.of(each(uids(command), (uid, text) -> "UID " + uid) + "OK");
      } else if (command.contains("(UID FLAGS)")) {
        return Optional.of(each(uids(command), (uid, text) -> "UID " + uid + " FLAGS ()") + "OK");
      } else if (command.contains("(UID RFC822.SIZE)")) {
        return Optional.of(
            each(uids(command), (uid, text) -> "UID " + uid + " RFC822.SIZE " + text.length())
                + "OK");
      }
      return Optional.empty();
    }

    private String select() {
      return switch (lie) {
        case OTHER_GENERATION -> "* 3 EXISTS\r\n* OK [UIDVALIDITY 10] ok\r\nOK";
        case NO_GENERATION -> "* 3 EXISTS\r\nOK";
        case UIDS_DO_NOT_LAST ->
            "* 3 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\n* NO [UIDNOTSTICKY] sorry\r\nOK";
        case READ_ONLY ->
            "* 3 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\n* OK [PERMANENTFLAGS (\\Seen)] some\r\n"
                + "OK [READ-ONLY]";
        case SELECT_REFUSED -> "NO not you";
        default ->
            "* 3 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\n"
                + "* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] all\r\nOK [READ-WRITE]";
      };
    }

    private String change(String command) {
      if (lie == Lie.STORE_REFUSED && command.contains("+FLAGS")) {
        return "NO not that";
      }
      if (command.startsWith("UID EXPUNGE")) {
        switch (lie) {
          case EXPUNGE_REFUSED -> {
            return "NO not that";
          }
          case EXPUNGE_DOES_NOTHING -> {}
          case EXPUNGE_IS_THE_LAST_WORD -> {
            uids(command).forEach(uid -> messages.remove(uid));
            return ScriptedServer.CUT;
          }
          default -> uids(command).forEach(uid -> messages.remove(uid));
        }
      }
      return "OK";
    }

    private String looks(UidRanges uids) {
      return switch (lie) {
            case OTHER_SIZE ->
                each(uids, (uid, text) -> look(uid, text.length() + 1, DATE, "", HEADER));
            case OTHER_DATE ->
                each(
                    uids,
                    (uid, text) ->
                        look(uid, text.length(), "01-Apr-2019 10:00:01 +0000", "", HEADER));
            case NO_DATE ->
                each(uids, (uid, text) -> look(uid, text.length(), "yesterday", "", HEADER));
            case OTHER_HEADER ->
                each(
                    uids,
                    (uid, text) -> look(uid, text.length(), DATE, "", "Subject: lost\r\n\r\n"));
            case NO_HEADER ->
                each(
                    uids,
                    (uid, text) ->
                        "UID %d FLAGS () RFC822.SIZE %d INTERNALDATE \"%s\" BODY[HEADER]<0> NIL"
                            .formatted(uid, text.length(), DATE));
            case FLAGGED_SINCE ->
                each(uids, (uid, text) -> look(uid, text.length(), DATE, "\\Flagged", HEADER));
            case MARKED_SINCE ->
                each(uids, (uid, text) -> look(uid, text.length(), DATE, "\\DELETED", HEADER));
            case FLAGGED_IN_BETWEEN ->
                each(uids, (uid, text) -> look(uid, text.length(), DATE, "", HEADER))
                    + each(uids, (uid, text) -> "UID " + uid + " FLAGS (\\Flagged)");
            case FLAGGED_AND_NOT_SAID_WHICH ->
                each(uids, (uid, text) -> look(uid, text.length(), DATE, "", HEADER))
                    + "* 2 FETCH (FLAGS (\\Flagged))\r\n";
            case TWO_ANSWERS ->
                each(uids, (uid, text) -> look(uid, text.length(), DATE, "", HEADER))
                    + each(uids, (uid, text) -> look(uid, text.length() + 1, DATE, "", HEADER));
            case SAYS_NOTHING -> "";
            case LOOK_REFUSED -> "NO not now\r\n";
            default -> each(uids, (uid, text) -> look(uid, text.length(), DATE, "", HEADER));
          }
          + (lie == Lie.LOOK_REFUSED ? "" : "OK");
    }

    private static String look(long uid, int size, String date, String flags, String header) {
      return "UID %d FLAGS (%s) RFC822.SIZE %d INTERNALDATE \"%s\" BODY[HEADER]<0> {%d}\r\n%s"
          .formatted(uid, flags, size, date, header.length(), header);
    }

    private static String whole(long uid, String text) {
      return "UID %d FLAGS () RFC822.SIZE %d INTERNALDATE \"%s\" BODY[]<0> {%d}\r\n%s"
          .formatted(uid, text.length(), DATE, text.length(), text);
    }

    private interface Line {
      String of(long uid, String text);
    }

    private String each(UidRanges uids, Line line) {
      StringBuilder lines = new StringBuilder();
      messages.forEach(
          (uid, text) -> {
            if (uids.contains(new Uid(uid))) {
              lines.append("* 1 FETCH (").append(line.of(uid, text)).append(")\r\n");
            }
          });
      return lines.toString();
    }

    private static UidRanges uids(String command) {
      String[] words = command.split(" ", 4);
      return UidRanges.parse(words.length > 2 ? words[2] : command, 100);
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  enum Lie {
    NONE,
    OTHER_GENERATION,
    NO_GENERATION,
    UIDS_DO_NOT_LAST,
    READ_ONLY,
    SELECT_REFUSED,
    OTHER_SIZE,
    OTHER_DATE,
    NO_DATE,
    OTHER_HEADER,
    NO_HEADER,
    FLAGGED_SINCE,
    MARKED_SINCE,
    FLAGGED_IN_BETWEEN,
    FLAGGED_AND_NOT_SAID_WHICH,
    TWO_ANSWERS,
    SAYS_NOTHING,
    LOOK_REFUSED,
    STORE_REFUSED,
    EXPUNGE_REFUSED,
    EXPUNGE_DOES_NOTHING,
    EXPUNGE_IS_THE_LAST_WORD
  }

  private static CaptureOutcome.Finished run(TestArchive archive, Deleting server, int days) {
    AccountConfig account =
        TestArchive.account("eve", server.server.source())
            .deleting(new DeleteAtSource(Duration.ofDays(30), AccountConfig.Folders.ALL));
    return (CaptureOutcome.Finished)
        archive
            .capture(Clock.offset(Clock.systemUTC(), Duration.ofDays(days)))
            .run(account, CaptureProgress.NONE, () -> false);
  }

  @Test
  void aServerThatBehavesIsToldToDeleteTheseAndNoOthers() throws Exception {
    try (Deleting server = new Deleting();
        TestArchive archive = new TestArchive(data)) {
      run(archive, server, 0);
      assertThat(run(archive, server, 40).deleted()).isEqualTo(new CaptureOutcome.Deleted(3, ""));
      assertThat(server.told)
          .containsExactly("UID STORE 1:3 +FLAGS.SILENT (\\Deleted)", "UID EXPUNGE 1:3");
      assertThat(server.messages).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Lie.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "NONE",
        "STORE_REFUSED",
        "EXPUNGE_REFUSED",
        "EXPUNGE_DOES_NOTHING",
        "EXPUNGE_IS_THE_LAST_WORD"
      })
  void inDoubtTheServerIsToldNothing(Lie lie) throws Exception {
    try (Deleting server = new Deleting();
        TestArchive archive = new TestArchive(data)) {
      run(archive, server, 0);
      server.lie = lie;
      CaptureOutcome.Finished outcome = run(archive, server, 40);
      assertThat(outcome.deleted().messages()).isZero();
      assertThat(outcome.complete()).isTrue();
      assertThat(server.told).isEmpty();
      assertThat(server.messages).hasSize(3);
      assertThat(archive.events(Event.DeletedAtSource.class))
          .allMatch(deleted -> deleted.outcome() == Event.Deletion.DIFFERENT);
    }
  }

  @Test
  void whatWasDifferentOnceIsNotAskedForAgain() throws Exception {
    try (Deleting server = new Deleting();
        TestArchive archive = new TestArchive(data)) {
      run(archive, server, 0);
      server.lie = Lie.OTHER_HEADER;
      run(archive, server, 40);
      server.lie = Lie.NONE;
      run(archive, server, 80);
      assertThat(server.told).isEmpty();
      assertThat(archive.events(Event.DeletedAtSource.class)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Lie.class,
      names = {"STORE_REFUSED", "EXPUNGE_REFUSED", "EXPUNGE_DOES_NOTHING"})
  void whatTheServerDoesNotDeleteIsUnmarkedAndNotTriedAgainForADay(Lie lie) throws Exception {
    try (Deleting server = new Deleting();
        TestArchive archive = new TestArchive(data)) {
      run(archive, server, 0);
      server.lie = lie;
      assertThat(run(archive, server, 40).deleted().messages()).isZero();
      assertThat(server.told.getLast()).isEqualTo("UID STORE 1:3 -FLAGS.SILENT (\\Deleted)");
      assertThat(archive.events(Event.DeletedAtSource.class))
          .extracting(Event.DeletedAtSource::outcome)
          .containsExactly(Event.Deletion.INTENDED, Event.Deletion.KEPT);
      server.lie = Lie.NONE;
      server.told.clear();
      assertThat(run(archive, server, 0).deleted().messages()).isZero();
      assertThat(server.told).isEmpty();
      assertThat(run(archive, server, 42).deleted().messages()).isEqualTo(3);
    }
  }

  @Test
  void whatWasDeletedWithoutAnAnswerIsKnownToBeOursInTheNextRun() throws Exception {
    try (Deleting server = new Deleting();
        TestArchive archive = new TestArchive(data)) {
      run(archive, server, 0);
      server.lie = Lie.EXPUNGE_IS_THE_LAST_WORD;
      assertThat(run(archive, server, 40).deleted().trouble()).isNotEmpty();
      assertThat(archive.events(Event.DeletedAtSource.class)).hasSize(1);
      server.lie = Lie.NONE;
      run(archive, server, 40);
      Event.DeletedAtSource last = archive.events(Event.DeletedAtSource.class).getLast();
      assertThat(last.outcome()).isEqualTo(Event.Deletion.DELETED);
      assertThat(last.source()).hasToString("1:3");
      assertThat(archive.events(Event.Observed.class)).isEmpty();
    }
  }

  @Test
  void aRunThatIsStoppedDeletesNothingMore() throws Exception {
    try (Deleting server = new Deleting();
        TestArchive archive = new TestArchive(data)) {
      run(archive, server, 0);
      AccountConfig account =
          TestArchive.account("eve", server.server.source())
              .deleting(new DeleteAtSource(Duration.ofDays(30), AccountConfig.Folders.ALL));
      archive
          .capture(Clock.offset(Clock.systemUTC(), Duration.ofDays(40)))
          .run(account, CaptureProgress.NONE, () -> true);
      assertThat(server.told).isEmpty();
      assertThat(
              new String(
                  archive.octets(
                      archive.entries().stream()
                          .filter(entry -> entry.event() instanceof Event.Placement)
                          .findFirst()
                          .orElseThrow()),
                  StandardCharsets.US_ASCII))
          .startsWith(HEADER);
    }
  }
}
