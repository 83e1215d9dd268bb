package org.muniment.server.capture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/// Generates mail into Maildirs: the same for the same seed.
public final class SampleMaildir {

  /// INTERNALDATE of the first message; each later one is some seconds after.
  static final Instant FIRST = Instant.parse("2019-03-31T00:59:58Z");

  private static final List<String> WORDS =
      List.of(
          "invoice",
          "harbour",
          "contract",
          "meeting",
          "quarter",
          "garden",
          "delivery",
          "answer",
          "machine",
          "winter",
          "signed",
          "copper",
          "Grüße",
          "naïve",
          "договор",
          "会議",
          "تقرير");

  private final Path root;
  private final Random random;
  private long count;

  /// @param root the Maildir of a user; INBOX is itself, other mailboxes lie in it
  public SampleMaildir(Path root, long seed) {
    this.root = root;
    this.random = new Random(seed);
  }

  /// Adds a message to a mailbox.
  ///
  /// @param mailbox `""` for INBOX, else a name of Maildir++ such as `.Projects.2024`
  /// @param flags letters of Maildir, such as `FS`
  public void add(String mailbox, String flags, byte[] octets) throws IOException {
    Path folder = mailbox.isEmpty() ? root : root.resolve(mailbox);
    for (String part : List.of("cur", "new", "tmp")) {
      Files.createDirectories(folder.resolve(part));
    }
    long number = count++;
    Path file =
        folder.resolve("cur").resolve("%010d.M%d.sample:2,%s".formatted(number, number, flags));
    Files.write(file, octets);
    Files.setLastModifiedTime(file, FileTime.from(FIRST.plusSeconds(number * 37)));
  }

  /// Adds ordinary mail.
  ///
  /// @param octets length of a message on average
  public void fill(String mailbox, int messages, int octets) throws IOException {
    for (int i = 0; i < messages; i++) {
      add(mailbox, i % 3 == 0 ? "S" : i % 7 == 0 ? "FRS" : "", message(octets));
    }
  }

  /// One message with a body of about `octets`; one in ten is ten times as long.
  byte[] message(int octets) {
    int length =
        random.nextInt(10) == 0 ? octets * 5 : octets / 2 + random.nextInt(octets / 10 + 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 512);
    out.writeBytes(
        """
        From: sender%d@example.org\r
        To: recipient%d@example.com\r
        Subject: %s %s\r
        Date: Mon, 01 Apr 2019 10:00:00 +0200\r
        Message-ID: <%x.%d@example.org>\r
        MIME-Version: 1.0\r
        Content-Type: text/plain; charset=utf-8\r
        Content-Transfer-Encoding: 8bit\r
        \r
        """
            .formatted(
                random.nextInt(50), random.nextInt(50), word(), word(), random.nextLong(), count)
            .getBytes(StandardCharsets.UTF_8));
    int column = 0;
    while (out.size() < length) {
      byte[] word = word().getBytes(StandardCharsets.UTF_8);
      out.writeBytes(word);
      column += word.length + 1;
      out.writeBytes((column > 65 ? "\r\n" : " ").getBytes(StandardCharsets.US_ASCII));
      column = column > 65 ? 0 : column;
    }
    out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  /// Mail that programs stumble over.
  public void addAwkward(String mailbox) throws IOException {
    add(mailbox, "", new byte[0]);
    add(mailbox, "S", latin("\r\nonly a body, no header at all\r\n"));
    add(mailbox, "", latin("no header and no line end"));
    add(mailbox, "", latin("Subject: header only\r\n"));
    add(
        mailbox,
        "",
        latin("Subject: caf\u00e9 in ISO-8859-1\r\n\r\n\u00e4\u00f6\u00fc\u00ff\u0080\r\n"));
    add(mailbox, "F", latin("Subject: lone LF and CR\n\nunix\nlines\rand a CR\n"));
    add(mailbox, "", latin("Subject: NUL\r\n\r\nbefore\0after\r\n"));
    add(mailbox, "", latin("Subject: long line\r\n\r\n" + "x".repeat(200_000) + "\r\n"));
    add(mailbox, "T", latin("Subject: )} {5}\r\n\r\n* 1 FETCH (UID 1)\r\n{3}\r\nabc\r\n"));
    add(mailbox, "", latin("X: \"quoted \\ \r\n\r\n]]>)\r\n"));
    add(mailbox, "D", latin("Message-ID: " + "<".repeat(5_000) + "\r\n\r\n.\r\n..\r\n"));
  }

  /// A message of exactly this many octets.
  public byte[] ofLength(int octets) {
    byte[] message = new byte[octets];
    random.nextBytes(message);
    for (int i = 0; i < octets; i++) {
      message[i] = (byte) ('a' + (message[i] & 0x0F));
      if (i % 78 == 77) {
        message[i] = '\n';
        message[i - 1] = '\r';
      }
    }
    byte[] header = latin("Subject: large\r\n\r\n");
    System.arraycopy(header, 0, message, 0, Math.min(header.length, octets));
    return message;
  }

  public static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
