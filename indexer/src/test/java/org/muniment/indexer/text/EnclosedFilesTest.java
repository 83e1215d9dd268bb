package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.indexer.mail.Mails;
import org.muniment.indexer.mail.StructureReader;
import org.muniment.indexer.text.Extracted.Status;
import org.muniment.indexer.text.MessageText.Section;

class EnclosedFilesTest {

  private static List<Section> sections(byte[] mail) throws IOException {
    List<Section> sections = new ArrayList<>();
    Texts.message(mail).forEach(sections::add);
    return sections;
  }

  private static String text(List<Section> sections) {
    return sections.stream()
        .filter(Section.Body.class::isInstance)
        .map(section -> ((Section.Body) section).extracted().text())
        .findFirst()
        .orElseThrow();
  }

  private static List<Section.Enclosed> files(List<Section> sections) {
    return sections.stream()
        .filter(Section.Enclosed.class::isInstance)
        .map(Section.Enclosed.class::cast)
        .toList();
  }

  private static byte[] octets(Section.Enclosed file) throws IOException {
    try (InputStream in = file.octets().open()) {
      return in.readAllBytes();
    }
  }

  private static byte[] random(int length) {
    byte[] octets = new byte[length];
    new Random(length).nextBytes(octets);
    return octets;
  }

  private static byte[] mail(String body) {
    return Mails.lf("Subject: s\n\n" + body);
  }

  @Test
  void aUuencodedFileIsNoTextAndCanBeOpened() throws IOException {
    List<Section> sections =
        sections(Mails.crlf("Subject: s\n\nbefore\nbegin 644 cat.txt\n#0V%T\n`\nend\nafter\n"));
    assertThat(text(sections)).isEqualTo("before\r\nafter\r\n");
    assertThat(files(sections)).hasSize(1);
    Section.Enclosed file = files(sections).getFirst();
    assertThat(file.name()).isEqualTo("cat.txt");
    assertThat(file.status()).isEqualTo(Status.OK);
    assertThat(file.path()).hasToString("1");
    assertThat(octets(file)).isEqualTo(Mails.lf("Cat"));
    assertThat(octets(file)).isEqualTo(Mails.lf("Cat"));
  }

  @Test
  void aFileThatWasReadLeavesNoStreamOpen() throws IOException {
    byte[] mail = Mails.crlf("Subject: s\n\nbegin 644 cat.txt\n#0V%T\n`\nend\nafter\n");
    AtomicInteger open = new AtomicInteger();
    OctetSource counted =
        offset -> {
          open.incrementAndGet();
          return new ByteArrayInputStream(mail, (int) offset, mail.length - (int) offset) {
            @Override
            public void close() {
              open.decrementAndGet();
            }
          };
        };
    List<Section> sections = new ArrayList<>();
    new MessageText(StructureReader.read(new ByteArrayInputStream(mail)), counted)
        .forEach(sections::add);
    assertThat(octets(files(sections).getFirst())).isEqualTo(Mails.lf("Cat"));
    assertThat(open.get()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 44, 45, 46, 1000, 100_000})
  void filesComeOutAsTheyWentIn(int length) throws IOException {
    byte[] octets = random(length);
    String body =
        "a\n"
            + Uuencode.encode("one two.bin", octets)
            + "b\n"
            + Uuencode.yenc("three.bin", octets, Uuencode.checksum(octets))
            + "c\n";
    List<Section> sections = sections(mail(body));
    assertThat(text(sections)).isEqualTo("a\nb\nc\n");
    assertThat(files(sections))
        .extracting(file -> file.name() + " " + file.status())
        .containsExactly("one two.bin OK", "three.bin OK");
    for (Section.Enclosed file : files(sections)) {
      assertThat(octets(file)).isEqualTo(octets);
    }
  }

  @Test
  void aWrongChecksumIsTold() throws IOException {
    byte[] octets = random(300);
    assertThat(files(sections(mail(Uuencode.yenc("x", octets, 1)))).getFirst().status())
        .isEqualTo(Status.MALFORMED_ENCODING);
  }

  @Test
  void aPieceOfAFileIsTold() throws IOException {
    String body =
        """
        =ybegin part=1 total=2 line=128 size=6 name=x
        =ypart begin=1 end=3
        \u008B\u008C\u008D
        =yend size=3 part=1 pcrc32=352441c2
        after
        """;
    List<Section> sections = sections(mail(body));
    assertThat(text(sections)).isEqualTo("after\n");
    assertThat(files(sections).getFirst().status()).isEqualTo(Status.CUT);
    assertThat(octets(files(sections).getFirst())).isEqualTo(Mails.lf("abc"));
  }

