package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// PREVIEW, after RFC 8970.
class PreviewTest extends ServedArchive {

  private static final String MIXED =
      String.join(
          "\r\n",
          "Content-Type: multipart/mixed; boundary=x",
          "",
          "--x",
          "Content-Type: text/plain",
          "Content-Disposition: attachment",
          "",
          "not this",
          "--x",
          "Content-Type: text/html; charset=utf-8",
          "Content-Transfer-Encoding: quoted-printable",
          "",
          "<style>p { color: red }</style><p>Gr=C3=BC=C3=9Fe</p>  <b>aus</b>",
          "Ulm",
          "--x--",
          "");

  private String preview(String item) throws IOException {
    client.command("SELECT INBOX");
    return client.command("FETCH 1 " + item).getFirst();
  }

  // section 3.2
  @Test
  void theBeginningOfTheTextIsOneLine() throws IOException {
    archive.append(inbox, "Subject: x\r\n\r\n\r\n Preview\r\n\ttext! \r\n");
    assertThat(preview("(PREVIEW)")).isEqualTo("* 1 FETCH (PREVIEW \"Preview text!\")");
    assertThat(preview("PREVIEW")).isEqualTo("* 1 FETCH (PREVIEW \"Preview text!\")");
  }

  // section 5, example 2
  @Test
  void aLazyPreviewIsThereAtOnce() throws IOException {
    archive.append(inbox, "Subject: x\r\n\r\nPreview\r\n");
    assertThat(preview("(RFC822.SIZE PREVIEW (LAZY) UID)"))
        .isEqualTo("* 1 FETCH (RFC822.SIZE 23 PREVIEW \"Preview\" UID 10)");
    assertThat(preview("PREVIEW (LAZY)")).isEqualTo("* 1 FETCH (PREVIEW \"Preview\")");
    assertThat(preview("PREVIEW (EAGER)")).startsWith("BAD expected LAZY");
  }

  @Test
  void markupAndAttachmentsAreLeftOut() throws IOException {
    archive.append(inbox, MIXED);
    String text = "Gr\u00fc\u00dfe aus Ulm";
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    assertThat(preview("PREVIEW"))
        .isEqualTo(
            "* 1 FETCH (PREVIEW {"
                + utf8.length
                + "}\r\n"
                + new String(utf8, StandardCharsets.ISO_8859_1)
                + ")");
  }

  @Test
  void aMessageWithoutTextHasAnEmptyPreviewAndStaysUnseen() throws IOException {
    archive.append(inbox, "Content-Type: image/png\r\n\r\nxyz");
    assertThat(preview("(PREVIEW FLAGS)")).isEqualTo("* 1 FETCH (PREVIEW \"\" FLAGS ())");
  }

  // section 3.3
  @Test
  void noPreviewIsLongerThan200Characters() throws IOException {
    archive.append(inbox, "Subject: x\r\n\r\n" + "word ".repeat(100_000));
    assertThat(preview("PREVIEW")).hasSize("* 1 FETCH (PREVIEW \"\")".length() + 199);
  }

  @Test
  void octetsThatAreGoneAreToldOf() throws IOException {
    archive.append(inbox, "Subject: x\r\n\r\nPreview\r\n");
    archive.lose(inbox, 1);
    client.command("SELECT INBOX");
    assertThat(client.command("FETCH 1 PREVIEW"))
        .containsExactly("* 1 FETCH (PREVIEW \"\")", "NO [UNAVAILABLE] 1 items could not be read");
  }
}
