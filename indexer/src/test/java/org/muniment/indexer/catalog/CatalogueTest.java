package org.muniment.indexer.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.BOB;
import static org.muniment.indexer.LiveArchive.DAY;
import static org.muniment.indexer.LiveArchive.SOURCE;
import static org.muniment.indexer.LiveArchive.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.indexer.LiveArchive;
import org.muniment.indexer.mail.ListedFields;

class CatalogueTest {

  @TempDir Path directory;
  private LiveArchive live;
  private Catalogue catalogue;

  @BeforeEach
  void open() throws IOException {
    live = new LiveArchive(directory);
    catalogue = live.catalogue();
  }

  @AfterEach
  void close() throws IOException {
    live.close();
  }

  @Test
  void whatItKeepsIsForItsOwnerOnly() throws IOException {
    live.mailbox(ALICE, "INBOX");
    live.settle();
    for (String suffix : List.of("", "-wal", "-shm")) {
      Path file = directory.resolve("catalogue.db" + suffix);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as("%s", file)
          .isEqualTo("rw-------");
    }
    try (Catalogue _ = Catalogue.open(directory.resolve("apart/catalogue.db"))) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("apart"))))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void sameOctetsInTwoMailboxesAreOneMessageWithTwoPlaces() throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    MailboxId other = live.mailbox(BOB, "INBOX");
    Event.Placement first = live.add(inbox, mail("a@example.com", "One", "x"), "\\Seen");
    live.add(other, mail("a@example.com", "One", "x"));
    live.settle();

    Message message = catalogue.messages().find(first.content()).orElseThrow();
    List<Place> places =
        catalogue
            .messages()
            .places(Set.of(message.number()))
            .getOrDefault(message.number(), List.of());
    assertThat(places).extracting(place -> place.mailbox().id()).containsExactly(inbox, other);
    assertThat(places.getFirst().provenance().host()).isEqualTo("mail.example.com");
    assertThat(catalogue.totals().messages()).isEqualTo(1);
    assertThat(catalogue.totals().placements()).isEqualTo(2);
    assertThat(catalogue.find(first.content())).isEqualTo(message.location());
  }

  @Test
  void countsFollowThePlacements() throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    long octets = 0;
    octets += live.add(inbox, mail("a@example.com", "1", "x"), "\\seen").length();
    octets += live.add(inbox, mail("a@example.com", "2", "xy"), "$Later").length();
    live.settle();
    octets += live.add(inbox, mail("a@example.com", "3", "xyz")).length();
    live.settle();

    Mailbox mailbox = catalogue.mailboxes().find(inbox).orElseThrow();
    assertThat(mailbox.messages()).isEqualTo(3);
    assertThat(mailbox.unseen()).isEqualTo(2);
    assertThat(mailbox.octets()).isEqualTo(octets);
    assertThat(mailbox.uidNext()).isEqualTo(4);
  }

  @Test
  void samePlaceAtTheSourceTwiceCountsOnce() throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    byte[] message = mail("a@example.com", "1", "x").getBytes(StandardCharsets.UTF_8);
    live.add(inbox, message, DAY, new Uid(9));
    live.add(inbox, message, DAY, new Uid(9));
    live.settle();
    Snapshot snapshot = catalogue.mailboxes().snapshot(inbox, Shown.ALL).orElseThrow();
    assertThat(snapshot.uids().size()).isEqualTo(1);
    assertThat(snapshot.mailbox().messages()).isEqualTo(1);
    assertThat(snapshot.mailbox().uidNext()).isEqualTo(3);
  }

  @Test
  void snapshotStaysWhileTheMailboxGrows() throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    live.add(inbox, mail("a@example.com", "1", "x"));
    live.settle();
    Snapshot before = catalogue.mailboxes().snapshot(inbox, Shown.ALL).orElseThrow();
    live.add(inbox, mail("a@example.com", "2", "x"));
    live.settle();
    Snapshot after = catalogue.mailboxes().snapshot(inbox, Shown.ALL).orElseThrow();
    assertThat(before.uids().size()).isEqualTo(1);
    assertThat(after.uids().size()).isEqualTo(2);
    assertThat(after.uids().at(1)).isEqualTo(new Uid(2));
  }

  @Test
  void rowsComeByUidWithAndWithoutStructure() throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    for (int i = 1; i <= 5; i++) {
      live.add(inbox, mail("a@example.com", "number " + i, "x"), "\\Seen", "od%d key");
    }
    live.settle();
    Mailbox mailbox = catalogue.mailboxes().find(inbox).orElseThrow();
    List<Row> rows = catalogue.messages().rows(mailbox, new Uid(2), new Uid(4), true);
    assertThat(rows).extracting(row -> row.uid().value()).containsExactly(2L, 3L, 4L);
    Row row = rows.getFirst();
    assertThat(row.structure()).isNotNull();
    assertThat(row.internalDate()).isEqualTo(DAY);
    assertThat(row.sentDate()).isNotNull();
    assertThat(row.sentDate().offsetSeconds()).isEqualTo(7200);
    assertThat(row.flags())
        .extracting(SourceText::octets)
        .containsExactlyInAnyOrder("\\Seen", "od%d key");
    assertThat(catalogue.messages().rows(mailbox, new Uid(1), new Uid(1), false))
        .allMatch(bare -> bare.structure() == null);
  }

  @Test
  void whatListsAskForIsKept() throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    live.add(inbox, mail("a@example.com", "one", "x"));
    live.add(inbox, "X: y\r\nSubject: " + "long ".repeat(2_000) + "\r\n\r\nbody");
    live.settle();
    Mailbox mailbox = catalogue.mailboxes().find(inbox).orElseThrow();
    Map<Uid, ListedFields> listed =
        catalogue.messages().listed(mailbox, new Uid(1), new Uid(Uid.MAX));
    assertThat(listed).containsOnlyKeys(new Uid(1));
    assertThat(
            new String(
                Objects.requireNonNull(listed.get(new Uid(1))).octets(), StandardCharsets.UTF_8))
        .contains("Subject: one\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void sourceUidsAreThoseOfTheirGeneration() throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    live.add(inbox, mail("a@example.com", "1", "x"));
    live.add(inbox, mail("a@example.com", "2", "x"));
    live.settle();
    UidRanges uids = catalogue.sources().archived(inbox, SOURCE);
    assertThat(uids.size()).isEqualTo(2);
    assertThat(uids.contains(new Uid(3))).isTrue();
    assertThat(uids.contains(new Uid(4))).isFalse();
    assertThat(catalogue.sources().archived(inbox, new UidValidity(1)).size()).isZero();
  }

  @Test
  void mailboxIsFoundByTheOctetsOfItsNameOnly() throws IOException {
    byte[] octets = {(byte) 0xFF, 'x', '/', (byte) 0xE4};
    MailboxId id =
        live.writer()
            .createMailbox(
                ALICE,
                new SourceText(SourceText.of(octets).octets(), "shown/so"),
                "/",
                Set.of("\\Sent"))
            .id();
    live.settle();
    Mailbox found = catalogue.mailboxes().find(ALICE, SourceText.of(octets)).orElseThrow();
    assertThat(found.id()).isEqualTo(id);
    assertThat(found.path()).containsExactly("shown", "so");
    assertThat(found.attributes()).containsExactly("\\Sent");
    assertThat(catalogue.mailboxes().find(ALICE, SourceText.of("shown/so"))).isEmpty();
    assertThat(catalogue.mailboxes().find(BOB, SourceText.of(octets))).isEmpty();
    assertThat(catalogue.mailboxes().of(ALICE)).containsExactly(found);
  }

  @Test
  void receiptsComeNewestFirst() throws IOException {
    live.mailbox(ALICE, "INBOX");
    live.poll(ALICE, "");
    live.poll(BOB, "");
    live.poll(ALICE, "no route to host");
    live.settle();
    List<Receipt> receipts = catalogue.receipts(ALICE, Long.MAX_VALUE, 10);
    assertThat(receipts)
        .extracting(receipt -> receipt.poll().complete())
        .containsExactly(false, true);
    assertThat(catalogue.receipts(ALICE, receipts.getFirst().leaf(), 10)).hasSize(1);
  }

  @Test
  void anyOctetsAreCatalogued() throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    List<Event.Placement> placements =
        List.of(
            live.add(inbox, new byte[0], DAY),
            live.add(inbox, "no header, no line".getBytes(StandardCharsets.UTF_8), DAY),
            live.add(inbox, "Subject: a\0b\r\n\r\n\0".getBytes(StandardCharsets.UTF_8), DAY),
            live.add(inbox, noise(100_000), DAY),
            live.add(inbox, noise(30 << 20), DAY));
    live.settle();
    for (Event.Placement placement : placements) {
      Message message = catalogue.messages().find(placement.content()).orElseThrow();
      assertThat(message.length()).isEqualTo(placement.length());
      assertThat(catalogue.messages().structure(message.number()).length())
          .isEqualTo(placement.length());
    }
    assertThat(catalogue.messages().find(placements.get(2).content()).orElseThrow().subject())
        .isEqualTo("a b");
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }

  @Test
  void attachmentsAreNoticedAndPicturesInTheTextAreNot() throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    Event.Placement with =
        live.add(inbox, multipart("Content-Disposition: attachment; filename=a.pdf"));
    Event.Placement without =
        live.add(
            inbox, multipart("Content-ID: <p@x>\r\nContent-Disposition: inline; filename=a.png"));
    live.settle();
    assertThat(catalogue.messages().find(with.content()).orElseThrow().attachment()).isTrue();
    assertThat(catalogue.messages().find(without.content()).orElseThrow().attachment()).isFalse();
  }

  private static String multipart(String header) {
    return "Subject: m\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + "--b\r\n\r\ntext\r\n--b\r\nContent-Type: application/octet-stream\r\n"
        + header
        + "\r\n\r\nxyz\r\n--b--\r\n";
  }

  @Test
  void setsOfMessagesGrowWithTheLog() throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    MailboxId bobs = live.mailbox(BOB, "INBOX");
    live.add(inbox, mail("a@example.com", "1", "x"), "\\Flagged");
    live.settle();
    MessageSets.Scope alice = new MessageSets.Scope.Account(ALICE);
    MessageSets.Scope flagged = new MessageSets.Scope.Flagged(ALICE, "\\flagged");
    int number = catalogue.mailboxes().find(inbox).orElseThrow().number();
    MessageSets.Scope in = new MessageSets.Scope.InMailbox(number);
    assertThat(cardinality(alice, flagged, in)).containsExactly(1, 1, 1);
    live.add(bobs, mail("a@example.com", "2", "x"), "\\Flagged");
    live.add(inbox, mail("a@example.com", "3", "x"), "\\Flagged", "\\Seen");
    live.add(inbox, mail("a@example.com", "4", "x"));
    live.settle();
    assertThat(cardinality(alice, flagged, in)).containsExactly(3, 2, 3);
    assertThat(
            catalogue.sets().union(Set.of(alice, new MessageSets.Scope.Account(BOB))).cardinality())
        .isEqualTo(4);
  }

  private List<Integer> cardinality(MessageSets.Scope... scopes) {
    return List.of(scopes).stream()
        .map(scope -> catalogue.sets().union(Set.of(scope)).cardinality())
        .collect(Collectors.toList());
  }

  @Test
  void addressesOfOtherDatabasesAreRefused() {
    assertThatThrownBy(() -> Catalogue.open("jdbc:h2:x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jdbc:sqlite:");
  }

  @Test
  void damagedFileIsMovedAsideAndMadeAgain() throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    live.add(inbox, mail("a@example.com", "1", "x"));
    live.settle();
    Path file = directory.resolve("other.db");
    try (Catalogue other = Catalogue.open(file)) {
      live.follow(other);
    }
    byte[] octets = Files.readAllBytes(file);
    for (int at = 4096; at < octets.length; at += 4096) {
      java.util.Arrays.fill(octets, at, at + 100, (byte) 0xA5);
    }
    Files.write(file, octets);
    assertRecovers(file);
    Files.writeString(
        file, "this is no database, whatever its name says; not at all. ".repeat(100));
    assertRecovers(file);
  }

  private void assertRecovers(Path file) throws IOException {
    long before = aside();
    try (Catalogue again = Catalogue.open(file)) {
      assertThat(again.position()).isZero();
      live.follow(again);
      assertThat(again.totals()).isEqualTo(catalogue.totals());
    }
    assertThat(aside()).isEqualTo(before + 1);
  }

  private long aside() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().contains(".damaged-")).count();
    }
  }
}
