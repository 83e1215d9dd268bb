package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Entry;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.fixture.Certificates;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.FaultProxy;
import org.muniment.server.capture.fixture.FaultProxy.Direction;
import org.muniment.server.capture.fixture.FaultProxy.Fault;
import org.muniment.server.capture.fixture.FaultProxy.Kind;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.Credential;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SecretSource;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.config.TrustConfig;

/// A small mailbox is captured over a connection that fails at one octet, and then over one that
/// does not: once for each of some octets. Every time the account is another, and the archive the
/// same.
///
/// An octet that was changed on the way is another message where there is no TLS, which is allowed
/// to this machine only; then what is archived is what came. With TLS it is the end of the
/// connection.
class FaultWalkIT {

  private static final String USER = "walk";
  private static final Duration PATIENCE = Duration.ofMillis(400);
  private static final Duration LONGEST_RUN = Duration.ofSeconds(30);
  private static final List<Kind> CUTS =
      List.of(Kind.RESET, Kind.TRUNCATE, Kind.HALF_CLOSE, Kind.DELAY);

  @TempDir Path served;
  @TempDir Path data;
  @TempDir Path keys;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private Certificates certificates;
  private Dovecot dovecot;
  private Map<String, ContentId> expected;
  private int accounts;

  @BeforeEach
  void start() throws Exception {
    Requires.dovecot();
    System.out.println("FaultWalkIT seed " + seed);
    certificates = new Certificates(keys).make("own", "-ext san=ip:127.0.0.1");
    SampleMaildir mail = new SampleMaildir(served.resolve("mail").resolve(USER), 77);
    mail.fill("", 6, 700);
    mail.add("", "", new byte[0]);
    mail.add("", "FS", SampleMaildir.latin("Subject: )\r\n\r\n* 1 FETCH (UID 1)\r\n{3}\r\n"));
    mail.fill(".Attic", 4, 900);
    Dovecot.own(served.resolve("mail"));
    dovecot =
        Dovecot.startWithTls(served, certificates.certificate("own"), certificates.key("own"));
    expected = asAnotherClientSeesIt();
  }

  @AfterEach
  void stop() {
    if (dovecot != null) {
      dovecot.close();
    }
  }

  @Test
  void aConnectionThatEndsAnywhereCostsNoMessageAndDoublesNone() throws Exception {
    walk(false, 36, this::cut, 0);
  }

  @Test
  void anOctetThatIsAnotherCostsAtMostItsOwnMessage() throws Exception {
    walk(false, 24, this::garbled, 1);
  }

  @Test
  void withTlsAnOctetThatIsAnotherCostsNothing() throws Exception {
    walk(true, 12, this::garbled, 0);
  }

