package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Entry;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.config.AccountConfig;

/// Runs that have much to observe, in a process that is killed between the first durable
/// observation and the receipt, or wherever it happens to be. Afterwards the log says what the
/// server has, and no observation contradicts one before it.
class ObservationCrashTest {

  private static final String USER = "vera";
  private static final int MAILBOXES = 12;
  private static final int MESSAGES = 40;
  private static final int ROUNDS = 8;

  @TempDir Path served;
  @TempDir Path data;
  @TempDir Path copies;

  @Test
  void noObservationIsLostOrContradictedHoweverOftenCaptureIsKilled() throws Exception {
    Requires.dovecot();
    long seed = System.nanoTime();
    System.out.println("ObservationCrashTest seed " + seed);
    Random random = new Random(seed);
    try (Dovecot dovecot = Dovecot.start(served)) {
      SampleMaildir mail = new SampleMaildir(dovecot.maildir(USER), seed);
      for (int i = 0; i < MAILBOXES; i++) {
        mail.fill(".box" + i, MESSAGES, 300);
      }
      Dovecot.own(dovecot.maildir(USER));
      assertThat(run(dovecot, "whole")).isZero();
      int between = 0;
      for (int round = 0; round < ROUNDS; round++) {
        change(dovecot, random);
        if (round % 2 == 0) {
          between += dieBetween(dovecot, round, random) ? 1 : 0;
        } else {
          kill(dovecot, random.nextInt(400));
        }
      }
      System.out.println("ObservationCrashTest between observations and receipt " + between);
      assertThat(between).isPositive();
      assertThat(run(dovecot, "whole")).isZero();
      check(dovecot);
    }
    assertThat(TestArchive.verify(data).findings()).isEmpty();
  }

  private static void change(Dovecot dovecot, Random random) throws IOException {
    try (RawImap imap = new RawImap(dovecot.port(), USER, Dovecot.PASSWORD)) {
      for (int i = 0; i < MAILBOXES; i++) {
        imap.command("SELECT box" + i);
        int uid = 1 + random.nextInt(MESSAGES);
        imap.command("UID STORE " + uid + ":* +FLAGS (k" + random.nextInt(3) + ")");
        imap.command("UID STORE 1:" + uid + " -FLAGS (k" + random.nextInt(3) + ")");
        imap.command("UID MOVE " + uid + " box" + (i + 1) % MAILBOXES);
        imap.command("UID STORE " + (1 + random.nextInt(MESSAGES)) + " +FLAGS (\\Deleted)");
        imap.command("EXPUNGE");
        imap.append("box" + i, SampleMaildir.latin("Subject: " + random.nextLong() + "\r\n\r\n"));
      }
    }
  }

