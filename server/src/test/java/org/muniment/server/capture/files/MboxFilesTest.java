package org.muniment.server.capture.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MboxFilesTest {

  private static final String FROM = "From a@example.com Mon Jan  3 10:00:05 2005\n";
  private static final Instant FROM_DATE = Instant.parse("2005-01-03T10:00:05Z");

  @TempDir Path folder;
  private Path temporary;

  @BeforeEach
  void makeTemporary() throws IOException {
    temporary = Files.createDirectory(folder.resolve("tmp"));
  }

  @Test
  void messagesAreWhatStandsBetweenTheFromLinesWithoutTheEmptyLineAtTheEnd() throws Exception {
    assertThat(read(FROM + "Subject: a\n\none\n\n" + FROM + "Subject: b\n\ntwo\n\n").octets())
        .containsExactly("Subject: a\n\none\n", "Subject: b\n\ntwo\n");
  }

  @Test
  void lineBreaksAndAwkwardOctetsStayWhatTheyAre() throws Exception {
    String odd = "Subject: a\r\n\r\none\rtwo\nthree\0four\u00ff\n\r\n";
    assertThat(read(FROM + odd + "\n" + FROM + "x\n\n").octets().getFirst()).isEqualTo(odd);
    String crLf = FROM.replace("\n", "\r\n");
    assertThat(read(crLf + "S: a\r\n\r\none\r\n\r\n" + crLf + "S: b\r\n\r\ntwo\r\n").octets())
        .containsExactly("S: a\r\n\r\none\r\n", "S: b\r\n\r\ntwo\r\n");
  }

  @Test
  void aFileThatEndsInMidLineIsReadToItsEnd() throws Exception {
    assertThat(read(FROM + "Subject: a\n\none").octets()).containsExactly("Subject: a\n\none");
    assertThat(read(FROM).octets()).containsExactly("");
    assertThat(read(FROM.stripTrailing()).octets()).containsExactly("");
    assertThat(read("").octets()).isEmpty();
  }

  @Test
  void aMessageWithoutOctetsIsAMessage() throws Exception {
    assertThat(read(FROM + "\n" + FROM + FROM + "\n\n").octets()).containsExactly("", "", "\n");
  }

  @Test
  void aFileThatDoesNotBeginWithAFromLineIsRefused() {
    assertThatThrownBy(() -> read("\n" + FROM + "Subject: a\n\none\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no mbox");
  }

  @Test
  void aLineOfTextThatBeginsWithFromIsNoMessage() throws Exception {
    String text = "Subject: a\n\n\nFrom my point of view\n\nFrom Monday on\nFrom \n";
    assertThat(read(FROM + text + "\n").only().octets()).isEqualTo(text);
  }

  @Test
  void whereFromLinesHaveNoDateEveryOneAfterAnEmptyLineCounts() throws Exception {
    assertThat(read("From a\nS: a\n\none\nFrom here\n\nFrom b\nS: b\n\ntwo\n\n").octets())
        .containsExactly("S: a\n\none\nFrom here\n", "S: b\n\ntwo\n");
  }

  @Test
  void everyFormOfFromLineThatIsInUseIsUnderstood() throws Exception {
    for (String line :
        new String[] {
          "From - Mon Jan 03 10:00:05 2005",
          "From MAILER-DAEMON Mon Jan  3 10:00:05 2005",
          "From a b at example.com  Mon Jan  3 10:00:05 2005",
          "From 1571389418426544894@xxx Mon Jan 03 10:00:05 +0000 2005",
          "From a@example.com Mon Jan  3 11:00:05 CET 2005",
          "From a@example.com Mon Jan  3 11:00:05 2005 +0100",
          "From a@example.com Mon Jan  3 10:00:05 2005 remote from b"
        }) {
      Collected found = read(line + "\nS: a\n\none\n\n" + line + "\nS: b\n\ntwo\n");
      assertThat(found.octets()).as(line).hasSize(2);
      assertThat(found.messages.get(1).date()).as(line).isEqualTo(FROM_DATE);
    }
  }

  @Test
  void withoutADateInTheFromLineTheHeaderTellsItAndElseTheFile() throws Exception {
    assertThat(
            read("""
                    From a
                    Received: by x;
                    \tTue, 4 Jan 2005 12:00:00 +0200
                    Date: Wed, 5 Jan 2005 00:00:00 +0000

                    x
                    """)
                .only()
                .date())
        .isEqualTo(Instant.parse("2005-01-04T10:00:00Z"));
    assertThat(read("From a\nDate: Wed, 5 Jan 05 00:00 -0100\n\nx\n").only().date())
        .isEqualTo(Instant.parse("2005-01-05T01:00:00Z"));
    Path file = file("From a\nDate: soon\n\nx\n");
    Files.setLastModifiedTime(file, FileTime.from(FROM_DATE));
    assertThat(Collected.of(ImportFormat.MBOX, file, temporary).only().date()).isEqualTo(FROM_DATE);
  }

  @Test
  void flagsAreReadAndTheirFieldsStay() throws Exception {
    String message =
        """
        Status: RO
        X-Status: AFT
        X-Keywords: $Label1, work bad(one
        X-Mozilla-Status: 1009

        x
        """;
    assertThat(read(FROM + message).only().octets()).isEqualTo(message);
    assertThat(read(FROM + message).only().flags())
        .containsExactlyInAnyOrder(
            "\\Seen",
            "\\Answered",
            "\\Flagged",
            "\\Draft",
            "\\Deleted",
            "$Forwarded",
            "$Label1",
            "work");
    assertThat(read(FROM + "Status: DRAFT\nX-Mozilla-Status: what\n\nx\n").only().flags())
        .isEmpty();
  }

  @Test
  void quotingIsUndoneAsTheKindOfMboxHasIt() throws Exception {
    String text = "S: a\n\n>From one\n>>From two\n> From three\n>from four\n";
    assertThat(read(ImportFormat.MBOXRD, FROM + text).only().octets())
        .isEqualTo("S: a\n\nFrom one\n>From two\n> From three\n>from four\n");
    assertThat(read(ImportFormat.MBOXO, FROM + text).only().octets())
        .isEqualTo("S: a\n\nFrom one\n>>From two\n> From three\n>from four\n");
    assertThat(read(ImportFormat.MBOXCL2, FROM + text).only().octets()).isEqualTo(text);
  }

  @Test
  void quotingIsUndoneByDefaultUnlessTheMessageShowsThatItIsNotQuoted() throws Exception {
    Collected quoted = read(FROM + "S: a\n\n>From one\n");
    assertThat(quoted.only().octets()).isEqualTo("S: a\n\nFrom one\n");
    assertThat(quoted.only().format()).isEqualTo("mboxrd");
    Collected plain = read(FROM + "S: a\n\n>From one\nFrom two\n");
    assertThat(plain.only().octets()).isEqualTo("S: a\n\n>From one\nFrom two\n");
    assertThat(plain.only().format()).isEqualTo("mbox");
  }

  @Test
  void aContentLengthThatLeadsToTheNextMessageIsBelieved() throws Exception {
    String body = "one\n\n" + FROM + "two\n\n>From three\n";
    String first = "Content-Length: " + body.length() + "\n\n" + body;
    assertThat(read(ImportFormat.MBOXCL2, FROM + first + "\n" + FROM + "S: b\n\nx\n").octets())
        .containsExactly(first, "S: b\n\nx\n");
    assertThat(read(FROM + first + "\n" + FROM + "S: b\n\nx\n").octets()).hasSize(2);
    assertThat(read(ImportFormat.MBOXCL2, FROM + first).octets()).containsExactly(first);
  }

  @Test
  void aBodyOfAKnownLengthNeedsNoLineBreakAtItsEnd() throws Exception {
    String first = "Content-Length: 3\n\none";
    String empty = "Content-Length: 0\n\n";
    assertThat(read(FROM + first + "\n\n" + FROM + empty + "\n" + FROM + empty).octets())
        .containsExactly(first, empty, empty);
  }

  @Test
  void aContentLengthThatLiesIsNotBelieved() throws Exception {
    for (String lie : new String[] {"2", "4", "30", "99999", "-1", "999999999999999999999", "x"}) {
      String first = "Content-Length: " + lie + "\n\none\n";
      assertThat(read(FROM + first + "\n" + FROM + "S: b\n\ntwo\n").octets())
          .as(lie)
          .containsExactly(first, "S: b\n\ntwo\n");
    }
    String two = "Content-Length: 4\nContent-Length: 5\n\none\n";
    assertThat(read(FROM + two + "\n" + FROM + "x\n").octets()).containsExactly(two, "x\n");
  }

  @Test
  void aGiantLineIsReadAsItIs() throws Exception {
    String header = "Subject: " + "x".repeat(3_000_000) + "\n\n" + ">".repeat(70_000) + "\n";
    assertThat(read(FROM + header + "\n" + FROM + "y\n").octets()).containsExactly(header, "y\n");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void aTreeOfMboxesIsATreeOfMailboxes() throws Exception {
    Path tree = folder.resolve("tree");
    for (String name :
        new String[] {"Inbox", "Inbox.sbd/Old", "Sent.mbox", "Apple.mbox/mbox", "a/b/c.mbx"}) {
      Path file = tree.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, FROM + "Subject: " + name + "\n\nx\n");
    }
    Files.writeString(tree.resolve("Inbox.msf"), "index");
    Files.createSymbolicLink(tree.resolve("link"), tree.resolve("Inbox"));
    Collected found = Collected.of(ImportFormat.MBOX, tree, temporary);
    assertThat(found.byMailbox()).containsOnlyKeys("Apple", "Inbox", "Inbox/Old", "Sent", "a/b/c");
    assertThat(found.skipped).containsExactly("Inbox.msf", "link");
  }

  @Test
  void whatIsWrittenAsMboxrdIsReadBackToTheOctet() throws Exception {
    long seed = System.nanoTime();
    System.out.println("MboxFilesTest seed " + seed);
    Random random = new Random(seed);
    for (int run = 0; run < 60; run++) {
      String lineBreak = random.nextBoolean() ? "\n" : "\r\n";
      List<String> mail = new ArrayList<>();
      StringBuilder mbox = new StringBuilder();
      for (int i = random.nextInt(5); i >= 0; i--) {
        String message = message(random, lineBreak);
        mail.add(message);
        mbox.append(FROM.replace("\n", lineBreak)).append(quoted(message)).append(lineBreak);
      }
      assertThat(read(ImportFormat.MBOXRD, mbox.toString()).octets())
          .as("run %d", run)
          .isEqualTo(mail);
    }
  }

  /// Lines that are as awkward as they can be; the last one ends.
  private static String message(Random random, String lineBreak) {
    String[] pieces = {
      "From ",
      ">From ",
      ">>>From ",
      "From x Mon Jan  3 10:00:05 2005",
      ">",
      "",
      "",
      "\0",
      "\r",
      "Content-Length: 12",
      "Status: RO",
      "\u00e4\u00ff",
      " ",
      "x".repeat(80_000),
      "From",
      " From "
    };
    StringBuilder message = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      message.append(pieces[random.nextInt(pieces.length)]);
      if (random.nextInt(3) > 0) {
        message.append(random.nextInt(9) == 0 ? "\n" : lineBreak);
      }
    }
    return message.isEmpty() ? "" : message.append(lineBreak).toString();
  }

  private static String quoted(String message) {
    StringBuilder quoted = new StringBuilder();
    int begin = 0;
    while (begin < message.length()) {
      int found = message.indexOf('\n', begin);
      int end = found < 0 ? message.length() : found + 1;
      String line = message.substring(begin, end);
      int level = 0;
      while (level < line.length() && line.charAt(level) == '>') {
        level++;
      }
      quoted.append(line.startsWith("From ", level) ? ">" : "").append(line);
      begin = end;
    }
    return quoted.toString();
  }

  @Test
  void anMboxOfHundredsOfMegabytesIsStreamed() throws Exception {
    Path file = folder.resolve("large");
    byte[] line = ("y".repeat(75) + "\n").getBytes(ISO_8859_1);
    int messages = 1_500;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < messages; i++) {
        out.write((FROM + "Subject: " + i + "\n\n").getBytes(ISO_8859_1));
        int lines = i == 700 ? 1_600_000 : 1_300;
        for (int j = 0; j < lines; j++) {
          out.write(line);
        }
        out.write('\n');
      }
    }
    assertThat(Files.size(file)).isGreaterThan(250L << 20);
    Counting counting = new Counting();
    MailFiles.at(file, ImportFormat.MBOX, temporary).read(counting);
    assertThat(counting.messages).isEqualTo(messages);
    assertThat(counting.largest).isEqualTo(1_600_000L * 76 + "Subject: 700\n\n".length());
    assertThat(temporary).isEmptyDirectory();
  }

  /// Counts, and keeps nothing.
  private static final class Counting implements FileReceiver {
    private int messages;
    private long largest;

    @Override
    public void message(FileMessage message) {
      messages++;
      largest = Math.max(largest, message.octets().length());
    }

    @Override
    public void failed(FilePlace place, String reason) {
      throw new AssertionError(place + reason);
    }

    @Override
    public void vanished(FilePlace place) {
      throw new AssertionError(place);
    }

    @Override
    public void skipped(FilePlace place) {
      throw new AssertionError(place);
    }

    @Override
    public void at(long octets) {}
  }

  private Collected read(String mbox) throws IOException {
    return read(ImportFormat.MBOX, mbox);
  }

  private Collected read(ImportFormat format, String mbox) throws IOException {
    Collected found = Collected.of(format, file(mbox), temporary);
    assertThat(found.failed).isEmpty();
    assertThat(found.byMailbox().keySet()).isSubsetOf(Set.of("mail"));
    return found;
  }

  private Path file(String mbox) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    octets.write(mbox.getBytes(ISO_8859_1));
    return Files.write(folder.resolve("mail.mbox"), octets.toByteArray());
  }
}
