package org.muniment.indexer.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import org.muniment.indexer.text.OctetSource;

/// Journal reports in the forms that are documented, and some that are not.
final class Reports {

  static final String TEXT =
      """
      Sender: anna@example.com\r
      Subject: Quarterly figures\r
      Message-Id: <q1@example.com>\r
      To: ben@example.org\r
      Cc: carla@example.org\r
      Bcc: dora@hidden.example\r
      """;

  static final String INNER =
      """
      From: Anna <anna@example.com>\r
      To: Ben <ben@example.org>\r
      Subject: Quarterly figures\r
      Message-ID: <q1@example.com>\r
      MIME-Version: 1.0\r
      Content-Type: text/plain; charset=us-ascii\r
      \r
      The figures are not what they seem.\r
      """;

  static final String CLAIM = "X-MS-Journal-Report:\r\n";

  private Reports() {}

  /// A report as Exchange makes it.
  static String of(String text, String inner) {
    return of(CLAIM, text, "Content-Type: message/rfc822\r\n", inner);
  }

  static String of(String claim, String text, String innerHeader, String inner) {
    return parts(
        claim,
        "Content-Type: text/plain; charset=\"us-ascii\"\r\n\r\n" + text,
        innerHeader + "\r\n" + inner);
  }

  /// A multipart of some parts.
  static String parts(String claim, String... parts) {
    StringBuilder report =
        new StringBuilder(
            "From: <journal@example.com>\r\nTo: archive@example.com\r\nSubject: Report\r\n"
                + claim
                + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"_b1_\"\r\n\r\n");
    Arrays.stream(parts).forEach(part -> report.append("--_b1_\r\n").append(part).append("\r\n"));
    return report.append("--_b1_--\r\n").toString();
  }

  static String base64(String octets) {
    return Base64.getMimeEncoder().encodeToString(octets.getBytes(ISO_8859_1));
  }

  static Wrapping read(String message) throws IOException {
    return WrappingReader.read(source(message));
  }

  static OctetSource source(String message) {
    byte[] octets = message.getBytes(ISO_8859_1);
    return offset -> new ByteArrayInputStream(octets, (int) offset, octets.length - (int) offset);
  }

  /// The message that a report holds.
  static String inner(Wrapping wrapping) throws IOException {
    Wrapping.Report report = (Wrapping.Report) wrapping;
    byte[] octets = report.message().open().readAllBytes();
    if (octets.length != report.message().length()) {
      throw new AssertionError(octets.length + " octets, not " + report.message().length());
    }
    return new String(octets, ISO_8859_1);
  }
}
