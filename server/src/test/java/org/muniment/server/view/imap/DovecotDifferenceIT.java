package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.Requires;

/// This view and a Dovecot serve the same mail and are asked the same. Where they differ, either
/// [KnownDifference] says why, or something is wrong here. `-Dimap.seed=7 -Dimap.garbled=2000`
/// tries other garbled mail, and more.
class DovecotDifferenceIT {

  private static final Instant FIRST = Instant.parse("2017-07-20T08:09:10Z");
  private static final List<String> FLAGS = List.of("", "S", "RS", "F", "FS", "DS", "T", "ST");
  private static final int MAX_SHOWN = 4_000;

  /// Stands for the answer to a command among what it fetched.
  private static final String END = "the answer";

  private static final List<TortureMail> MAILS = new ArrayList<>(TortureMail.all());
  private static FakeArchive archive;
  private static Dovecot dovecot;
  private static ImapListener server;
  private final List<String> differences = new ArrayList<>();
  private TestClient ours;
  private TestClient theirs;

  @BeforeAll
  static void serve(@TempDir Path folder) throws Exception {
    Requires.dovecot();
    long seed = Long.getLong("imap.seed", 1);
    System.out.println("seed " + seed);
    MAILS.addAll(TortureMail.garbled(new Random(seed), Integer.getInteger("imap.garbled", 300)));
    dovecot = Dovecot.start(folder);
    Path maildir = Files.createDirectories(dovecot.maildir("alice"));
    Path cur = Files.createDirectory(maildir.resolve("cur"));
    Files.createDirectory(maildir.resolve("new"));
    Files.createDirectory(maildir.resolve("tmp"));
    archive = new FakeArchive(1, 1);
    MailboxId inbox = archive.mailbox("INBOX");
    for (int i = 0; i < MAILS.size(); i++) {
      byte[] octets = MAILS.get(i).octets();
      Instant date = FIRST.plusSeconds(40_000L * i);
      String flags = FLAGS.get(i % FLAGS.size());
      Path file = cur.resolve("%010d.M1P1.host:2,%s".formatted(1_000_000 + i, flags));
      Files.setLastModifiedTime(Files.write(file, octets), FileTime.from(date));
      archive.append(
          inbox,
          offset -> new ByteArrayInputStream(octets, (int) offset, octets.length - (int) offset),
          date,
          MaildirServer.flags("," + flags));
    }
    Dovecot.own(maildir);
    server = TestServer.of(archive);
    // The first session that looks into the mailbox would have all as \Recent.
    try (TestClient first = dovecot()) {
      first.command("SELECT INBOX");
    }
  }

  @BeforeEach
  void open() throws IOException {
    ours = opened(TestClient.signedIn(server.address()));
    theirs = opened(dovecot());
  }

  private static TestClient opened(TestClient client) throws IOException {
    assertThat(client.command("EXAMINE INBOX")).contains("* " + MAILS.size() + " EXISTS");
    return client;
  }

  @AfterEach
  void close() throws IOException {
    ours.close();
    theirs.close();
  }

