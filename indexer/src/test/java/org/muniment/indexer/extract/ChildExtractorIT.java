package org.muniment.indexer.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.indexer.extract.child.MisbehavingParser;

class ChildExtractorIT {

  private static final String OCTETS = "application/octet-stream";

  /// Shared by all tests that do not need one of their own: to start its process takes seconds.
  @TempDir static Path folder;

  private static ChildExtractor extractor;

  @BeforeAll
  static void open() {
    extractor = extractor(Duration.ofSeconds(60), 256);
  }

  private static ChildExtractor extractor(Duration timeout, int mebibytes) {
    return new ChildExtractor(
        new ChildSettings((long) mebibytes << 20, timeout, false),
        folder.resolve("child" + timeout.toSeconds() + "-" + mebibytes));
  }

  @AfterAll
  static void close() throws IOException {
    extractor.close();
    assertThat(extractor.running()).isFalse();
    try (Stream<Path> files = Files.list(folder.resolve("child60-256"))) {
      assertThat(files).isEmpty();
    }
  }

  private static Extraction extract(
      ChildExtractor reader, byte[] document, String name, String type) throws IOException {
    return reader.extract(Files.write(folder.resolve("document"), document), name, type);
  }

  private static Extraction extract(byte[] document, String name, String type) throws IOException {
    return extract(extractor, document, name, type);
  }

  private static Extraction misbehaving(String deed) throws IOException {
    return misbehaving(extractor, deed);
  }

  private static Extraction misbehaving(ChildExtractor reader, String deed) throws IOException {
    return extract(reader, MisbehavingParser.document(deed), "", MisbehavingParser.TYPE);
  }

