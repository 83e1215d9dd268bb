package org.muniment.indexer.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.indexer.journal.Reports.CLAIM;
import static org.muniment.indexer.journal.Reports.INNER;
import static org.muniment.indexer.journal.Reports.TEXT;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.Event.Addressed;

class WrappingReaderTest {

  private static final String SOME = "\r\n-\0 :=ab\u00e4\u00ff";

  private static Event.Transmission sent(String report) throws Exception {
    return ((Wrapping.Report) Reports.read(report)).transmission();
  }

  private static Event.Recipient recipient(Addressed addressed, String address) {
    return new Event.Recipient(addressed, address, "", "");
  }

  private static String broken(String report) throws Exception {
    return ((Wrapping.Broken) Reports.read(report)).reason();
  }

  @Test
  void aReportHoldsItsMessageAndTellsFromWhomToWhom() throws Exception {
    Wrapping wrapping = Reports.read(Reports.of(TEXT, INNER));
    assertThat(Reports.inner(wrapping)).isEqualTo(INNER);
    Wrapping.Report report = (Wrapping.Report) wrapping;
    assertThat(report.message().id())
        .isEqualTo(ContentId.sha256(new ByteArrayInputStream(INNER.getBytes(ISO_8859_1))));
    assertThat(report.transmission())
        .isEqualTo(
            new Event.Transmission(
                "anna@example.com",
                "",
                List.of(
                    recipient(Addressed.TO, "ben@example.org"),
                    recipient(Addressed.CC, "carla@example.org"),
                    recipient(Addressed.BCC, "dora@hidden.example")),
                ""));
  }

  @Test
  void everyDocumentedFormOfALineIsRead() throws Exception {
    String text =
        """
        Sender: anna@example.com\r
        On-Behalf-Of: boss@example.com\r
        Subject: \r
        Message-Id: \r
        Label: Confidential\r
        Recipient: ed@example.net\r
        To: ben@example.org, Expanded: team@example.org\r
        Cc: carla@example.org, Forwarded: carl@example.org\r
        Bcc: dora@hidden.example, Expanded: all@hidden.example\r
        Recipient: finn@example.net, Forwarded: fay@example.net\r
        Recipient: gus@example.net, Expanded: one@example.net, Forwarded: two@example.net\r
        """;
    Event.Transmission sent = sent(Reports.of(text, INNER));
    assertThat(sent.sender()).isEqualTo("anna@example.com");
    assertThat(sent.onBehalfOf()).isEqualTo("boss@example.com");
    assertThat(sent.cut()).isEmpty();
    assertThat(sent.recipients())
        .containsExactly(
            recipient(Addressed.UNKNOWN, "ed@example.net"),
            new Event.Recipient(Addressed.TO, "ben@example.org", "team@example.org", ""),
            new Event.Recipient(Addressed.CC, "carla@example.org", "", "carl@example.org"),
            new Event.Recipient(Addressed.BCC, "dora@hidden.example", "all@hidden.example", ""),
            new Event.Recipient(Addressed.UNKNOWN, "finn@example.net", "", "fay@example.net"),
            new Event.Recipient(
                Addressed.UNKNOWN, "gus@example.net", "one@example.net", "two@example.net"));
  }

  @Test
  void namesOfLinesAreReadInAnyCaseAndAddressesWithOrWithoutBrackets() throws Exception {
    String text =
        """
        SENDER: <>
        subject: x
        Message-ID: <a@b>

          to : "Ben, B." <ben@example.org>
        BCC:<dora@hidden.example>, expanded:<all@hidden.example>
        """;
    Event.Transmission sent = sent(Reports.of(text, INNER));
    assertThat(sent.sender()).isEmpty();
    assertThat(sent.recipients())
        .containsExactly(
            recipient(Addressed.TO, "ben@example.org"),
            new Event.Recipient(Addressed.BCC, "dora@hidden.example", "all@hidden.example", ""));
  }

  @Test
  void theLineBreakBeforeABoundaryBelongsToTheBoundary() throws Exception {
    for (String inner :
        List.of(
            INNER,
            INNER + "\r\n",
            INNER.stripTrailing(),
            INNER.replace("\r\n", "\n"),
            "Subject: only a header",
            "Subject: only a header\r\n",
            "Subject: only a header\r\n\r\n",
            "Subject: a header and a line\r\n\r\nx",
            "Subject: x\r\n\r\nends with a CR\r",
            "Subject: x\r\n\r\nends with an LF\n",
            "Subject: x\n\nends with both\n\r\n",
            "\r\nno header at all",
            "no header at all",
            "Content-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\n\r\na\r\n--z--",
            "Content-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\n\r\na\r\n--z",
            "Content-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\nX: y",
            "Content-Type: multipart/mixed; boundary=_b1_x\r\n\r\n--_b1_x\r\n\r\na\r\n--_b1_x--")) {
      assertThat(Reports.inner(Reports.read(Reports.of(TEXT, inner)))).as(inner).isEqualTo(inner);
    }
  }