  private static TestClient dovecot() throws IOException {
    TestClient client =
        new TestClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), dovecot.port()));
    client.response();
    client.command("LOGIN alice " + Dovecot.PASSWORD);
    return client;
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable part : new AutoCloseable[] {server, dovecot}) {
      if (part != null) {
        part.close();
      }
    }
  }

  @Test
  void everyKnownDifferenceIsDocumented() throws IOException {
    String documented = Files.readString(Path.of("..", "docs", "imap-view.md"));
    for (KnownDifference difference : KnownDifference.values()) {
      assertThat(documented).contains("\n| " + difference.row + " |");
    }
  }

  @Test
  void whatAMessageLooksLike() throws IOException {
    for (int i = 0; i < MAILS.size(); i++) {
      compare(
          i,
          "UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY BODYSTRUCTURE RFC822.HEADER BODY.PEEK[]"
              + " BODY.PEEK[HEADER] BODY.PEEK[TEXT] BODY.PEEK[HEADER.FIELDS (Subject From x-none)]"
              + " BODY.PEEK[HEADER.FIELDS.NOT (Received subject)] BODY.PEEK[HEADER.FIELDS (To)]<3.20>"
              + " BODY.PEEK[]<0.20> BODY.PEEK[]<7.100> BODY.PEEK[]<999999.5> BODY.PEEK[TEXT]<2.3>");
    }
    assertNone();
  }

  @Test
  void everySectionOfEveryPart() throws IOException {
    for (int i = 0; i < MAILS.size(); i++) {
      for (String part : parts(i)) {
        compare(
            i,
            "BODY.PEEK[N] BODY.PEEK[N]<1.9> BODY.PEEK[N.MIME] BODY.PEEK[N.MIME]<5.10>"
                    .replace("N", part)
                + " BODY.PEEK[N.HEADER] BODY.PEEK[N.TEXT] BODY.PEEK[N.HEADER.FIELDS (subject)]"
                    .replace("N.", part + ".")
                + " BODY.PEEK[N.HEADER.FIELDS.NOT (subject)]".replace("N.", part + "."));
      }
    }
    assertNone();
  }

  @Test
  void partsWithoutTheirEncoding() throws IOException {
    for (int i = 0; i < MAILS.size(); i++) {
      for (String part : parts(i)) {
        compare(i, "BINARY.PEEK[" + part + "]");
        compare(i, "BINARY.PEEK[" + part + "]<2.7>");
        compare(i, "BINARY.SIZE[" + part + "]");
      }
    }
    assertNone();
  }

  @Test
  void whatSearchesFind() throws IOException {
    String messages = readAlike();
    for (String keys : SEARCHES) {
      answer("SEARCH " + keys + " " + messages);
      answer("UID SEARCH " + keys + " " + messages);
    }
    assertNone();
  }

  @Test
  void howMessagesAreSortedAndThreaded() throws IOException {
    String messages = readAlike();
    for (String criteria :
        List.of(
            "DATE",
            "ARRIVAL",
            "SUBJECT",
            "REVERSE SIZE",
            "FROM",
            "TO",
            "CC",
            "DISPLAYFROM",
            "DISPLAYTO",
            "REVERSE DATE SUBJECT",
            "SUBJECT REVERSE ARRIVAL")) {
      answer("SORT (" + criteria + ") UTF-8 " + messages);
      answer("UID SORT (" + criteria + ") UTF-8 UNSEEN " + messages);
    }
    for (String algorithm : List.of("REFERENCES", "ORDEREDSUBJECT")) {
      answer("THREAD " + algorithm + " UTF-8 " + messages);
      answer("UID THREAD " + algorithm + " UTF-8 SEEN " + messages);
    }
    assertNone();
  }

  /// The messages of which nothing is known to be read in another way.
  private String readAlike() throws IOException {
    List<String> alike = new ArrayList<>();
    for (int i = 0; i < MAILS.size(); i++) {
      String items = "ENVELOPE BODYSTRUCTURE";
      if (MAILS.get(i).isTidy()
          && !MAILS.get(i).hasNoParts()
          && !MAILS.get(i).holdsBareHeader()
          && !MAILS.get(i).hasTwoTypes()
          && !MAILS.get(i).text().contains("message/global")
          && fetch(ours, i, items).equals(fetch(theirs, i, items))) {
        alike.add(Integer.toString(i + 1));
      }
    }
    assertThat(alike).hasSizeGreaterThan(MAILS.size() / 3);
    return String.join(",", alike);
  }

  private static final List<String> SEARCHES =
      List.of(
          "ALL",
          "SEEN",
          "UNSEEN",
          "ANSWERED",
          "UNFLAGGED",
          "DELETED",
          "DRAFT",
          "NEW",
          "OLD",
          "RECENT",
          "KEYWORD x",
          "UNKEYWORD x",
          "1:10,20:*",
          "UID 5:9",
          "NOT SEEN",
          "OR SEEN FLAGGED",
          "NOT (OR SUBJECT no BODY body)",
          "SUBJECT body",
          "SUBJECT \"no end\"",
          "SUBJECT \"\"",
          "SUBJECT \"z\u00FCrich\"",
          "FROM example",
          "FROM \"Ann Example\"",
          "TO nobody",
          "TO \"friends\"",
          "CC ann",
          "BCC x",
          "HEADER Message-ID 1",
          "HEADER X-Field-1499 value",
          "HEADER X-None \"\"",
          "HEADER Subject \"\"",
          "HEADER Content-Type multipart",
          "HEADER References a@example.org",
          "BODY \"the body\"",
          "BODY \"inner body\"",
          "BODY two",
          "BODY preamble",
          "BODY \"before\"",
          "BODY \"decoded\"",
          "BODY \"QUJD\"",
          "BODY \"a=b\"",
          "BODY \"\"",
          "BODY epilogue",
          "BODY Reporting-MTA",
          "TEXT sender@example.org",
          "TEXT content-type",
          "TEXT quoted-printable",
          "TEXT content-disposition",
          "TEXT message/rfc822",
          "BODY message",
          "TEXT \"subject: inner\"",
          "BODY \"subject: inner\"",
          "TEXT \"nothing of the kind\"",
          "TEXT \"z\u00FCrich\"",
          "LARGER 1000",
          "SMALLER 100",
          "LARGER 100 SMALLER 200",
          "BEFORE 21-Jul-2017",
          "ON 20-Jul-2017",
          "SINCE 1-Aug-2017",
          "SENTBEFORE 1-Jan-2000 SENTSINCE 1-Jan-1980",
          "SENTON 21-Nov-1997",
          "SENTON 20-Jul-2017",
          "SENTSINCE 1-Jan-2000",
          "RETURN (MIN MAX COUNT) UNSEEN",
          "RETURN (ALL) FLAGGED",
          "RETURN () SEEN",
          "RETURN (MIN) SUBJECT \"nothing of the kind\"");

  /// Texts are in UTF-8; tags do not matter.
  private void answer(String command) throws IOException {
    ImapValue here = answer(ours, command);
    ImapValue there = answer(theirs, command);
    if (!here.equals(there)) {
      note(command.substring(0, Math.min(command.length(), 100)), "all", here, there);
    }
  }

  private static ImapValue answer(TestClient client, String command) throws IOException {
    boolean named = command.contains("SEARCH") && command.chars().anyMatch(c -> c > 0x7F);
    String octets =
        new String(
            (named ? command.replaceFirst("SEARCH", "SEARCH CHARSET UTF-8") : command)
                .getBytes(StandardCharsets.UTF_8),
            StandardCharsets.ISO_8859_1);
    List<ImapValue> values = new ArrayList<>();
    for (String response : client.command(octets)) {
      if (response.startsWith("* OK ") || response.startsWith("* FLAGS ")) {
        continue;
      }
      values.addAll(
          response.startsWith("* ")
              ? ImapValue.read(response.replaceFirst("\\(TAG \"[^\"]*\"\\) ?", ""))
              : List.of(new ImapValue.Atom(response.substring(0, response.indexOf(' ')))));
    }
    return new ImapValue.Items(values);
  }

  /// The numbers of all parts, and of some that there are not.
  private List<String> parts(int mail) throws IOException {
    ImapValue structure = fetch(ours, mail, "BODY").values().iterator().next();
    List<String> parts = new ArrayList<>();
    addParts((ImapValue.Items) structure, "", parts);
    parts = parts.subList(0, Math.min(parts.size(), 12));
    return Stream.concat(parts.stream(), Stream.of("1", "9", "1.9")).distinct().toList();
  }

  private static void addParts(ImapValue.Items structure, String before, List<String> parts) {
    if (structure.values().getFirst() instanceof ImapValue.Items) {
      for (int i = 0; structure.values().get(i) instanceof ImapValue.Items child; i++) {
        parts.add(before + (i + 1));
        addParts(child, before + (i + 1) + ".", parts);
      }
    } else if (isMessage(structure)) {
      ImapValue.Items root = (ImapValue.Items) structure.values().get(8);
      if (!(root.values().getFirst() instanceof ImapValue.Items)) {
        parts.add(before + "1");
      }
      addParts(root, before, parts);
    }
  }

  private static boolean isMessage(ImapValue.Items structure) {
    return structure.values().size() > 8 && structure.values().get(8) instanceof ImapValue.Items;
  }

  private void compare(int mail, String items) throws IOException {
    Map<String, ImapValue> here = fetch(ours, mail, items);
    Map<String, ImapValue> there;
    try {
      there = fetch(theirs, mail, items);
    } catch (IOException e) {
      // It ends the session over some wrong Base64.
      theirs = opened(dovecot());
      there = Map.of(END, new ImapValue.Atom("none"));
    }
    ImapValue theirEnd = there.getOrDefault(END, ImapValue.NIL);
    if (items.startsWith("BINARY") && !theirEnd.equals(new ImapValue.Atom("OK"))) {
      // WRONG_BASE64
      return;
    }
    Set<String> labels = new LinkedHashSet<>(here.keySet());
    labels.addAll(there.keySet());
    for (String label : labels) {
      ImapValue our = here.getOrDefault(label, ImapValue.NIL);
      ImapValue their = there.getOrDefault(label, ImapValue.NIL);
      if (!KnownDifference.covers(MAILS.get(mail), label, our, their)) {
        note(label, MAILS.get(mail).name(), our, their);
      }
    }
  }

  private void note(String what, String where, ImapValue here, ImapValue there) {
    differences.add(
        what + " of " + where + "\n  here:    " + shown(here) + "\n  Dovecot: " + shown(there));
  }

  private static String shown(ImapValue value) {
    String text = value.toString();
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
  }

  /// What a client is told about a message, and how its command ended.
  private static Map<String, ImapValue> fetch(TestClient client, int mail, String items)
      throws IOException {
    List<String> responses = client.command("FETCH " + (mail + 1) + " (" + items + ")");
    Map<String, ImapValue> fetched = new LinkedHashMap<>();
    for (String response : responses.subList(0, responses.size() - 1)) {
      String before = "* " + (mail + 1) + " FETCH ";
      if (response.startsWith(before)) {
        var values =
            ((ImapValue.Items) ImapValue.read(response.substring(before.length())).getFirst())
                .values();
        for (int i = 0; i < values.size(); i += 2) {
          fetched.put(values.get(i).toString().toUpperCase(Locale.ROOT), values.get(i + 1));
        }
      }
    }
    String end = responses.getLast();
    fetched.put(END, new ImapValue.Atom(end.substring(0, end.indexOf(' '))));
    return fetched;
  }

  private void assertNone() {
    assertThat(differences).isEmpty();
  }
}