  @Test
  void aServerThatFallsSilentAnywhereIsLeft() throws Exception {
    walk(false, 4, (direction, at) -> new Fault(Kind.STALL, direction, at, 1), 0);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void aConnectionThatEndsInManyPlacesCostsNoMessageAndDoublesNone() throws Exception {
    walk(false, 600, this::cut, 0);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void manyOctetsThatAreAnotherCostAtMostTheirOwnMessage() throws Exception {
    walk(false, 250, this::garbled, 1);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void withTlsManyOctetsThatAreAnotherCostNothing() throws Exception {
    walk(true, 150, this::garbled, 0);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void aServerThatFallsSilentInManyPlacesIsLeft() throws Exception {
    walk(false, 40, (direction, at) -> new Fault(Kind.STALL, direction, at, 1), 0);
  }

  private Fault cut(Direction direction, long at) {
    return new Fault(CUTS.get(random.nextInt(CUTS.size())), direction, at, 1);
  }

  private Fault garbled(Direction direction, long at) {
    return new Fault(Kind.GARBLE, direction, at, 1 + random.nextInt(255));
  }

  /// @param most positions; every one when there are no more
  /// @param changed messages that may have other octets afterwards
  private void walk(boolean tls, int most, Faults faults, int changed) throws Exception {
    int port = tls ? dovecot.tlsPort() : dovecot.port();
    try (FaultProxy proxy = new FaultProxy(port);
        TestArchive archive = new TestArchive(data)) {
      AccountConfig plain = account(proxy.port(), tls);
      proxy.prepare(null);
      assertThat(archive.capture(plain).complete()).isTrue();
      int struck = 0;
      for (Direction direction : Direction.values()) {
        long length = proxy.passed(direction);
        List<Long> positions =
            positions(length, direction == Direction.TO_SERVER ? most / 4 : most - most / 4);
        proxy.prepare(null);
        for (long at : positions) {
          Fault fault = faults.at(direction, at);
          struck += check(archive, proxy, account(proxy.port(), tls), fault, changed) ? 1 : 0;
        }
        proxy.prepare(null);
        archive.capture(account(proxy.port(), tls));
      }
      System.out.println("FaultWalkIT faults " + struck);
      assertThat(struck).isGreaterThan(Math.min(most, 100) / 2);
    }
    assertThat(TestArchive.verify(data).findings()).isEmpty();
  }

  private List<Long> positions(long length, int most) {
    List<Long> positions = new ArrayList<>();
    if (most >= length) {
      for (long at = 0; at < length; at++) {
        positions.add(at);
      }
    } else {
      random.longs(most, 0, length).sorted().forEach(positions::add);
    }
    return positions;
  }

  /// @return whether the fault has happened
  private boolean check(
      TestArchive archive, FaultProxy proxy, AccountConfig account, Fault fault, int changed)
      throws IOException {
    String where = "seed " + seed + ", " + fault;
    long begin = archive.size();
    proxy.prepare(fault);
    long started = System.nanoTime();
    archive.capture(account, TestArchive.impatient(PATIENCE));
    assertThat(Duration.ofNanos(System.nanoTime() - started)).as(where).isLessThan(LONGEST_RUN);
    boolean struck = !proxy.pending();
    proxy.prepare(null);
    CaptureOutcome.Finished whole =
        changed == 0 ? archive.capture(account) : later(archive, account);
    assertThat(whole.complete()).as("%s: %s", where, whole.receipt()).isTrue();
    if (changed == 0) {
      assertThat(placements(archive, begin)).as(where).isEqualTo(expected);
    } else {
      there(archive, account, begin, whole, changed, where);
    }
    return struck;
  }

  /// When a message that failed is due again: where there is no TLS, the server can come to wait
  /// for the rest of a command that was another on the way, and it is the next one that fails.
  private static CaptureOutcome.Finished later(TestArchive archive, AccountConfig account) {
    return (CaptureOutcome.Finished)
        archive
            .capture(Clock.offset(Clock.systemUTC(), Duration.ofHours(2)))
            .run(account, CaptureProgress.NONE, () -> false);
  }

  /// What was archived since `begin`, each place once.
  private static Map<String, ContentId> placements(TestArchive archive, long begin)
      throws IOException {
    Map<MailboxId, String> names = new HashMap<>();
    Map<String, ContentId> placements = new HashMap<>();
    for (Entry entry : archive.entriesFrom(begin)) {
      switch (entry.event()) {
        case Event.MailboxCreated created -> names.put(created.id(), created.name().octets());
        case Event.Placement placement -> {
          String place = names.get(placement.mailbox()) + " " + TestArchive.source(placement).uid();
          assertThat(placements.put(place, placement.content())).as(place).isNull();
        }
        default -> {}
      }
    }
    return placements;
  }

  /// Checks that the archive has each message of the server once in its view, at most `changed` of
  /// them with other octets.
  private void there(
      TestArchive archive,
      AccountConfig account,
      long begin,
      CaptureOutcome.Finished whole,
      int changed,
      String where)
      throws IOException {
    SourceProgress progress = archive.progress();
    progress.follow();
    Set<ContentId> archived = new HashSet<>();
    for (Entry entry : archive.entriesFrom(begin)) {
      if (entry.event() instanceof Event.Placement placement) {
        archived.add(placement.content());
      }
    }
    long lost = expected.values().stream().filter(content -> !archived.contains(content)).count();
    assertThat(lost).as(where).isLessThanOrEqualTo(changed);
    Map<MailboxId, UidValidity> generations = new HashMap<>();
    whole
        .receipt()
        .mailboxes()
        .forEach(one -> generations.put(one.mailbox(), one.source().uidValidity()));
    long places = 0;
    for (SourceProgress.KnownMailbox mailbox : progress.mailboxes(account.name())) {
      if (generations.containsKey(mailbox.id())) {
        UidRanges there = progress.there(mailbox.id(), generations.get(mailbox.id()));
        assertThat(progress.thereInView(mailbox.id()).size()).as(where).isEqualTo(there.size());
        places += there.size();
      }
    }
    assertThat(places).as(where).isEqualTo(expected.size());
  }

  private AccountConfig account(int port, boolean tls) throws Exception {
    SourceConfig source =
        tls
            ? new SourceConfig.Imap(
                "127.0.0.1",
                port,
                SourceConfig.Security.TLS,
                new TrustConfig(null, Set.of(certificates.fingerprint("own"))),
                USER,
                new Credential.Password(
                    new SecretSource.Written(new Secret(Dovecot.PASSWORD)), null))
            : Dovecot.source(USER, port);
    return TestArchive.account("a" + accounts++, source);
  }

  private Map<String, ContentId> asAnotherClientSeesIt() throws IOException {
    Map<String, ContentId> messages = new HashMap<>();
    try (RawImap judge = new RawImap(dovecot.port(), USER, Dovecot.PASSWORD)) {
      for (String mailbox : List.of("INBOX", "Attic")) {
        judge.command("EXAMINE " + mailbox);
        for (RawImap.Line line : judge.command("UID FETCH 1:* (UID)")) {
          String text = line.text();
          int begin = text.indexOf("(UID ") + "(UID ".length();
          long uid = Long.parseLong(text.substring(begin, text.indexOf(')', begin)));
          messages.put(
              mailbox + " " + uid, ContentId.sha256(new ByteArrayInputStream(judge.octets(uid))));
        }
      }
    }
    assertThat(messages).hasSize(12);
    return messages;
  }

  private interface Faults {
    Fault at(Direction direction, long at);
  }
}
