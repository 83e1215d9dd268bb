package org.muniment.server.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.muniment.server.restore.SmallArchive.everything;
import static org.muniment.server.restore.SmallArchive.mail;
import static org.muniment.server.restore.SmallArchive.selection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.FaultProxy;
import org.muniment.server.capture.fixture.FaultProxy.Direction;
import org.muniment.server.capture.fixture.FaultProxy.Fault;
import org.muniment.server.capture.fixture.FaultProxy.Kind;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.selection.Selection;

/// Restoring to a target with one fault after the other.
class RestoreTest {

  /// Octets between two cuts of those tests that are always run.
  private static final int COARSE = 131;

  /// Octets, more than the network buffers.
  private static final int LARGE = 24_000_000;

  private static final String MULTI = "IMAP4rev1 LITERAL+ UIDPLUS MULTIAPPEND";

  @TempDir Path folder;
  private SmallArchive archive;
  private ScriptedTarget target;

  @BeforeEach
  void start() throws IOException {
    archive = new SmallArchive(folder).mailbox("INBOX");
    target = new ScriptedTarget();
  }

  @AfterEach
  void stop() throws IOException {
    target.close();
    archive.close();
  }

  @Test
  void everythingComesBackInOrderWithFlagsDatesAndMailboxes() throws Exception {
    archive.mailbox("Work/2024").mailbox("Gesendet", "\\Sent").mailbox("Empty");
    archive.fill("INBOX", 60);
    archive.add("Gesendet", mail("sent"), "\\Seen", "\\Answered", "$Work", "\\Deleted", "$Gone");
    archive.fill("Work/2024", 3);
    RestoreOutcome outcome = restore();
    assertThat(outcome.trouble()).isEmpty();
    assertThat(outcome.failures()).isEmpty();
    assertThat(outcome.complete()).isTrue();
    assertThat(outcome.planned()).isEqualTo(64);
    assertThat(octets("INBOX"))
        .isEqualTo(IntStream.rangeClosed(1, 60).mapToObj(i -> mail("INBOX " + i)).toList());
    assertThat(target.names()).containsExactly("Empty", "Gesendet", "INBOX", "Work/2024");
    assertThat(target.use("Gesendet")).isEqualTo("\\Sent");
    assertThat(target.subscriptions()).contains("Empty", "Work/2024");
    ScriptedTarget.Appended sent = target.in("Gesendet").getFirst();
    assertThat(ScriptedTarget.flags(sent)).containsExactly("$work", "\\answered", "\\seen");
    assertThat(sent.date()).isEqualTo(" 3-Feb-2021 04:06:07 +0000");
    assertThat(target.commands)
        .noneMatch(command -> command.matches("(UID )?(STORE|EXPUNGE|DELETE|CLOSE).*"));
  }