  static List<String> kinds() {
    return Documents.kinds();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theTextOfADocumentOfEachKindIsFound(String name) throws IOException {
    Extraction found = extract(Documents.of(name, "Xylophone"), name, OCTETS);
    assertThat(found.text()).as("%s", found).contains("Xylophone");
    assertThat(found.status())
        .isEqualTo(name.endsWith(".jpg") ? ExtractionStatus.EMPTY : ExtractionStatus.OK);
    assertThat(found.type()).isNotEmpty().isNotEqualTo(OCTETS);
  }

  static Stream<byte[]> pictures() {
    return Stream.of(
        Documents.png("Xylophone"),
        Documents.scannedPdf("Xylophone"),
        Documents.zip("scan.png", Documents.png("Xylophone")));
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void theTextInAPictureIsFoundWhereThatIsSwitchedOn(byte[] document) throws IOException {
    assumeTrue(Tesseract.isInstalled(), "tesseract is not installed");
    ChildSettings settings = new ChildSettings(256L << 20, Duration.ofSeconds(60), true);
    try (ChildExtractor ocr = new ChildExtractor(settings, folder.resolve("ocr"))) {
      Extraction found = extract(ocr, document, "", OCTETS);
      assertThat(found.text()).as("%s", found).contains("Xylophone");
      assertThat(found.status()).isEqualTo(ExtractionStatus.OK);
    }
    assertThat(extract(document, "", OCTETS).text()).doesNotContain("Xylophone");
  }

  @Test
  void theNamesOfDocumentsInsideAreTold() throws IOException {
    assertThat(extract(Documents.of("a.zip", "x"), "a.zip", OCTETS).names())
        .containsExactly("inner.zip", "inner.docx");
    assertThat(extract(Documents.of("winmail.dat", "x"), "winmail.dat", OCTETS).names())
        .contains("inner.docx");
    assertThat(extract(Documents.of("smime.p7m", "x"), "smime.p7m", OCTETS).names())
        .contains("inner.docx");
  }

  static Stream<byte[]> encrypted() {
    return Stream.of(
        Documents.encryptedPdf("x"),
        Documents.encryptedXlsx("x"),
        Documents.encryptedZip(),
        Documents.enveloped("x".getBytes(UTF_8)),
        "-----BEGIN PGP MESSAGE-----\n\nhQ==\n".getBytes(UTF_8),
        Documents.zip("inner.pdf", Documents.encryptedPdf("x")),
        Documents.zip("smime.p7m", Documents.enveloped("x".getBytes(UTF_8))));
  }

  @ParameterizedTest
  @MethodSource("encrypted")
  void whatIsEncryptedIsSaidToBe(byte[] document) throws IOException {
    assertThat(extract(document, "", OCTETS).status()).isEqualTo(ExtractionStatus.ENCRYPTED);
  }

  @Test
  void aSignatureApartFromWhatItSignsHasNoText() throws IOException {
    byte[] signature = Documents.signature("x".getBytes(UTF_8));
    assertThat(extract(signature, "smime.p7s", "application/pkcs7-signature").status())
        .isEqualTo(ExtractionStatus.EMPTY);
    Map<String, byte[]> both = new LinkedHashMap<>();
    both.put("a.txt", "Xylophone".getBytes(UTF_8));
    both.put("smime.p7s", signature);
    Extraction found = extract(Documents.zip(both), "a.zip", "application/zip");
    assertThat(found.status()).as("%s", found).isEqualTo(ExtractionStatus.OK);
    assertThat(found.text()).contains("Xylophone");
  }

  @Test
  void ofABombSomeTextIsReadAndTheRestIsNot() throws IOException {
    Extraction found = extract(Documents.bomb(), "bomb.zip", "application/zip");
    assertThat(found.status()).isEqualTo(ExtractionStatus.PARTIAL);
    assertThat(found.reason()).isNotEmpty();
    assertThat(found.text()).contains("0123456789abcdef").hasSizeLessThanOrEqualTo(8 << 20);
  }

  @Test
  void zipsInZipsAreReadToALimitOfDepth() throws IOException {
    Extraction found =
        extract(Documents.nestedZips(1_000, "x".getBytes(UTF_8)), "a.zip", "application/zip");
    assertThat(found.status()).isEqualTo(ExtractionStatus.PARTIAL);
    assertThat(found.names()).hasSizeLessThan(20).contains("deeper.zip");
  }

  @Test
  void tenThousandZipsInAZipAreReadToALimitOfNumber() throws IOException {
    Extraction found = extract(Documents.manyZips(10_000), "a.zip", "application/zip");
    assertThat(found.status()).isEqualTo(ExtractionStatus.PARTIAL);
    assertThat(found.text()).contains("number0", "number1000").doesNotContain("number9999");
  }

  @Test
  void whatHangsIsEndedInTimeAndKeepsWhatWasRead() throws IOException {
    try (ChildExtractor hasty = extractor(Duration.ofSeconds(4), 256)) {
      Extraction found = misbehaving(hasty, "hang");
      assertThat(found.status()).isEqualTo(ExtractionStatus.TIMEOUT);
      assertThat(found.text()).contains("beforehand").doesNotContain("afterwards");
      theNextOneIsRead(hasty);
    }
  }

  private static void theNextOneIsRead(ChildExtractor reader) throws IOException {
    assertThat(extract(reader, Documents.rtf("Xylophone"), "a.rtf", OCTETS).text())
        .contains("Xylophone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", "halt"})
  void whatKillsItsReaderIsTriedTwiceAndSaidToCrash(String deed) throws IOException {
    Extraction found = misbehaving(deed);
    assertThat(found.status()).isEqualTo(ExtractionStatus.CRASHED);
    assertThat(found.reason()).contains("exit code");
    theNextOneIsRead(extractor);
  }

  @Test
  void whatEatsMemoryIsEnded() throws IOException {
    try (ChildExtractor small = extractor(Duration.ofSeconds(60), 128)) {
      Extraction found = misbehaving(small, "eat");
      assertThat(found.status()).isEqualTo(ExtractionStatus.MEMORY);
      assertThat(found.reason()).contains("128 MiB");
      theNextOneIsRead(small);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"overflow", "break"})
  void whatIsBrokenHasFailedAndKeepsWhatWasRead(String deed) throws IOException {
    Extraction found = misbehaving(deed);
    assertThat(found.status()).isEqualTo(ExtractionStatus.FAILED);
    assertThat(found.reason()).isNotEmpty();
    assertThat(found.text()).contains("beforehand");
    assertThat(extractor.running()).isTrue();
  }

  @Test
  void whatAParserPrintsIsNoAnswer() throws IOException {
    assertThat(misbehaving("print").status()).isEqualTo(ExtractionStatus.OK);
    theNextOneIsRead(extractor);
  }

  @Test
  void noParserOpensASocket() throws IOException {
    Extraction found = misbehaving("connect");
    assertThat(found.status()).isEqualTo(ExtractionStatus.FAILED);
    assertThat(found.reason()).contains("there is no network here");
  }

  @Test
  void noDocumentHasAnythingFetched() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(500);
      String url = "http://127.0.0.1:" + server.getLocalPort() + "/x";
      String entity = "<!DOCTYPE d [<!ENTITY e SYSTEM \"" + url + "\">]>";
      String external = "<!DOCTYPE d SYSTEM \"" + url + "\">";
      String body =
          "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
              + "<w:body><w:p><w:r><w:t>Xylophone&e;</w:t></w:r></w:p></w:body></w:document>";
      extract(Documents.docxOf(entity + body), "a.docx", OCTETS);
      extract((entity + "<d>&e;</d>").getBytes(UTF_8), "a.xml", "application/xml");
      extract((external + "<d>x</d>").getBytes(UTF_8), "a.xml", "application/xml");
      extract(
          ("<html><body><img src='" + url + "'/><iframe src='" + url + "'/></body></html>")
              .getBytes(UTF_8),
          "a.html",
          OCTETS);
      extract(
          ("<svg xmlns='http://www.w3.org/2000/svg'><image href='" + url + "'/></svg>")
              .getBytes(UTF_8),
          "a.svg",
          "image/svg+xml");
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void whatHasNoTextSaysWhy() throws IOException {
    assertThat(extract(new byte[] {0, 1, 2, 3, 0, 9}, "a.bin", OCTETS).status())
        .isEqualTo(ExtractionStatus.UNSUPPORTED);
    assertThat(extract(Documents.docx(""), "a.docx", OCTETS).status())
        .isEqualTo(ExtractionStatus.EMPTY);
    assertThat(extract("%PDF-1.4 nothing".getBytes(UTF_8), "a.pdf", OCTETS).status())
        .isEqualTo(ExtractionStatus.FAILED);
  }

  @Test
  void aBrokenDocumentInsideDoesNotHideTheOthers() throws IOException {
    byte[] zip =
        Documents.zip(
            new LinkedHashMap<>(
                Map.of(
                    "1.pdf", "%PDF-1.4 nothing".getBytes(UTF_8),
                    "2.docx", Documents.docx("Xylophone"),
                    "3.rtf", Documents.rtf("Zither"))));
    Extraction found = extract(zip, "a.zip", OCTETS);
    assertThat(found.status()).isEqualTo(ExtractionStatus.FAILED);
    assertThat(found.reason()).startsWith("1.pdf: ");
    assertThat(found.text()).contains("Xylophone", "Zither");
  }

  @Test
  void closingEndsWhatIsReadAndSaysNothingOfIt() throws Exception {
    ChildExtractor closed = extractor(Duration.ofSeconds(61), 256);
    CompletableFuture<Extraction> reading =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return misbehaving(closed, "hang");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    Thread.sleep(3_000);
    closed.close();
    assertThatThrownBy(reading::get).hasRootCauseInstanceOf(ExtractorClosedException.class);
    assertThat(closed.running()).isFalse();
  }

  @Test
  void aProcessThatDoesNotStartSaysNothingOfTheDocument() throws Exception {
    try (ChildExtractor impossible = extractor(Duration.ofSeconds(60), 1)) {
      assertThatThrownBy(() -> misbehaving(impossible, "print"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("does not start");
    }
  }

  @Test
  void aProcessCanBeEndedWhileItStarts() throws IOException {
    Path own = Files.createDirectories(folder.resolve("starting"));
    Child child = Child.start(ChildSettings.DEFAULT, own);
    child.kill();
    assertThat(child.isAlive()).isFalse();
    assertThatThrownBy(child::awaitReady).hasMessageContaining("does not start");
  }

  @Test
  void whatTheProcessStartedEndsWithIt() throws Exception {
    try (ChildExtractor hasty = extractor(Duration.ofSeconds(5), 256)) {
      assertThat(misbehaving(hasty, "spawn").status()).isEqualTo(ExtractionStatus.TIMEOUT);
      for (int i = 0; i < 50 && !MisbehavingParser.spawned().isEmpty(); i++) {
        Thread.sleep(100);
      }
      assertThat(MisbehavingParser.spawned()).isEmpty();
    }
  }

  @Test
  void whatACrashLeftInTheFolderIsDeletedAtTheStart() throws IOException {
    Path left = Files.createDirectories(folder.resolve("left/inner"));
    Files.writeString(left.resolve("document"), "secret");
    try (ChildExtractor fresh = new ChildExtractor(ChildSettings.DEFAULT, folder.resolve("left"))) {
      assertThat(left).doesNotExist();
      assertThat(fresh.running()).isFalse();
    }
  }

  @Test
  void theProcessGivesWayToOthers() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/nice")));
    int own = Integer.parseInt(MisbehavingParser.niceness());
    assertThat(misbehaving("nice").text()).contains("niceness " + Math.min(own + 10, 19) + ".");
  }
}
