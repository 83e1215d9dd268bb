package org.muniment.indexer.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Location;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.LiveArchive;

/// A catalogue beside an archive that is sealed.
class SealedCatalogueTest {

  @TempDir Path directory;

  @Test
  void theRowsAreTheSameWheneverTheLogIsFollowedAndTheArchiveSealed() throws IOException {
    long seed = System.nanoTime();
    System.out.println("SealedCatalogueTest seed " + seed);
    Random random = new Random(seed);
    Path late = directory.resolve("late.db");
    try (LiveArchive live = new LiveArchive(directory)) {
      MailboxId inbox = live.mailbox(ALICE, "INBOX");
      for (int i = 0; i < 60; i++) {
        for (int j = random.nextInt(4); j >= 0; j--) {
          live.add(inbox, mailWithAttachment(random.nextInt(40), random.nextInt(12)));
        }
        live.settle();
        if (random.nextInt(6) == 0) {
          live.writer().seal(Progress.NONE);
        }
        if (random.nextInt(10) == 0) {
          live.writer().retire(Duration.ZERO);
        }
        if (random.nextInt(6) == 0) {
          followTo(live, late);
        }
      }
      assertSameRows(live, late, seed);
      live.writer().seal(Progress.NONE);
      assertSameRows(live, late, seed);
      live.writer().retire(Duration.ZERO);
      assertSameRows(live, late, seed);
      assertThat(locations(live)).allSatisfy(text -> assertThat(text).startsWith("segment:"));
      assertThat(dump(live).get("part")).as("parts").hasSizeGreaterThan(5);
    }
  }

  private void assertSameRows(LiveArchive live, Path late, long seed) throws IOException {
    live.settle();
    followTo(live, late);
    Path anew = directory.resolve("anew-" + System.nanoTime() + ".db");
    followTo(live, anew);
    assertThat(CatalogueDump.of(late)).as("seed %d, late", seed).isEqualTo(dump(live));
    assertThat(CatalogueDump.of(anew)).as("seed %d, anew", seed).isEqualTo(dump(live));
  }

  private static void followTo(LiveArchive live, Path file) throws IOException {
    try (Catalogue catalogue = Catalogue.open(file)) {
      live.follow(catalogue);
      assertThat(catalogue.position()).isEqualTo(live.archive().size());
    }
  }

  private static java.util.Map<String, List<String>> dump(LiveArchive live) {
    return CatalogueDump.of(live.catalogueFile());
  }

  private static List<String> locations(LiveArchive live) {
    return Jdbi.create("jdbc:sqlite:" + live.catalogueFile())
        .withHandle(
            handle -> handle.select("SELECT location FROM message").mapTo(String.class).list());
  }

  @Test
  void everyMessageIsReadFromWhereItWasMoved() throws IOException {
    try (LiveArchive live = new LiveArchive(directory)) {
      List<Event.Placement> placements = fill(live, 30);
      live.settle();
      live.writer().seal(Progress.NONE);
      live.settle();
      live.writer().retire(Duration.ZERO);
      for (Event.Placement placement : placements) {
        assertThat(read(live, placement.content())).isEqualTo(placement.content());
      }
    }
  }

  @Test
  void aPartIsSealedOnceHoweverManySealingsSeeIt() throws IOException {
    try (LiveArchive live = new LiveArchive(directory)) {
      MailboxId inbox = live.mailbox(ALICE, "INBOX");
      for (int sealing = 0; sealing < 3; sealing++) {
        live.add(inbox, mailWithAttachment(sealing, 1));
        live.settle();
        live.writer().seal(Progress.NONE);
        live.settle();
      }
      List<String> parts = dump(live).getOrDefault("part", List.of());
      assertThat(parts).hasSize(1);
      assertThat(
              new String(
                  java.util.HexFormat.of().parseHex(parts.getFirst().split(" ", -1)[1]),
                  StandardCharsets.US_ASCII))
          .startsWith("segment:1:");
    }
  }

  @Test
  void aPartIsFoundOnceItsSealWasFollowed() throws IOException {
    byte[] attachment = attachment(1);
    ContentId part = ContentId.parse(sha256(attachment));
    try (LiveArchive live = new LiveArchive(directory)) {
      live.add(live.mailbox(ALICE, "INBOX"), mailWithAttachment(1, 1));
      live.settle();
      assertThat(live.catalogue().findPart(part)).isNull();
      live.writer().seal(Progress.NONE);
      assertThat(live.catalogue().findPart(part)).isNull();
      live.settle();
      assertThat(live.catalogue().findPart(part))
          .extracting(Location::text)
          .asString()
          .startsWith("segment:1:");
    }
  }