  /// Leaves the log as a run leaves it that ends after some of its observations are durable: the
  /// process dies before the first, and what it would have observed is known from a twin.
  ///
  /// @return whether there is an observation and no receipt
  private boolean dieBetween(Dovecot dovecot, int round, Random random) throws Exception {
    Path twin = copies.resolve("twin" + round);
    copy(data, twin);
    List<Event.Observed> observed;
    try (TestArchive archive = new TestArchive(twin)) {
      int before = archive.events(Event.Observed.class).size();
      archive.capture(TestArchive.account(USER, dovecot.source(USER)));
      List<Event.Observed> all = archive.events(Event.Observed.class);
      observed = all.subList(before, all.size());
    }
    assertThat(run(dovecot, "observing")).isEqualTo(137);
    int durable = random.nextInt(observed.size() + 1);
    try (TestArchive archive = new TestArchive(data)) {
      for (Event.Observed one : observed.subList(0, durable)) {
        archive.record(one);
      }
    }
    return durable > 0;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  private void check(Dovecot dovecot) throws Exception {
    Map<MailboxId, String> names = new HashMap<>();
    Map<String, Set<SourceText>> flags = new HashMap<>();
    Map<String, Long> sources = new HashMap<>();
    Set<String> gone = new HashSet<>();
    try (TestArchive archive = new TestArchive(data)) {
      for (Entry entry : archive.entries()) {
        switch (entry.event()) {
          case Event.MailboxCreated created -> names.put(created.id(), created.name().octets());
          case Event.Placement placement -> {
            String place = place(placement.mailbox(), placement.uid().value());
            assertThat(flags.put(place, placement.flags())).isNull();
            sources.put(place, TestArchive.source(placement).uid().value());
          }
          case Event.Observed seen -> {
            seen.gone().forEach(uid -> assertThat(gone.add(place(seen.mailbox(), uid))).isTrue());
            seen.moved().forEach(uid -> assertThat(gone.add(place(seen.mailbox(), uid))).isTrue());
            seen.back()
                .forEach(uid -> assertThat(gone.remove(place(seen.mailbox(), uid))).isTrue());
            for (Event.FlagsOf of : seen.flags()) {
              of.uids()
                  .forEach(
                      uid ->
                          assertThat(flags.put(place(seen.mailbox(), uid), of.flags()))
                              .isNotNull()
                              .isNotEqualTo(of.flags()));
            }
          }
          default -> {}
        }
      }
    }
    Map<String, Set<SourceText>> archived = new HashMap<>();
    names.forEach(
        (id, name) ->
            sources.forEach(
                (place, source) -> {
                  if (place.startsWith(id + " ") && !gone.contains(place)) {
                    Set<SourceText> last = flags.getOrDefault(place, Set.of());
                    assertThat(archived.put(name + " " + source, last)).isNull();
                  }
                }));
    assertThat(archived).isEqualTo(atTheServer(dovecot));
  }

  private static String place(MailboxId mailbox, long uid) {
    return mailbox + " " + new Uid(uid);
  }

  private static Map<String, Set<SourceText>> atTheServer(Dovecot dovecot) throws IOException {
    Map<String, Set<SourceText>> messages = new HashMap<>();
    try (RawImap judge = new RawImap(dovecot.port(), USER, Dovecot.PASSWORD)) {
      for (int i = 0; i < MAILBOXES; i++) {
        judge.command("EXAMINE box" + i);
        for (RawImap.Line line : judge.command("UID FETCH 1:* (FLAGS)")) {
          String text = line.text();
          if (!text.contains("FETCH")) {
            continue;
          }
          int uid = text.indexOf("UID ") + 4;
          int begin = text.indexOf("FLAGS (") + 7;
          Set<SourceText> flags = new HashSet<>();
          for (String flag : text.substring(begin, text.indexOf(')', begin)).split(" ", -1)) {
            if (!flag.isEmpty() && !flag.equals("\\Recent")) {
              flags.add(SourceText.of(flag));
            }
          }
          int end = uid;
          while (Character.isDigit(text.charAt(end))) {
            end++;
          }
          messages.put("box" + i + " " + text.substring(uid, end), flags);
        }
      }
    }
    return messages;
  }

  private int run(Dovecot dovecot, String how) throws Exception {
    Process child = child(dovecot, how);
    child.getInputStream().readAllBytes();
    return child.waitFor();
  }

  private void kill(Dovecot dovecot, int millis) throws Exception {
    Process child = child(dovecot, "whole");
    if (child.getInputStream().read() >= 0 && !child.waitFor(millis, TimeUnit.MILLISECONDS)) {
      child.destroyForcibly();
    }
    child.waitFor();
  }

  private Process child(Dovecot dovecot, String how) throws Exception {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CaptureChild.class.getName(),
                data.toString(),
                Integer.toString(dovecot.port()),
                how))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /// The process that is killed.
  static final class CaptureChild {
    private CaptureChild() {}

    public static void main(String[] arguments) throws Exception {
      try (TestArchive archive = new TestArchive(Path.of(arguments[0]))) {
        System.out.write('b');
        System.out.flush();
        AccountConfig account =
            TestArchive.account(USER, Dovecot.source(USER, Integer.parseInt(arguments[1])));
        boolean complete =
            arguments[2].equals("observing")
                ? archive
                    .capture(account, ImapLimits.ofMessages(1 << 30), mortal(archive.progress()))
                    .complete()
                : archive.capture(account).complete();
        if (!complete) {
          System.exit(1);
        }
      }
    }

    /// Ends the process when it is asked where else a message is, which is the first thing that a
    /// run asks when it has fetched everything.
    private static SourceProgress mortal(SourceProgress progress) {
      return (SourceProgress)
          Proxy.newProxyInstance(
              SourceProgress.class.getClassLoader(),
              new Class<?>[] {SourceProgress.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("elsewhere")) {
                  Runtime.getRuntime().halt(137);
                }
                return method.invoke(progress, arguments);
              });
    }
  }
}