  @Test
  void afterAFileWithoutItsEndComesText() throws IOException {
    String body =
        """
        begin 644 x
        #0V%T
        lower case
        =ybegin line=128 size=3 name=y
        \u008B\u008C\u008D
        text again
        """;
    List<Section> sections = sections(mail(body));
    assertThat(text(sections)).isEqualTo("lower case\ntext again\n");
    assertThat(files(sections))
        .extracting(file -> file.name() + " " + file.status())
        .containsExactly("x CUT", "y MALFORMED_ENCODING");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "begin 644 the work\nnow\n",
        "begin 644 x\n",
        "begin 999 x\n#0V%T\n`\nend\n",
        "begin the day\n#0V%T\n",
        " begin 644 x\n#0V%T\nend\n",
        "begin 644 x\nHELLO WORLD\nend\n",
        "=ybegin is a word\n",
        "=ybegin line=128 name=x\nabc\n=yend size=3\n",
        "=yend size=3\n"
      })
  void whatOnlyLooksLikeAFileIsText(String body) throws IOException {
    List<Section> sections = sections(mail(body));
    assertThat(text(sections)).isEqualTo(body);
    assertThat(files(sections)).isEmpty();
  }

  @Test
  void textAfterAFileThatIsLongerThanAnyTextIsFound() throws IOException {
    byte[] octets = random(PartText.MAX_OCTETS + 1000);
    List<Section> sections = sections(mail(Uuencode.encode("big", octets) + "needle\n"));
    assertThat(text(sections)).isEqualTo("needle\n");
    try (InputStream in = files(sections).getFirst().octets().open()) {
      assertThat(in.readNBytes(1000)).isEqualTo(random(PartText.MAX_OCTETS + 1000, 1000));
    }
  }

  private static byte[] random(int length, int first) {
    return Arrays.copyOf(random(length), first);
  }

  @Test
  void aFileIsNotHeldInMemory() throws IOException {
    byte[] mail = mail(Uuencode.encode("big", random(6 << 20)));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    List<Section> sections = sections(mail);
    try (InputStream in = files(sections).getFirst().octets().open()) {
      byte[] some = new byte[1000];
      int read;
      do {
        read = in.read(some, 0, some.length);
      } while (read >= 0);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
  }

  @Test
  void aMessageInBase64IsReadWithAllThatIsInIt() throws IOException {
    String inner =
        """
        Subject: =?utf-8?Q?gr=C3=BC=C3=9Fe?=
        Content-Type: multipart/mixed; boundary=i

        --i

        inner text
        --i
        Content-Type: application/pdf; name="a.pdf"
        Content-Transfer-Encoding: base64

        JVBERg==
        --i--
        """;
    String outer =
        "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n"
            + "Content-Transfer-Encoding: base64\n\n"
            + Base64.getMimeEncoder().encodeToString(Mails.crlf(inner))
            + "\n--o--\n";
    List<Section> sections = sections(Mails.crlf(outer));
    assertThat(text(sections)).contains("Subject: grüße").endsWith("inner text");
    Section.Enclosed file = files(sections).getFirst();
    assertThat(file.path()).hasToString("1");
    assertThat(file.name()).isEqualTo("a.pdf");
    assertThat(new String(octets(file), StandardCharsets.US_ASCII)).isEqualTo("%PDF");
  }

  @Test
  void encodedMessagesInsideEachOtherAreOpenedToALimit() throws IOException {
    String message = "Subject: innermost\n\nneedle";
    for (int i = 0; i < 5; i++) {
      message =
          "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
              + Base64.getEncoder().encodeToString(Mails.lf(message));
    }
    assertThat(text(sections(Mails.lf(message))))
        .contains("Content-Transfer-Encoding")
        .doesNotContain("needle");
  }

  @Test
  void uuencodeAsTransferEncodingIsDecoded() throws IOException {
    byte[] octets = random(1000);
    String encoded = "lines\nbefore\n" + Uuencode.encode("x.bin", octets) + "after\n";
    try (TransferDecoder decoder =
        TransferDecoder.of("x-uuencode", new ByteArrayInputStream(Mails.lf(encoded)))) {
      assertThat(decoder.readAllBytes()).isEqualTo(octets);
      assertThat(decoder.malformed()).isFalse();
    }
    List<Section> sections =
        sections(Mails.lf("Content-Transfer-Encoding: x-uuencode\n\n" + encoded));
    assertThat(text(sections)).isEqualTo("lines\nbefore\nafter\n");
    assertThat(octets(files(sections).getFirst())).isEqualTo(octets);
  }
}
