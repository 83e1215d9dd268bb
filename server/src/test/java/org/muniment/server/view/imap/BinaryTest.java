package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// BINARY (RFC 3516): parts without their transfer encoding.
class BinaryTest extends ServedArchive {

  private static final String MESSAGE =
      String.join(
          "\r\n",
          "Content-Type: multipart/mixed; boundary=x",
          "",
          "--x",
          "Content-Type: text/plain",
          "Content-Transfer-Encoding: quoted-printable",
          "",
          "so=66t =",
          "break",
          "--x",
          "Content-Type: application/octet-stream",
          "Content-Transfer-Encoding: base64",
          "",
          "AAECA",
          "wQF",
          "--x",
          "Content-Type: application/octet-stream",
          "Content-Transfer-Encoding: x-secret",
          "",
          "????",
          "--x",
          "",
          "plain",
          "--x--",
          "");

  @BeforeEach
  void fill() throws IOException {
    archive.append(inbox, MESSAGE);
    client.command("SELECT INBOX");
  }

  private String fetch(String items) throws IOException {
    return client.command("FETCH 1 (" + items + ")").getFirst();
  }

  // section 4.3: a string where there is no NUL, else a literal8
  @Test
  void aPartComesWithoutItsTransferEncoding() throws IOException {
    assertThat(fetch("BINARY.PEEK[1]")).isEqualTo("* 1 FETCH (BINARY[1] {10}\r\nsoft break)");
    assertThat(fetch("BINARY.PEEK[2]")).isEqualTo("* 1 FETCH (BINARY[2] ~{6}\r\n\0\1\2\3\4\5)");
    assertThat(fetch("BINARY.PEEK[4]")).isEqualTo("* 1 FETCH (BINARY[4] ~{5}\r\nplain)");
    assertThat(fetch("BINARY.PEEK[5]")).isEqualTo("* 1 FETCH (BINARY[5] \"\")");
  }

  @Test
  void sizesAreThoseOfTheDecodedOctets() throws IOException {
    assertThat(fetch("BINARY.SIZE[1] BINARY.SIZE[2] BINARY.SIZE[4] BINARY.SIZE[]"))
        .isEqualTo(
            "* 1 FETCH (BINARY.SIZE[1] 10 BINARY.SIZE[2] 6 BINARY.SIZE[4] 5 BINARY.SIZE[] "
                + MESSAGE.length()
                + ")");
  }

  // section 4.2
  @Test
  void aPartialCountsDecodedOctets() throws IOException {
    assertThat(fetch("BINARY.PEEK[1]<2.5>")).isEqualTo("* 1 FETCH (BINARY[1]<2> {5}\r\nft br)");
    assertThat(fetch("BINARY.PEEK[2]<4.100>")).isEqualTo("* 1 FETCH (BINARY[2]<4> ~{2}\r\n\4\5)");
    assertThat(fetch("BINARY.PEEK[1]<100.5>")).isEqualTo("* 1 FETCH (BINARY[1]<100> {0}\r\n)");
  }

  @Test
  void anUnknownEncodingIsRefusedAndTheOthersAreAnswered() throws IOException {
    assertThat(client.command("FETCH 1 (BINARY.PEEK[3] BINARY.PEEK[1])"))
        .containsExactly(
            "* 1 FETCH (BINARY[3] NIL BINARY[1] {10}\r\nsoft break)",
            "NO [UNKNOWN-CTE] 1 encodings are not known");
    assertThat(client.command("FETCH 1 BINARY.SIZE[3]").getLast()).startsWith("NO [UNKNOWN-CTE] ");
  }

  @Test
  void onlyWithoutPeekTheMessageBecomesSeen() throws IOException {
    assertThat(fetch("BINARY.PEEK[1] BINARY.SIZE[1] FLAGS")).endsWith(" FLAGS ())");
    assertThat(fetch("BINARY[1]")).endsWith(" FLAGS (\\Seen))");
  }

  @Test
  void theWholeMessageComesWithItsNulOctets() throws IOException {
    archive.append(inbox, "Subject: nul\r\n\r\n\0\r\n");
    client.command("SELECT INBOX");
    assertThat(client.command("FETCH 2 BINARY.PEEK[]").getFirst())
        .isEqualTo("* 2 FETCH (BINARY[] ~{19}\r\nSubject: nul\r\n\r\n\0\r\n)");
  }

  @Test
  void largePartsAreDecodedTwiceRatherThanKept() throws IOException {
    byte[] octets = new byte[300_000];
    octets[octets.length - 1] = 'x';
    String encoded = Base64.getMimeEncoder().encodeToString(octets);
    archive.append(inbox, "Content-Transfer-Encoding: base64\r\n\r\n" + encoded + "\r\n");
    client.command("SELECT INBOX");
    assertThat(client.command("FETCH 2 BINARY.PEEK[1]").getFirst())
        .isEqualTo(
            "* 2 FETCH (BINARY[1] ~{300000}\r\n"
                + new String(octets, StandardCharsets.ISO_8859_1)
                + ")");
    assertThat(client.command("FETCH 2 BINARY.PEEK[1]<299999.9>").getFirst())
        .isEqualTo("* 2 FETCH (BINARY[1]<299999> ~{1}\r\nx)");
  }

  @Test
  void sectionsOfTextAreNoBinary() throws IOException {
    assertThat(fetch("BINARY[1.MIME]")).startsWith("BAD expected");
    assertThat(fetch("BINARY[TEXT]")).startsWith("BAD expected");
    assertThat(fetch("BINARY.SIZE[1]<0.1>")).startsWith("BAD expected");
  }
}
