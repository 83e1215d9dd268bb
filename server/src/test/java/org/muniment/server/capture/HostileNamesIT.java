package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Entry;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.Loopback;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;

/// Mailboxes whose names are not what names should be. Each holds one message, which says the name.
class HostileNamesIT {

  @TempDir Path data;
  @TempDir Path served;

  /// A server that knows mailboxes by their octets.
  ///
  /// @param listed how it lists each of them
  private static Loopback server(Set<String> names, List<String> listed) throws IOException {
    return new Loopback((in, out) -> serve(in, out, names, listed));
  }

  private static void serve(
      BufferedReader in, OutputStream out, Set<String> names, List<String> listed)
      throws IOException {
    say(out, "* OK ready\r\n");
    String open = "";
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 3);
      String end = words[0] + " OK\r\n";
      switch (words[1]) {
        case "CAPABILITY" -> say(out, "* CAPABILITY IMAP4rev1\r\n" + end);
        case "LIST" -> say(out, String.join("\r\n", listed) + "\r\n" + end);
        case "EXAMINE" -> {
          open = name(in, out, words[2]);
          say(
              out,
              names.contains(open)
                  ? "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n" + end
                  : words[0] + " NO [NONEXISTENT] no such mailbox\r\n");
        }
        case "UID" -> {
          boolean body = words[2].contains("PEEK[]");
          say(
              out,
              "* 1 FETCH (UID 1 FLAGS ()"
                  + (body ? " BODY[]<0> {" + open.length() + "}\r\n" + open : "")
                  + ")\r\n"
                  + end);
        }
        default -> say(out, end);
      }
    }
  }

  /// `mailbox = astring`
  private static String name(BufferedReader in, OutputStream out, String argument)
      throws IOException {
    if (argument.startsWith("{")) {
      char[] octets = new char[Integer.parseInt(argument.substring(1, argument.length() - 1))];
      say(out, "+ go on\r\n");
      int read = 0;
      while (read < octets.length) {
        read += in.read(octets, read, octets.length - read);
      }
      in.readLine();
      return new String(octets);
    }
    if (!argument.startsWith("\"")) {
      return argument;
    }
    StringBuilder name = new StringBuilder();
    for (int i = 1; i < argument.length() - 1; i++) {
      i += argument.charAt(i) == '\\' ? 1 : 0;
      name.append(argument.charAt(i));
    }
    return name.toString();
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static String literal(String name) {
    return "* LIST () NIL {" + name.length() + "}\r\n" + name;
  }

  private static String quoted(String name) {
    return "* LIST (\\Marked) \"/\" \"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static String bare(String name) {
    return "* LIST () \"/\" " + name;
  }

  private static Set<String> everyOctet() {
    Set<String> names = new LinkedHashSet<>();
    for (char c = 1; c <= 0xFF; c++) {
      names.add("a" + c + "b");
      names.add(String.valueOf(c));
    }
    return names;
  }

  private static Set<String> strange() {
    return new LinkedHashSet<>(
        List.of(
            "*",
            "%",
            "a*",
            "a%b*",
            "\"",
            "\\",
            "a\"b\\",
            "{3}",
            "a {3}",
            "NIL",
            "(",
            ")",
            "a b",
            "a",
            "a/b",
            "a/b/c",
            "ab",
            "/",
            "//",
            "a/",
            " a",
            "..",
            "../../etc",
            "&",
            "&-",
            "&AP",
            "&APw",
            "&####-",
            "&2D0-",
            "&AGE-",
            "Caf\u00e9",
            "x".repeat(1_001),
            "y/".repeat(10_000),
            "INBOX/inbox",
            "INBOXX"));
  }

  @Test
  void everyOctetOfANameThatIsALiteralIsKept() throws Exception {
    captured(everyOctet(), HostileNamesIT::literal);
    Set<String> names = strange();
    // At the end of a line, Angus Mail takes these octets of a literal for the next literal: the
    // account then fails and says so.
    names.removeIf(name -> name.endsWith("{3}"));
    captured(names, HostileNamesIT::literal);
  }

  @Test
  void everyOctetOfANameThatIsQuotedIsKept() throws Exception {
    Set<String> names = everyOctet();
    names.removeIf(name -> name.contains("\r") || name.contains("\n"));
    captured(names, HostileNamesIT::quoted);
    captured(strange(), HostileNamesIT::quoted);
  }

  @Test
  void namesThatShouldHaveBeenQuotedAreNotCutShort() throws Exception {
    captured(
        new LinkedHashSet<>(
            List.of("two words", "a*b", "a%", "back\\slash", "quo\"te", "caf\u00e9", "a(b", "a)b")),
        HostileNamesIT::bare);
  }

  private void captured(Set<String> names, Function<String, String> listed) throws Exception {
    Path folder = Files.createTempDirectory(data, "archive");
    try (Loopback server = server(names, names.stream().map(listed).toList());
        TestArchive archive = new TestArchive(folder)) {
      CaptureOutcome.Finished run =
          archive.capture(TestArchive.account("eve", Dovecot.source("eve", server.port())));
      assertThat(run.receipt().failure().display()).isEmpty();
      assertThat(run.receipt().mailboxes())
          .allMatch(Event.MailboxReceipt::complete, "complete")
          .hasSize(names.size());
      assertThat(run.complete()).isTrue();
      Map<String, List<String>> found = messages(archive);
      assertThat(found.keySet()).isEqualTo(names);
      found.forEach((name, octets) -> assertThat(octets).containsExactly(name));
      assertThat(
              archive
                  .capture(TestArchive.account("eve", Dovecot.source("eve", server.port())))
                  .messages())
          .isZero();
    }
    assertThat(TestArchive.verify(folder).findings()).isEmpty();
  }

  @Test
  void inboxIsOneInWhateverCaseAndANameThatIsListedTwiceIsOne() throws Exception {
    List<String> listed =
        List.of(
            quoted("inbox"),
            quoted("INBOX"),
            literal("iNbOx"),
            quoted("Sent"),
            bare("Sent"),
            quoted("sent"),
            "* LIST () NIL \"\"",
            "* LIST (\\Noselect) NIL top");
    try (Loopback server = server(Set.of("INBOX", "Sent", "sent"), listed);
        TestArchive archive = new TestArchive(data)) {
      CaptureOutcome.Finished run =
          archive.capture(TestArchive.account("eve", Dovecot.source("eve", server.port())));
      assertThat(run.complete()).as("%s", run.receipt()).isTrue();
      assertThat(messages(archive).keySet()).isEqualTo(Set.of("INBOX", "Sent", "sent"));
    }
  }

  @Test
  void aNameThatTheServerDoesNotKnowWhenAskedCostsNoOther() throws Exception {
    try (Loopback server =
            server(Set.of("INBOX", "there"), List.of(bare("INBOX"), bare("lie"), bare("there")));
        TestArchive archive = new TestArchive(data)) {
      CaptureOutcome.Finished run =
          archive.capture(TestArchive.account("eve", Dovecot.source("eve", server.port())));
      assertThat(run.messages()).isEqualTo(2);
      assertThat(run.receipt().mailboxes())
          .extracting(one -> one.failure().display())
          .containsExactly("", "[NONEXISTENT] no such mailbox", "");
    }
  }

  @Test
  void whateverNamesDovecotAllowsAreCaptured() throws Exception {
    Requires.dovecot();
    Set<String> created = new LinkedHashSet<>();
    try (Dovecot dovecot = Dovecot.start(served)) {
      try (RawImap imap = new RawImap(dovecot.port(), "eve", Dovecot.PASSWORD)) {
        Set<String> names = everyOctet();
        names.addAll(strange());
        names.removeIf(name -> name.contains("\r") || name.contains("\n") || name.length() > 2_000);
        for (String name : names) {
          String escaped = name.replace("\\", "\\\\").replace("\"", "\\\"");
          try {
            imap.command("CREATE \"" + escaped + "\"");
            imap.append(escaped, SampleMaildir.latin(name));
            created.add(name.endsWith("/") ? name.substring(0, name.length() - 1) : name);
          } catch (IOException refused) {
            // Dovecot does not allow it
          }
        }
      }
      System.out.println("HostileNamesIT: Dovecot allows " + created.size());
      assertThat(created).contains("*", "%", "\"", "a b", "ab").hasSizeGreaterThan(60);
      try (TestArchive archive = new TestArchive(data)) {
        CaptureOutcome.Finished run =
            archive.capture(TestArchive.account("eve", dovecot.source("eve")));
        assertThat(run.complete()).as("%s", run.receipt()).isTrue();
        assertThat(messages(archive).keySet()).containsAll(created);
      }
    }
  }

  /// Octets of the messages by the octets of the name.
  private static Map<String, List<String>> messages(TestArchive archive) throws IOException {
    Map<MailboxId, String> names = new HashMap<>();
    Map<String, List<String>> messages = new HashMap<>();
    for (Entry entry : archive.entries()) {
      switch (entry.event()) {
        case Event.MailboxCreated created -> names.put(created.id(), created.name().octets());
        case Event.Placement placement ->
            messages
                .computeIfAbsent(
                    String.valueOf(names.get(placement.mailbox())), name -> new ArrayList<>())
                .add(new String(archive.octets(entry), StandardCharsets.ISO_8859_1));
        default -> {}
      }
    }
    return messages;
  }
}