  @Test
  void aMessageIsFoundThoughItsRowPointsWrong() throws IOException {
    try (LiveArchive live = new LiveArchive(directory)) {
      List<Event.Placement> sealed = fill(live, 8);
      live.settle();
      live.writer().seal(Progress.NONE);
      live.settle();
      live.writer().retire(Duration.ZERO);
      List<Event.Placement> unsealed = fill(live, 8, 100);
      live.settle();
      String other = locations(live).get(12);
      for (List<Event.Placement> placements : List.of(sealed, unsealed)) {
        for (String wrong :
            List.of(
                other,
                "journal:1:64:0",
                "journal:2:1:0",
                "segment:99:64:0",
                "segment:1:1:0",
                "segment:1:9223372036854775807:2147483647",
                "nonsense",
                "")) {
          Event.Placement placement = placements.get(wrong.length() % placements.size());
          point(live, placement.content(), wrong);
          assertThat(read(live, placement.content())).as(wrong).isEqualTo(placement.content());
        }
      }
    }
  }

  @Test
  void aMessageWhoseRowPointsWrongIsNotStoredTwice() throws IOException {
    try (LiveArchive live = new LiveArchive(directory)) {
      Event.Placement sealed = fill(live, 1).getFirst();
      live.settle();
      live.writer().seal(Progress.NONE);
      live.settle();
      Event.Placement unsealed = live.add(sealed.mailbox(), mailWithAttachment(1, 0));
      live.settle();
      point(live, sealed.content(), "segment:1:1:0");
      point(live, unsealed.content(), "nonsense");
      live.add(sealed.mailbox(), mailWithAttachment(0, 0));
      live.add(sealed.mailbox(), mailWithAttachment(1, 0));
      live.settle();
      Event.Seal seal = Objects.requireNonNull(live.writer().seal(Progress.NONE));
      assertThat(seal.segments().getFirst().messages()).isEqualTo(1);
    }
  }

  @Test
  void whatTheArchiveDoesNotHaveIsAnErrorNotAnotherMessage() throws IOException {
    try (LiveArchive live = new LiveArchive(directory)) {
      List<Event.Placement> placements = fill(live, 2);
      live.settle();
      Location other = Objects.requireNonNull(live.catalogue().find(placements.get(1).content()));
      ContentId unknown = ContentId.parse(sha256(new byte[] {1}));
      assertThatThrownBy(() -> live.archive().open(unknown, other, 0))
          .isInstanceOf(CorruptArchiveException.class);
    }
  }

  @Test
  void aCatalogueOfTheFirstSchemaIsMadeAgainByItself() throws IOException {
    try (LiveArchive live = new LiveArchive(directory)) {
      fill(live, 10);
      live.settle();
      live.writer().seal(Progress.NONE);
      live.settle();
      Path old = directory.resolve("old.db");
      followTo(live, old);
      Jdbi.create("jdbc:sqlite:" + old)
          .useHandle(
              handle -> {
                handle.execute("DROP TABLE part");
                handle.execute("DELETE FROM flyway_schema_history WHERE version = '2'");
              });
      followTo(live, old);
      assertThat(CatalogueDump.of(old)).isEqualTo(dump(live));
    }
  }

  private static List<Event.Placement> fill(LiveArchive live, int messages) throws IOException {
    return fill(live, messages, 0);
  }

  private static List<Event.Placement> fill(LiveArchive live, int messages, int from)
      throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "from " + from);
    List<Event.Placement> placements = new ArrayList<>();
    for (int i = from; i < from + messages; i++) {
      placements.add(live.add(inbox, mailWithAttachment(i, i % 3)));
    }
    return placements;
  }

  private static void point(LiveArchive live, ContentId message, String location) {
    Jdbi.create("jdbc:sqlite:" + live.catalogueFile())
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE message SET location = ? WHERE content = ?",
                    location,
                    message.bytes()));
  }

  /// The identity of what is read where the catalogue says.
  private static ContentId read(LiveArchive live, ContentId id) throws IOException {
    Message row = live.catalogue().messages().find(id).orElseThrow();
    try (InputStream octets = live.archive().open(id, row.location(), 0)) {
      return ContentId.parse(sha256(octets.readAllBytes()));
    }
  }

  private static String sha256(byte[] octets) {
    try {
      return java.util.HexFormat.of()
          .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] attachment(int number) {
    byte[] octets = new byte[5_000];
    new Random(number).nextBytes(octets);
    return octets;
  }

  private static String mailWithAttachment(int number, int attachment) {
    return mail("a@example.com", "s" + number, "b")
            .replace("Content-Type: text/plain", "Content-Type: application/octet-stream")
            .replace("Transfer-Encoding: 8bit", "Transfer-Encoding: base64")
        + Base64.getMimeEncoder().encodeToString(attachment(attachment))
        + "\r\n";
  }
}