  @Test
  void theReceiptNamesEveryMessageAndIsForItsOwnerOnly() throws Exception {
    archive.fill("INBOX", 2);
    RestoreOutcome outcome = restore();
    List<String> lines = Files.readAllLines(receipt(outcome));
    assertThat(lines.getLast()).isEqualTo("restored 2 of 2, identical 2");
    assertThat(lines.stream().filter(line -> line.startsWith("identical"))).hasSize(2);
    assertThat(Files.readAllLines(Objects.requireNonNull(outcome.receiptJson())))
        .anyMatch(line -> line.contains("\"uid\":101") && line.contains("\"identical\""))
        .last()
        .isEqualTo("{\"planned\":2,\"restored\":2,\"identical\":2}");
    try (Stream<Path> files = Files.list(receipt(outcome).getParent())) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as("%s", file)
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void runningItAgainAddsNothing() throws Exception {
    archive.fill("INBOX", 5);
    restore();
    target.commands.clear();
    RestoreOutcome again = restore();
    assertThat(again.complete()).isTrue();
    assertThat(octets("INBOX")).hasSize(5);
    assertThat(target.commands).noneMatch(command -> command.startsWith("APPEND"));
    archive.fill("INBOX", 1);
    assertThat(restore().complete()).isTrue();
    assertThat(octets("INBOX")).hasSize(6);
  }

  @Test
  void whatIsThereAlreadyIsFoundByContentAsOftenAsItIsThere() throws Exception {
    for (int i = 0; i < 3; i++) {
      archive.add("INBOX", mail("the same"));
    }
    archive.add("INBOX", mail("another"));
    target.put("INBOX", mail("the same"));
    target.put("INBOX", mail("a stranger"));
    assertThat(restore().complete()).isTrue();
    assertThat(octets("INBOX"))
        .containsExactly(
            mail("the same"),
            mail("a stranger"),
            mail("the same"),
            mail("the same"),
            mail("another"));
  }

  @Test
  void withoutItsCheckpointItFindsWhatTheTargetHasWithOtherLineEnds() throws Exception {
    String lf = "Subject: lf\nX: y\n\nline\nends\n";
    archive.add("INBOX", lf);
    archive.add("INBOX", lf);
    archive.add("INBOX", lf.replace("ends", "other"));
    archive.add("INBOX", mail("ordinary"));
    target.storing = octets -> octets.replace("\r\n", "\n").replace("\n", "\r\n");
    RestoreOutcome first = restore();
    assertThat(first.restored()).isEqualTo(4);
    Path folder = receipt(first).getParent();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    assertThat(restore().restored()).isEqualTo(4);
    assertThat(octets("INBOX")).hasSize(4);
  }

  @Test
  void whatTheTargetLostSinceIsAppendedAgain() throws Exception {
    archive.fill("INBOX", 3);
    restore();
    target.removeFirst("INBOX");
    assertThat(restore().complete()).isTrue();
    assertThat(new HashSet<>(octets("INBOX"))).hasSize(3);
    target.wipe();
    assertThat(restore().complete()).isTrue();
    assertThat(octets("INBOX")).hasSize(3);
  }

  @Test
  void aTargetWithoutUidPlusIsSearched() throws Exception {
    target.capabilities = "IMAP4rev1";
    archive.fill("INBOX", 7);
    archive.add("INBOX", mail("twice"));
    archive.add("INBOX", mail("twice"));
    assertThat(restore().complete()).isTrue();
    assertThat(restore().complete()).isTrue();
    assertThat(octets("INBOX")).hasSize(9);
    assertThat(Files.readAllLines(receipt(restore()))).noneMatch(line -> line.contains("UID 0"));
  }

  @Test
  @Timeout(20)
  void theEndOfWhatWasReadForFindingIsNoAnswerToWhatIsAppended() throws Exception {
    target.capabilities = "IMAP4rev1 LITERAL+";
    archive.add("INBOX", mail("there"));
    archive.add("INBOX", mail("new"));
    target.put("INBOX", mail("there"));
    assertThat(restore().complete()).isTrue();
    assertThat(octets("INBOX")).containsExactly(mail("there"), mail("new"));
  }

  @Test
  void smallLiteralsGoUnaskedWithLiteralMinus() throws Exception {
    target.capabilities = "IMAP4rev1 LITERAL- UIDPLUS";
    archive.add("INBOX", mail("small"));
    archive.add("INBOX", mail("large " + "x".repeat(5_000)));
    archive.add("INBOX", mail("small again"));
    assertThat(restore().complete()).isTrue();
    assertThat(target.commands.stream().filter(command -> command.startsWith("APPEND")))
        .extracting(command -> command.endsWith("+}"))
        .containsExactly(true, false, true);
  }

  @Test
  void manyMessagesGoInOneCommandWithMultiAppend() throws Exception {
    target.capabilities = MULTI;
    archive.fill("INBOX", 250);
    assertThat(restore().complete()).isTrue();
    assertThat(octets("INBOX"))
        .isEqualTo(IntStream.rangeClosed(1, 250).mapToObj(i -> mail("INBOX " + i)).toList());
    assertThat(target.commands.stream().filter(command -> command.startsWith("APPEND"))).hasSize(3);
  }

  @Test
  void aRefusedMessageOfACommandWithManyKeepsNeitherTheOthersBackNorTheOrder() throws Exception {
    target.capabilities = MULTI;
    archive.fill("INBOX", 250);
    target.refusal = message -> message.octets().contains("INBOX 4\r\n") ? "NO too big for me" : "";
    RestoreOutcome outcome = restore();
    assertThat(outcome.restored()).isEqualTo(249);
    assertThat(outcome.failures()).singleElement().asString().contains("too big for me");
    assertThat(octets("INBOX"))
        .isEqualTo(
            IntStream.rangeClosed(1, 250)
                .filter(i -> i != 4)
                .mapToObj(i -> mail("INBOX " + i))
                .toList());
  }

  @Test
  void aConnectionThatEndsSomewhereInACommandWithManyDoublesNothing() throws Exception {
    cutEverywhere(Direction.TO_SERVER, MULTI, COARSE);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void norDoesOneThatEndsAtAnyOctetOfTheAnswersToSuchACommand() throws Exception {
    cutEverywhere(Direction.TO_CLIENT, MULTI, 1);
  }

  @Test
  void aFullTargetKeepsTheRestBackUntilThereIsRoom() throws Exception {
    archive.fill("INBOX", 100);
    target.refusal =
        message -> target.in("INBOX").size() < 10 ? "" : "NO [OVERQUOTA] mailbox is full";
    RestoreOutcome full = restore();
    assertThat(full.complete()).isFalse();
    assertThat(full.restored()).isEqualTo(10);
    assertThat(full.failures()).isNotEmpty().allMatch(line -> line.contains("full"));
    assertThat(Files.readAllLines(receipt(full)).getLast())
        .isEqualTo("restored 10 of 100, identical 10");
    target.refusal = message -> "";
    assertThat(restore().complete()).isTrue();
    assertThat(octets("INBOX")).hasSize(100).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NO too big for me",
        "NO [LIMIT] too big for me",
        "NO [CANNOT] no 8-bit in headers",
        "BAD Invalid date-time",
        "BAD [CLIENTBUG] NUL",
      })
  void oneRefusedMessageDoesNotKeepTheOthersBack(String words) throws Exception {
    archive.fill("INBOX", 4);
    archive.add("INBOX", "Subject: Gr\u00fc\u00dfe\r\n\r\n\u00e4\r\n");
    archive.fill("INBOX", 4);
    target.refusal = message -> message.octets().contains("Gr\u00fc") ? words : "";
    RestoreOutcome outcome = restore();
    assertThat(outcome.complete()).isFalse();
    assertThat(outcome.restored()).isEqualTo(8);
    assertThat(outcome.failures())
        .singleElement()
        .asString()
        .startsWith("refused")
        .contains(words.substring(words.indexOf(' ') + 1));
    assertThat(Files.readAllLines(receipt(outcome)))
        .filteredOn(line -> line.startsWith("refused"))
        .hasSize(1);
    assertThat(octets("INBOX")).hasSize(8);
    target.refusal = message -> "";
    assertThat(restore().complete()).isTrue();
    assertThat(octets("INBOX")).hasSize(9);
  }

  @Test
  void aDateThatTheTargetRefusesCostsOneMessage() throws Exception {
    archive.fill("INBOX", 3);
    target.refusal =
        message -> message.date().contains("04:05:08") ? "BAD Invalid date-time in Append" : "";
    RestoreOutcome outcome = restore();
    assertThat(outcome.restored()).isEqualTo(2);
    assertThat(outcome.failures()).singleElement().asString().contains("Invalid date-time");
  }

  @Test
  void keywordsThatTheTargetRefusesAreLeftOutAndNoted() throws Exception {
    archive.add("INBOX", mail("one"), "\\Seen", "$Work");
    target.permanentFlags = "\\Seen \\Flagged";
    RestoreOutcome outcome = restore();
    assertThat(outcome.complete()).isTrue();
    assertThat(target.in("INBOX").getFirst().flags()).containsExactly("\\Seen");
    assertThat(Files.readString(receipt(outcome))).contains("does not keep these flags: $Work");
  }

  @Test
  void keywordsThatMakeTheTargetRefuseTheMessageAreLeftOut() throws Exception {
    archive.add("INBOX", mail("one"), "\\Seen", "$Work");
    archive.add("INBOX", mail("two"), "\\Seen");
    target.refusal = message -> message.flags().contains("$Work") ? "BAD no such flag" : "";
    RestoreOutcome outcome = restore();
    assertThat(outcome.complete()).isTrue();
    assertThat(target.in("INBOX")).allMatch(message -> message.flags().equals(List.of("\\Seen")));
    assertThat(Files.readString(receipt(outcome))).contains("$Work");
  }

  @Test
  void aReadOnlyTargetIsNamed() throws Exception {
    archive.fill("INBOX", 2);
    target.readOnly = true;
    RestoreOutcome outcome = restore();
    assertThat(outcome.complete()).isFalse();
    assertThat(outcome.failures()).hasSize(2).allMatch(line -> line.contains("read-only"));
    assertThat(target.commands).noneMatch(command -> command.startsWith("APPEND"));
  }

  @Test
  void aTargetThatIgnoresCaseKeepsMailboxesApartThatDifferInCase() throws Exception {
    target.ignoresCase = true;
    target.make("SPAM");
    archive.mailbox("Work").mailbox("work").mailbox("Spam");
    archive.fill("Work", 2);
    archive.fill("work", 3);
    archive.fill("Spam", 1);
    assertThat(restore().complete()).isTrue();
    assertThat(target.names()).containsExactly("INBOX", "SPAM", "Work", "work (2)");
    assertThat(octets("Work")).hasSize(2);
    assertThat(octets("work (2)")).hasSize(3);
    assertThat(octets("SPAM")).hasSize(1);
    assertThat(restore().complete()).isTrue();
    assertThat(octets("work (2)")).hasSize(3);
  }

  @Test
  void anotherDelimiterAndANamespaceAreKeptTo() throws Exception {
    target.delimiter = ".";
    target.prefix = "INBOX.";
    archive.mailbox("Work/v1.2");
    archive.fill("Work/v1.2", 1);
    assertThat(restore().complete()).isTrue();
    assertThat(target.names()).containsExactly("INBOX", "INBOX.Work.v1_2");
  }

  @Test
  void aNameThatTheTargetRefusesBecomesASimplerOne() throws Exception {
    target.longestName = 45;
    String name = "n".repeat(90);
    archive.mailbox(name).mailbox("a/" + "o".repeat(90));
    archive.fill(name, 1);
    archive.fill("a/" + "o".repeat(90), 1);
    RestoreOutcome outcome = restore();
    assertThat(outcome.identical()).isEqualTo(2);
    assertThat(outcome.trouble()).hasSize(2);
    assertThat(target.names()).contains("n".repeat(40), "a/" + "o".repeat(40));
    assertThat(restore().identical()).isEqualTo(2);
    assertThat(octets("n".repeat(40))).hasSize(1);
  }

  @Test
  void whatTheTargetHasNoNameForGoesToTheFallback() throws Exception {
    target.longestName = "Restored".length();
    archive.mailbox("a long name").mailbox("another one");
    archive.fill("a long name", 2);
    archive.fill("another one", 1);
    RestoreOutcome outcome = restore();
    assertThat(outcome.identical()).isEqualTo(3);
    assertThat(outcome.trouble())
        .hasSize(2)
        .allMatch(line -> line.contains("goes to Restored") && line.contains("too long"));
    assertThat(target.names()).containsExactly("INBOX", "Restored");
    assertThat(restore().identical()).isEqualTo(3);
    assertThat(octets("Restored")).hasSize(3);
  }

  @Test
  void lineEndsThatTheTargetChangesAreNamedAsSuchAndNotAppendedTwice() throws Exception {
    archive.add("INBOX", "Subject: lone\n\nline\nends\n");
    archive.add("INBOX", mail("ordinary"));
    archive.add("INBOX", "Subject: NUL\r\n\r\na\0b\r\n");
    archive.add("INBOX", mail("other"));
    target.storing =
        octets ->
            octets.contains("other")
                ? octets.replace("body", "BODY")
                : octets.replace("\r\n", "\n").replace("\n", "\r\n").replace('\0', '\u0080');
    RestoreOutcome outcome = restore();
    assertThat(outcome.restored()).isEqualTo(4);
    assertThat(outcome.identical()).isEqualTo(1);
    assertThat(Files.readAllLines(receipt(outcome)))
        .extracting(line -> line.split(" ", 2)[0])
        .contains("line-ends", "identical", "nul", "different");
    assertThat(restore().restored()).isEqualTo(4);
    assertThat(octets("INBOX")).hasSize(4);
  }

  @Test
  void whatAllMailHasOfOtherMailboxesIsNotRestoredOnceMore() throws Exception {
    archive.mailbox("Work").mailbox("[Gmail]/All Mail", "\\All");
    for (String mailbox : List.of("INBOX", "Work", "[Gmail]/All Mail")) {
      archive.add(mailbox, mail("with two labels"));
    }
    archive.add("[Gmail]/All Mail", mail("archived"));
    RestoreOutcome outcome = restore();
    assertThat(outcome.complete()).isTrue();
    assertThat(outcome.planned()).isEqualTo(3);
    assertThat(octets("INBOX")).containsExactly(mail("with two labels"));
    assertThat(octets("Work")).containsExactly(mail("with two labels"));
    assertThat(octets("[Gmail]/All Mail")).containsExactly(mail("archived"));
    assertThat(restore().planned()).isEqualTo(3);
    assertThat(octets("[Gmail]/All Mail")).hasSize(1);

    target.wipe();
    Selection allMail = new Selection(null, "[Gmail]/All Mail", null, false);
    assertThat(restore(new RestoreRequest(SmallArchive.LENA, allMail, Map.of())).planned())
        .isEqualTo(2);
    assertThat(octets("[Gmail]/All Mail")).hasSize(2);
  }

  @Test
  void allMailThatHasNothingOfItsOwnIsNotMade() throws Exception {
    archive.mailbox("All", "\\All").mailbox("Empty");
    archive.add("INBOX", mail("one"));
    archive.add("All", mail("one"));
    assertThat(restore().complete()).isTrue();
    assertThat(target.names()).containsExactly("Empty", "INBOX");
  }

  @Test
  @Timeout(60)
  void aTargetThatTakesNothingMoreIsLeftInTime() throws Exception {
    archive.add("INBOX", mail("before"));
    archive.add("INBOX", mail("large " + "x".repeat(LARGE)));
    archive.add("INBOX", mail("behind"));
    archive.settle();
    Duration patience = Duration.ofSeconds(1);
    try (FaultProxy proxy = new FaultProxy(target.port())) {
      proxy.prepare(new Fault(Kind.STALL, Direction.TO_SERVER, LARGE / 4, 1));
      long begin = System.nanoTime();
      RestoreOutcome outcome =
          archive
              .restore()
              .run(
                  archive.target(Dovecot.source("lena", proxy.port()), patience),
                  everything(),
                  null);
      assertThat(proxy.pending()).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(patience);
      assertThat(outcome.complete()).as("%s", outcome.trouble()).isTrue();
      assertThat(octets("INBOX")).hasSize(3).doesNotHaveDuplicates();
    }
  }

  @Test
  void whatWasGoneComesBackOnDemandOnlyAndWhatMovedDoesNot() throws Exception {
    archive.fill("INBOX", 3);
    archive.settle();
    archive.observe("INBOX", "1", "2");
    assertThat(restore().planned()).isEqualTo(1);
    RestoreOutcome all = restore(selection(null, true, Map.of()));
    assertThat(all.complete()).isTrue();
    assertThat(octets("INBOX")).containsExactly(mail("INBOX 3"), mail("INBOX 1"));
  }

  @Test
  void aMailboxComesBackAsItWasThen() throws Exception {
    archive.fill("INBOX", 2);
    archive.settle();
    Thread.sleep(3);
    Instant then = Instant.now();
    Thread.sleep(3);
    archive.observe("INBOX", "1", "");
    archive.fill("INBOX", 1);
    assertThat(restore(selection(then, false, Map.of())).complete()).isTrue();
    assertThat(octets("INBOX")).containsExactly(mail("INBOX 1"), mail("INBOX 2"));
  }

  @Test
  void aDryRunSaysWhatWouldHappenAndChangesNothing() throws Exception {
    archive.mailbox("Work");
    archive.fill("Work", 2);
    archive.settle();
    RestoreOutcome outcome =
        archive.restore().dryRun(archive.target(target.port()), everything(), null);
    assertThat(outcome.planned()).isEqualTo(2);
    assertThat(outcome.mailboxes())
        .extracting(RestoreOutcome.MailboxStep::target, RestoreOutcome.MailboxStep::created)
        .contains(tuple("INBOX", false), tuple("Work", true));
    assertThat(target.commands)
        .noneMatch(command -> command.matches("(CREATE|SUBSCRIBE|APPEND|SELECT).*"));
    assertThat(folder.resolve("restores")).doesNotExist();
  }

  @Test
  void aConnectionThatEndsSomewhereInWhatWeSayDoublesNothing() throws Exception {
    cutEverywhere(Direction.TO_SERVER, "IMAP4rev1 LITERAL+ UIDPLUS", COARSE);
  }

  @Test
  void aConnectionThatEndsSomewhereInTheAnswersDoublesNothing() throws Exception {
    cutEverywhere(Direction.TO_CLIENT, "IMAP4rev1 LITERAL+ UIDPLUS", COARSE);
  }

  @Test
  void norDoesOneToATargetThatDoesNotSayUids() throws Exception {
    cutEverywhere(Direction.TO_CLIENT, "IMAP4rev1", COARSE);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void aConnectionThatEndsAtAnyOctetOfOursDoublesNothing() throws Exception {
    cutEverywhere(Direction.TO_SERVER, "IMAP4rev1 LITERAL+ UIDPLUS", 1);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void aConnectionThatEndsAtAnyOctetOfTheAnswersDoublesNothing() throws Exception {
    cutEverywhere(Direction.TO_CLIENT, "IMAP4rev1 LITERAL+ UIDPLUS", 1);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void norDoesOneAtAnyOctetOfATargetThatDoesNotSayUids() throws Exception {
    cutEverywhere(Direction.TO_CLIENT, "IMAP4rev1", 1);
  }

  /// One after the other, each to a target of its own, from a fresh checkpoint; a run that was cut
  /// is run again.
  private void cutEverywhere(Direction direction, String capabilities, int step) throws Exception {
    archive.mailbox("Attic");
    archive.add("INBOX", mail("a"));
    archive.add("INBOX", "Subject: lone\n\nline\n");
    archive.add("INBOX", mail("same"));
    archive.add("INBOX", mail("same"));
    archive.add("Attic", mail("b"));
    archive.settle();
    List<String> expected =
        List.of(mail("a"), "Subject: lone\r\n\r\nline\r\n", mail("same"), mail("same"));
    long octets = 1;
    List<Integer> positions = new ArrayList<>();
    for (int at = 0; at < octets; at += step) {
      positions.add(at);
      try (ScriptedTarget fresh = new ScriptedTarget();
          FaultProxy proxy = new FaultProxy(fresh.port())) {
        fresh.capabilities = capabilities;
        fresh.storing = text -> text.replace("\r\n", "\n").replace("\n", "\r\n");
        proxy.prepare(new Fault(Kind.RESET, direction, at, 1));
        RestoreOutcome outcome = untilItEnds(proxy.port());
        assertThat(outcome.restored()).as("cut at %d: %s", at, outcome.trouble()).isEqualTo(5);
        assertThat(outcome.identical()).as("cut at %d", at).isEqualTo(4);
        assertThat(fresh.in("INBOX"))
            .as("cut at %d", at)
            .extracting(ScriptedTarget.Appended::octets)
            .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(fresh.in("Attic")).as("cut at %d", at).hasSize(1);
        octets = proxy.passed(direction);
      }
    }
    assertThat(positions).hasSizeGreaterThan(400 / step);
  }

  private RestoreOutcome untilItEnds(int port) throws Exception {
    for (int run = 0; ; run++) {
      try {
        RestoreOutcome outcome = archive.restore().run(archive.target(port), everything(), null);
        if (outcome.restored() == outcome.planned() || run == 3) {
          return outcome;
        }
      } catch (SourceException lost) {
        assertThat(lost.lost()).isTrue();
      }
    }
  }

  private static Path receipt(RestoreOutcome outcome) {
    return Objects.requireNonNull(outcome.receipt());
  }

  private RestoreOutcome restore() throws Exception {
    return restore(everything());
  }

  private RestoreOutcome restore(RestoreRequest request) throws Exception {
    archive.settle();
    return archive.restore().run(archive.target(target.port()), request, null);
  }

  private List<String> octets(String mailbox) {
    return target.in(mailbox).stream().map(ScriptedTarget.Appended::octets).toList();
  }
}
