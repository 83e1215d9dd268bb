package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.fixture.ScriptedGmail;
import org.muniment.server.capture.fixture.ScriptedGmail.Mail;
import org.muniment.server.capture.fixture.ScriptedServer;
import org.muniment.server.config.AccountConfig;

/// Folders that are labels, and ids that the server itself gives messages.
class GmailIT {

  private static final List<String> LABELS =
      List.of("\\Inbox", "Work", "Work/Reports", "Travel", "Caf&AOk-", "Hidden", "Quite hidden");

  private final ScriptedGmail gmail = new ScriptedGmail();

  @TempDir Path data;
  private ScriptedServer server;
  private TestArchive archive;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer(gmail);
    archive = new TestArchive(data);
    gmail.hide("Hidden");
    gmail.hide("Quite hidden");
  }

  @AfterEach
  void stop() throws IOException {
    archive.close();
    server.close();
  }

  @Test
  void everyMessageIsFetchedOnceAndEachLabelIsAPlacement() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<Mail, Set<String>> mails = new HashMap<>();
    long octets = 0;
    for (int i = 0; i < 400; i++) {
      String message = message(i, random.nextInt(3_000));
      octets += message.length();
      Set<String> labels =
          LABELS.stream().filter(label -> random.nextInt(3) == 0).collect(Collectors.toSet());
      mails.put(gmail.add(message, labels.toArray(String[]::new)), labels);
    }
    assertThat(capture().complete()).isTrue();
    assertThat(gmail.bodyOctets()).as("seed %d", seed).isEqualTo(octets);
    Map<String, Set<Long>> expected = new HashMap<>();
    mails.forEach(
        (mail, labels) -> {
          place(expected, ScriptedGmail.ALL, gmail.uid(ScriptedGmail.ALL, mail));
          for (String label : labels) {
            String folder = label.equals("\\Inbox") ? "INBOX" : label;
            boolean hidden = folder.endsWith("idden");
            place(expected, folder, gmail.uid(hidden ? ScriptedGmail.ALL : folder, mail));
          }
        });
    assertThat(places()).as("seed %d", seed).isEqualTo(expected);
    for (Event.Placement placement : archive.events(Event.Placement.class)) {
      boolean all = name(placement.mailbox()).equals(ScriptedGmail.ALL);
      assertThat(TestArchive.source(placement).matched()).isEqualTo(!all);
      assertThat(TestArchive.source(placement).ownId())
          .isNotNull()
          .returns("X-GM-MSGID", Event.OwnId::kind);
    }
    assertThat(TestArchive.verify(data).findings()).isEmpty();
  }

  private static void place(Map<String, Set<Long>> places, String mailbox, long uid) {
    places.computeIfAbsent(mailbox, name -> new TreeSet<>()).add(uid);
  }

  @Test
  void anUnchangedAccountCostsOneList() throws Exception {
    gmail.add(message(1, 10), "\\Inbox", "Work", "Hidden");
    capture();
    gmail.commands();
    long entries = archive.size();
    capture();
    assertThat(gmail.commands())
        .noneMatch(command -> command.startsWith("EXAMINE") || command.startsWith("UID"))
        .filteredOn(command -> command.startsWith("LIST"))
        .hasSize(1);
    assertThat(archive.size()).isEqualTo(entries);
  }

  @Test
  void aNewMessageInFourMailboxesIsFetchedOnce() throws Exception {
    gmail.add(message(1, 10), "\\Inbox");
    capture();
    gmail.bodyOctets();
    String message = message(2, 5_000);
    gmail.add(message, "\\Inbox", "Work", "Travel");
    CaptureOutcome.Finished run = capture();
    assertThat(run.complete()).as("%s", run.receipt()).isTrue();
    assertThat(gmail.bodyOctets()).isEqualTo(message.length());
    assertThat(run.receipt().mailboxes().stream().mapToLong(Event.MailboxReceipt::added).sum())
        .isEqualTo(4);
  }

  @Test
  void aLabelThatIsGivenOrTakenAwayIsObservedAndNothingIsFetched() throws Exception {
    Mail one = gmail.add(message(1, 10), "\\Inbox", "Hidden");
    Mail two = gmail.add(message(2, 10), "\\Inbox", "Hidden");
    Mail three = gmail.add(message(3, 10), "\\Inbox");
    capture();
    gmail.bodyOctets();
    gmail.unlabel(one, "Hidden");
    gmail.label(three, "Hidden");
    gmail.label(three, "Work");
    gmail.label(two, "\\Important");
    CaptureOutcome.Finished run = capture();
    assertThat(run.complete()).as("%s", run.receipt()).isTrue();
    assertThat(gmail.bodyOctets()).isZero();
    assertThat(places().get("Hidden")).containsExactly(1L, 2L, 3L);
    assertThat(places().get("Work")).hasSize(1);
    Event.Observed hidden = observed("Hidden");
    assertThat(hidden.moved()).hasToString("1");
    assertThat(flags(hidden)).isEqualTo(Map.of("2", Set.of("\\Inbox", "\\Important")));
    assertThat(flags(observed(ScriptedGmail.ALL)))
        .isEqualTo(Map.of("2", Set.of("\\Inbox", "\\Important")));

    gmail.label(one, "Hidden");
    capture();
    assertThat(observed("Hidden").back()).hasToString("1");
    gmail.delete(two);
    capture();
    assertThat(observed("Hidden").gone()).hasToString("2");
    long entries = archive.size();
    capture();
    assertThat(archive.size()).isEqualTo(entries);
  }

  @Test
  void aLabelThatIsShownOrHiddenCostsNoMessage() throws Exception {
    gmail.add(message(1, 10), "Hidden", "Work");
    gmail.add(message(2, 10), "Hidden");
    capture();
    gmail.bodyOctets();
    gmail.show("Hidden");
    gmail.hide("Work");
    CaptureOutcome.Finished run = capture();
    assertThat(run.complete()).as("%s", run.receipt()).isTrue();
    List<MailboxId> mailboxes =
        archive.events(Event.MailboxCreated.class).stream()
            .filter(mailbox -> mailbox.name().display().equals("Hidden"))
            .map(Event.MailboxCreated::id)
            .toList();
    assertThat(mailboxes).hasSize(2);
    assertThat(archive.events(Event.Observed.class))
        .anyMatch(
            seen ->
                seen.mailbox().equals(mailboxes.getFirst())
                    && seen.moved().toString().equals("1:2"))
        .noneMatch(seen -> seen.mailbox().equals(mailboxes.getLast()));
    run = captureAfter(Duration.ofHours(25));
    assertThat(run.complete()).as("%s", run.receipt()).isTrue();
    assertThat(archive.events(Event.MailboxCreated.class))
        .filteredOn(mailbox -> mailbox.name().display().equals("Work"))
        .hasSize(2);
    assertThat(gmail.bodyOctets()).isZero();
    long entries = archive.size();
    captureAfter(Duration.ofHours(25));
    assertThat(archive.events(Event.Placement.class)).hasSize(8);
    assertThat(archive.size()).isLessThanOrEqualTo(entries + 1);
  }

  @Test
  void aServerBuiltAnewIsMatchedByIdAndNothingIsProvisional() throws Exception {
    for (int i = 0; i < 300; i++) {
      gmail.add(message(i, 100), "\\Inbox", i % 3 == 0 ? "Hidden" : "Work");
    }
    capture();
    int placements = archive.events(Event.Placement.class).size();
    gmail.bodyOctets();
    gmail.commands();
    gmail.buildAnew();
    CaptureOutcome.Finished run = capture();
    assertThat(run.complete()).as("%s", run.receipt()).isTrue();
    assertThat(gmail.bodyOctets()).isZero();
    assertThat(gmail.commands()).noneMatch(command -> command.contains("HEADER"));
    assertThat(archive.events(Event.Placement.class)).hasSize(placements);
    assertThat(archive.events(Event.Compared.class)).isEmpty();
    assertThat(archive.events(Event.Observed.class)).isEmpty();
    assertThat(archive.events(Event.Matched.class))
        .noneMatch(Event.Matched::provisional)
        .extracting(matched -> name(matched.mailbox()))
        .contains("Hidden", "Work", "INBOX", ScriptedGmail.ALL);
    long entries = archive.size();
    capture();
    assertThat(archive.size()).isEqualTo(entries);
  }

  @Test
  void withoutAllMailEachMessageIsFetchedOnceFromWhereItIsFirst() throws Exception {
    String message = message(1, 2_000);
    gmail.add(message, "\\Inbox", "Work", "Travel");
    AccountConfig account =
        TestArchive.account(
            "eve", server.source(), new AccountConfig.Folders(List.of("*"), List.of("\\All")));
    assertThat(archive.capture(account).complete()).isTrue();
    assertThat(gmail.bodyOctets()).isEqualTo(message.length());
    assertThat(archive.events(Event.Placement.class)).hasSize(3);
  }

  @Test
  void aLabelThatARuleLeavesOutIsNoMailbox() throws Exception {
    gmail.add(message(1, 10), "Hidden", "Quite hidden");
    AccountConfig account =
        TestArchive.account(
            "eve", server.source(), new AccountConfig.Folders(List.of("*"), List.of("Quite*")));
    assertThat(archive.capture(account).complete()).isTrue();
    assertThat(places().keySet()).containsExactlyInAnyOrder(ScriptedGmail.ALL, "Hidden");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "same for all",
        "missed out",
        "of a megabyte",
        "of another form",
        "in brackets",
        "unsized"
      })
  void idsThatCannotBeBelievedCostFetchesAndNoMessage(String lie) throws Exception {
    for (int i = 0; i < 20; i++) {
      gmail.add(message(i, 10 * i), "\\Inbox", "Work");
    }
    gmail.tamper(lie(lie));
    CaptureOutcome.Finished run = capture();
    assertThat(run.complete()).as("%s", run.receipt()).isTrue();
    assertThat(places().get("INBOX")).hasSize(20);
    assertThat(places().get("Work")).hasSize(20);
    assertThat(contents("Work")).hasSize(20).isEqualTo(contents(ScriptedGmail.ALL));
    assertThat(gmail.bodyOctets()).isGreaterThan(0);
  }

  private static UnaryOperator<String> lie(String kind) {
    return switch (kind) {
      case "same for all" -> id("1");
      case "missed out" -> line -> line.replaceFirst(" X-GM-MSGID [0-9]+", "");
      case "of a megabyte" -> id("9".repeat(1 << 20));
      case "of another form" -> id("\"a b\"");
      case "in brackets" -> id("((1) 2 (3 {1}\r\n)))");
      case "unsized" -> line -> line.replaceFirst(" RFC822.SIZE [0-9]+", " RFC822.SIZE 3");
      default -> throw new AssertionError(kind);
    };
  }

  private static UnaryOperator<String> id(String id) {
    return line -> line.replaceFirst(" X-GM-MSGID [0-9]+", " X-GM-MSGID " + id);
  }

  @Test
  void theIdOfAnotherMessageIsNotBelievedWhereTheSizeIsAnother() throws Exception {
    gmail.add(message(1, 100), "\\Inbox");
    capture();
    gmail.tamper(id("1278455344230334865"));
    gmail.add(message(2, 200), "\\Inbox");
    assertThat(capture().complete()).isTrue();
    assertThat(contents("INBOX")).hasSize(2);
  }

  @Test
  void aServerThatRefusesItsOwnExtensionIsCapturedWithout() throws Exception {
    try (ScriptedServer refusing =
        new ScriptedServer(
            command ->
                command.contains("X-GM-MSGID")
                    ? Optional.of("BAD what is X-GM-MSGID")
                    : gmail.apply(command))) {
      gmail.add(message(1, 100), "\\Inbox", "Work");
      CaptureOutcome.Finished run = archive.capture(TestArchive.account("eve", refusing.source()));
      assertThat(run.complete()).as("%s", run.receipt()).isTrue();
      assertThat(contents("Work")).hasSize(1);
    }
  }

  @Test
  void labelsOfAnyOctetsAreKept() throws Exception {
    List<String> labels =
        List.of(
            "a \"b\" \\c",
            "%",
            "*",
            "(",
            "{3}",
            "caf\u00e9",
            "\u0000\u0001",
            "a/b//c/",
            "&&&",
            " ",
            "&2D0-",
            "x".repeat(1_000),
            "../..",
            "NIL",
            "INBOX/x");
    labels.forEach(gmail::hide);
    gmail.add(message(1, 10), labels.toArray(String[]::new));
    CaptureOutcome.Finished run = capture();
    assertThat(run.complete()).as("%s", run.receipt()).isTrue();
    assertThat(
            archive.events(Event.MailboxCreated.class).stream()
                .map(mailbox -> mailbox.name().octets()))
        .containsAll(labels);
    assertThat(archive.events(Event.Placement.class)).hasSize(1 + labels.size());
    long entries = archive.size();
    captureAfter(Duration.ofHours(25));
    assertThat(archive.size()).isEqualTo(entries + 1);
  }

  @Test
  void tenThousandLabelsAreKeptAndMoreAreToldOf() throws Exception {
    List<String> labels = IntStream.range(0, 10_000).mapToObj(i -> "label " + i).toList();
    labels.forEach(gmail::hide);
    gmail.add(message(1, 10), labels.toArray(String[]::new));
    assertThat(capture().complete()).isTrue();
    assertThat(archive.events(Event.Placement.class)).hasSize(10_001);

    gmail.hide("one more");
    gmail.add(message(2, 10), "one more");
    for (int run = 0; run < 2; run++) {
      assertThat(capture().receipt().mailboxes())
          .filteredOn(mailbox -> name(mailbox.mailbox()).equals(ScriptedGmail.ALL))
          .singleElement()
          .satisfies(
              all -> assertThat(all.failure().display()).isEqualTo("more than 10,000 labels"));
    }
    assertThat(contents(ScriptedGmail.ALL)).hasSize(2);
  }

  private CaptureOutcome.Finished capture() {
    return captureAfter(Duration.ZERO);
  }

  private CaptureOutcome.Finished captureAfter(Duration later) {
    CaptureOutcome outcome =
        archive
            .capture(Clock.offset(Clock.systemUTC(), later))
            .run(TestArchive.account("eve", server.source()), CaptureProgress.NONE, () -> false);
    assertThat(outcome).isInstanceOf(CaptureOutcome.Finished.class);
    return (CaptureOutcome.Finished) outcome;
  }

  /// UIDs at the source by the name of the mailbox.
  private Map<String, Set<Long>> places() throws IOException {
    Map<String, Set<Long>> places = new HashMap<>();
    for (Event.Placement placement : archive.events(Event.Placement.class)) {
      place(places, name(placement.mailbox()), TestArchive.source(placement).uid().value());
    }
    return places;
  }

  private Set<String> contents(String mailbox) throws IOException {
    Set<String> contents = new TreeSet<>();
    for (Event.Placement placement : archive.events(Event.Placement.class)) {
      if (name(placement.mailbox()).equals(mailbox)) {
        contents.add(placement.content().toString());
      }
    }
    return contents;
  }

  private final Map<MailboxId, String> names = new HashMap<>();

  private String name(MailboxId mailbox) {
    if (!names.containsKey(mailbox)) {
      try {
        for (Event.MailboxCreated created : archive.events(Event.MailboxCreated.class)) {
          names.put(created.id(), created.name().octets());
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return Objects.requireNonNull(names.get(mailbox));
  }

  private Event.Observed observed(String mailbox) throws IOException {
    List<Event.Observed> observed = new ArrayList<>(archive.events(Event.Observed.class));
    observed.removeIf(seen -> !name(seen.mailbox()).equals(mailbox));
    return observed.getLast();
  }

  private static Map<String, Set<String>> flags(Event.Observed observed) {
    return observed.flags().stream()
        .collect(
            Collectors.toMap(
                of -> of.uids().toString(),
                of -> of.flags().stream().map(SourceText::display).collect(Collectors.toSet())));
  }

  private static String message(int number, int length) {
    String text = "Subject: number " + number + "\r\n\r\n" + "x".repeat(length) + "\r\n";
    return new String(text.getBytes(StandardCharsets.US_ASCII), StandardCharsets.ISO_8859_1);
  }
}