  @Test
  void anyOctetsComeOutAsTheyWent() throws Exception {
    long seed = System.nanoTime();
    System.out.println("WrappingReaderTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      StringBuilder inner = new StringBuilder("Subject: " + i + "\r\n");
      int length = 1 + random.nextInt(400);
      for (int at = 0; at < length; at++) {
        inner.append(SOME.charAt(random.nextInt(SOME.length())));
      }
      String report = Reports.of(TEXT, inner.toString());
      assertThat(Reports.inner(Reports.read(report))).isEqualTo(inner.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"7bit", "8bit", "binary", "x-unknown"})
  void withoutTransferEncodingTheOctetsAreThoseThatStandThere(String encoding) throws Exception {
    String header =
        "Content-Transfer-Encoding: " + encoding + "\r\nContent-Type: message/rfc822\r\n";
    assertThat(Reports.inner(Reports.read(Reports.of(CLAIM, TEXT, header, INNER))))
        .isEqualTo(INNER);
  }

  @Test
  void inATransferEncodingTheOctetsAreTheDecodedOnes() throws Exception {
    String header = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: ";
    assertThat(
            Reports.inner(
                Reports.read(
                    Reports.of(CLAIM, TEXT, header + "base64\r\n", Reports.base64(INNER)))))
        .isEqualTo(INNER);
    String quoted = INNER.replace("=", "=3D").replace("not what", "not=\r\n what");
    assertThat(
            Reports.inner(
                Reports.read(
                    Reports.of(CLAIM, TEXT, header + "quoted-printable\r\n", quoted + "=\r\n"))))
        .isEqualTo(INNER);
  }

  @Test
  void aTransferEncodingThatIsWrongIsNotGuessed() throws Exception {
    String header = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n";
    assertThat(broken(Reports.of(CLAIM, TEXT, header, "!" + Reports.base64(INNER))))
        .contains("transfer encoding");
    assertThat(broken(Reports.of(CLAIM, TEXT, header, "!!!$$$"))).isNotEmpty();
  }

  @Test
  void theTextMayBeEncodedAndInAnyCharset() throws Exception {
    String text = TEXT + "To: j\u00f6rg@example.org\r\n";
    String body = new String(text.getBytes(UTF_8), ISO_8859_1);
    for (String part :
        List.of(
            "Content-Type: text/plain; charset=utf-8\r\n\r\n" + body,
            "Content-Type: text/plain; charset=iso-8859-1\r\n\r\n" + text,
            "Content-Type: text/plain; charset=nonsense\r\n\r\n" + body,
            "Content-Type: text/plain\r\n\r\n" + body,
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + Reports.base64(body))) {
      assertThat(
              sent(Reports.parts(CLAIM, part, "Content-Type: message/rfc822\r\n\r\n" + INNER))
                  .recipients())
          .contains(recipient(Addressed.TO, "j\u00f6rg@example.org"));
    }
  }

  @Test
  void partsAfterTheMessageStayInTheReport() throws Exception {
    String report =
        Reports.parts(
            CLAIM,
            "Content-Type: text/plain\r\n\r\n" + TEXT,
            "Content-Type: message/rfc822\r\n\r\n" + INNER,
            "Content-Type: message/rfc822\r\n\r\nSubject: decrypted\r\n\r\nx");
    assertThat(Reports.inner(Reports.read(report))).isEqualTo(INNER);
    assertThat(sent(report).cut()).isEmpty();
  }

  @Test
  void aReportInAReportIsAMessageLikeAnyOther() throws Exception {
    String inner = Reports.of(TEXT, INNER).replace("_b1_", "_b2_");
    assertThat(Reports.inner(Reports.read(Reports.of(TEXT, inner)))).isEqualTo(inner);
  }

  @Test
  void mailThatIsNoReportIsLeftAlone() throws Exception {
    for (String mail :
        List.of(
            "",
            INNER,
            "Subject: x\r\n\r\n" + TEXT,
            Reports.parts("", "\r\nHello", "Content-Type: message/rfc822\r\n\r\n" + INNER),
            Reports.parts(
                "", "\r\nHello\r\n" + TEXT, "Content-Type: message/rfc822\r\n\r\n" + INNER),
            Reports.of("", "Sender: a@b\r\nTo: c@d\r\n", "Content-Type: message/rfc822\r\n", INNER),
            Reports.of("", TEXT, "Content-Type: application/pdf\r\n", INNER))) {
      assertThat(Reports.read(mail)).isEqualTo(new Wrapping.Nothing());
    }
  }

  @Test
  void theFormOfAReportIsEnoughWhereItsFieldWasRemoved() throws Exception {
    assertThat(
            Reports.inner(
                Reports.read(Reports.of("", TEXT, "Content-Type: message/rfc822\r\n", INNER))))
        .isEqualTo(INNER);
  }

  @Test
  void whatClaimsToBeAReportAndIsNoneIsSaidToBeBroken() throws Exception {
    String message = "Content-Type: message/rfc822\r\n";
    assertThat(broken(Reports.parts(CLAIM, "Content-Type: application/ms-tnef\r\n\r\nx")))
        .contains("TNEF");
    assertThat(broken(CLAIM + "Content-Type: application/ms-tnef\r\n\r\nx")).contains("TNEF");
    assertThat(broken(Reports.of(CLAIM, TEXT, "Content-Type: application/vnd.ms-tnef\r\n", "x")))
        .contains("TNEF");
    assertThat(broken(CLAIM + "\r\n" + TEXT)).contains("no second part");
    assertThat(broken(Reports.parts(CLAIM, "Content-Type: text/plain\r\n\r\n" + TEXT)))
        .contains("no second part");
    assertThat(broken(Reports.of(CLAIM, TEXT, "Content-Type: application/pdf\r\n", INNER)))
        .contains("no message");
    assertThat(
            broken(
                Reports.parts(
                    CLAIM, "Content-Type: text/html\r\n\r\n" + TEXT, message + "\r\n" + INNER)))
        .contains("plain text");
    assertThat(broken(Reports.of(CLAIM, "Sender: a@b\r\n", message, INNER))).contains("recipient");
    assertThat(broken(Reports.of(CLAIM, "To: a@b\r\n", message, INNER))).contains("sender");
    assertThat(broken(Reports.of(CLAIM, TEXT, message, ""))).contains("empty");
  }

  @Test
  void aReportWithoutItsLastBoundaryIsUnwrappedAndSaysSo() throws Exception {
    String report = Reports.of(TEXT, INNER);
    String cut = report.substring(0, report.length() - "\r\n--_b1_--\r\n".length() - 10);
    Wrapping wrapping = Reports.read(cut);
    assertThat(Reports.inner(wrapping)).isEqualTo(INNER.substring(0, INNER.length() - 10));
    assertThat(((Wrapping.Report) wrapping).transmission().cut()).contains("boundary");
  }

  @Test
  void aBoundaryThatLiesNeverMakesTheReaderFail() throws Exception {
    String report = Reports.of(TEXT, INNER);
    long seed = System.nanoTime();
    System.out.println("WrappingReaderTest mutations seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder mutated = new StringBuilder(report);
      for (int n = 0; n <= random.nextInt(4); n++) {
        int at = random.nextInt(mutated.length());
        switch (random.nextInt(4)) {
          case 0 -> mutated.setCharAt(at, (char) random.nextInt(256));
          case 1 -> mutated.insert(at, "\r\n--_b1_\r\n");
          case 2 -> mutated.insert(at, "Content-Type: multipart/mixed; boundary=_b1_\r\n\r\n");
          default -> mutated.delete(at, Math.min(mutated.length(), at + random.nextInt(40)));
        }
      }
      Wrapping wrapping = Reports.read(mutated.toString());
      if (wrapping instanceof Wrapping.Report) {
        assertThat(mutated.toString()).contains(Reports.inner(wrapping));
      }
    }
  }

  @Test
  void moreRecipientsThanAreKeptAreCounted() throws Exception {
    StringBuilder text = new StringBuilder(TEXT);
    for (int i = 0; i < 100_000; i++) {
      text.append("Bcc: user").append(i).append("@example.org\r\n");
    }
    Event.Transmission sent = sent(Reports.of(text.toString(), INNER));
    assertThat(sent.recipients()).hasSize(ReportText.MAX_RECIPIENTS);
    assertThat(sent.cut()).contains("80,003 recipients are left out");
  }

  @Test
  void longLinesAndControlCharactersDoNoHarm() throws Exception {
    String text = TEXT + "To: " + "x".repeat(2_000_000) + "\r\nTo: a\0b\u0007c@example.org\r\n";
    Event.Transmission sent = sent(Reports.of(text, INNER));
    assertThat(sent.cut()).isEqualTo("an address is cut");
    assertThat(sent.recipients().get(3).address()).hasSize(ReportText.MAX_ADDRESS);
    assertThat(sent.recipients().getLast().address()).isEqualTo("a b c@example.org");
  }

  @Test
  void aTextThatIsTooLongIsCutAndSaysSo() throws Exception {
    String text = TEXT + ("X: " + "y".repeat(77) + "\r\n").repeat(110_000);
    assertThat(sent(Reports.of(text, INNER)).cut()).isEqualTo("the text of the report is cut");
  }

  @Test
  void whereThePartsAreTooManyTheEndOfTheMessageIsNotGuessed() throws Exception {
    String inner =
        "Content-Type: multipart/mixed; boundary=z\r\n\r\n" + "--z\r\n\r\nx\r\n".repeat(10_100);
    assertThat(broken(Reports.of(TEXT, inner))).contains("too many parts");
  }
}
