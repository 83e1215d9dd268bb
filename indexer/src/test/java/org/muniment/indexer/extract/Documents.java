package org.muniment.indexer.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.poi.hslf.usermodel.HSLFSlideShow;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/// Documents of many kinds with a text in them.
public final class Documents {

  private Documents() {}

  private interface Writing {
    void to(ByteArrayOutputStream out) throws IOException;
  }

  private static byte[] write(Writing writing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writing.to(out);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  public static byte[] docx(String text) {
    return write(
        out -> {
          try (XWPFDocument document = new XWPFDocument()) {
            document.createParagraph().createRun().setText(text);
            document.write(out);
          }
        });
  }

  private static byte[] sheet(Workbook workbook, String text) {
    return write(
        out -> {
          try (workbook) {
            workbook.createSheet("sheet").createRow(0).createCell(0).setCellValue(text);
            workbook.write(out);
          }
        });
  }

  public static byte[] xlsx(String text) {
    return sheet(new XSSFWorkbook(), text);
  }

  public static byte[] xls(String text) {
    return sheet(new HSSFWorkbook(), text);
  }

  public static byte[] pptx(String text) {
    return write(
        out -> {
          try (XMLSlideShow show = new XMLSlideShow()) {
            show.createSlide().createTextBox().setText(text);
            show.write(out);
          }
        });
  }

  /// As PowerPoint wrote it up to 2003.
  public static byte[] ppt(String text) {
    return write(
        out -> {
          try (HSLFSlideShow show = new HSLFSlideShow()) {
            show.createSlide().createTextBox().setText(text);
            show.write(out);
          }
        });
  }

  public static byte[] pdf(String text) {
    return pdf(text, null);
  }

  public static byte[] encryptedPdf(String text) {
    StandardProtectionPolicy policy =
        new StandardProtectionPolicy("owner", "user", new AccessPermission());
    policy.setEncryptionKeyLength(128);
    return pdf(text, policy);
  }

  private static byte[] pdf(String text, @Nullable StandardProtectionPolicy policy) {
    return write(
        out -> {
          try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
              content.beginText();
              content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
              content.newLineAtOffset(50, 700);
              content.showText(text);
              content.endText();
            }
            if (policy != null) {
              document.protect(policy);
            }
            document.save(out);
          }
        });
  }

  /// A picture of a text, of a page at 200 dots per inch.
  public static byte[] png(String text) {
    return write(
        out -> {
          try (PDDocument document = Loader.loadPDF(pdf(text))) {
            ImageIO.write(new PDFRenderer(document).renderImageWithDPI(0, 200), "png", out);
          }
        });
  }

  /// A page of a document that was scanned: a picture of a text.
  public static byte[] scannedPdf(String text) {
    return write(
        out -> {
          try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage();
            document.addPage(page);
            PDImageXObject picture =
                PDImageXObject.createFromByteArray(document, png(text), "page");
            PDRectangle size = page.getMediaBox();
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
              content.drawImage(picture, 0, 0, size.getWidth(), size.getHeight());
            }
            document.save(out);
          }
        });
  }

  public static byte[] encryptedXlsx(String text) {
    return write(
        out -> {
          try (POIFSFileSystem files = new POIFSFileSystem()) {
            Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
            encryptor.confirmPassword("secret");
            try (var data = encryptor.getDataStream(files)) {
              data.write(xlsx(text));
            } catch (GeneralSecurityException e) {
              throw new IllegalStateException(e);
            }
            files.writeFilesystem(out);
          }
        });
  }

  public static byte[] rtf(String text) {
    return ("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\pard\\b " + text + "\\par}")
        .getBytes(US_ASCII);
  }

  public static byte[] odt(String text) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("mimetype", "application/vnd.oasis.opendocument.text".getBytes(US_ASCII));
    files.put(
        "content.xml",
        ("""
        <?xml version="1.0" encoding="UTF-8"?><office:document-content
        xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
        xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>
        <text:p>"""
                + text
                + "</text:p></office:text></office:body></office:document-content>")
            .getBytes(UTF_8));
    return zip(files);
  }

  /// A DOCX of which the body is the given XML.
  public static byte[] docxOf(String xml) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(
        "[Content_Types].xml",
        """
        <?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
        <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
        <Override PartName="/word/document.xml"
        ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
        </Types>"""
            .getBytes(UTF_8));
    files.put(
        "_rels/.rels",
        """
        <?xml version="1.0"?><Relationships
        xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r"
        Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
        Target="word/document.xml"/></Relationships>"""
            .getBytes(UTF_8));
    files.put("word/document.xml", xml.getBytes(UTF_8));
    return zip(files);
  }

  public static byte[] zip(String name, byte[] content) {
    return zip(Map.of(name, content));
  }

  public static byte[] zip(Map<String, byte[]> files) {
    return write(
        out -> {
          try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
              put(zip, file.getKey(), file.getValue());
            }
          }
        });
  }

  public static byte[] sevenZip(String name, byte[] content) {
    return write(
        out -> {
          try (SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel()) {
            try (SevenZOutputFile archive = new SevenZOutputFile(channel)) {
              SevenZArchiveEntry entry = new SevenZArchiveEntry();
              entry.setName(name);
              entry.setLastModifiedTime(FileTime.from(Instant.EPOCH));
              archive.putArchiveEntry(entry);
              archive.write(content);
              archive.closeArchiveEntry();
            }
            out.write(channel.array(), 0, (int) channel.size());
          }
        });
  }

  public static byte[] tarball(String name, byte[] content) {
    return write(
        out -> {
          try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
          }
        });
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    if (name.equals("mimetype")) {
      CRC32 sum = new CRC32();
      sum.update(content);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(content.length);
      entry.setCrc(sum.getValue());
    }
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /// A zip with one entry that says it is encrypted.
  public static byte[] encryptedZip() {
    byte[] zip = zip("secret.txt", "nobody reads this".getBytes(US_ASCII));
    for (int i = 0; i + 4 < zip.length; i++) {
      if (zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 3 && zip[i + 3] == 4) {
        zip[i + 6] |= 1;
      } else if (zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 1 && zip[i + 3] == 2) {
        zip[i + 8] |= 1;
      }
    }
    return zip;
  }

  /// Many octets in few: text of a hundred MiB.
  public static byte[] bomb() {
    byte[] some = "0123456789abcdef ".repeat(1 << 16).getBytes(US_ASCII);
    return write(
        out -> {
          try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("bomb.txt"));
            for (int i = 0; i < 100; i++) {
              zip.write(some);
            }
            zip.closeEntry();
          }
        });
  }

  /// A message as Outlook keeps it.
  public static byte[] msg(String subject, String body) {
    return write(
        out -> {
          try (POIFSFileSystem files = new POIFSFileSystem()) {
            files.createDocument(stream(subject), "__substg1.0_0037001F");
            files.createDocument(stream(body), "__substg1.0_1000001F");
            files.createDocument(stream("IPM.Note"), "__substg1.0_001A001F");
            files.createDocument(new ByteArrayInputStream(new byte[32]), "__properties_version1.0");
            files.writeFilesystem(out);
          }
        });
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_16LE));
  }

  /// A winmail.dat with one attachment (MS-OXTNEF).
  public static byte[] tnef(String name, byte[] content) {
    return write(
        out -> {
          out.write(little(4, 0x223E9F78));
          out.write(little(2, 1));
          attribute(out, 1, 0x00089006, little(4, 0x00010000));
          attribute(out, 2, 0x00069002, new byte[14]);
          attribute(out, 2, 0x00018010, (name + "\0").getBytes(ISO_8859_1));
          attribute(out, 2, 0x0006800F, content);
        });
  }

  private static void attribute(ByteArrayOutputStream out, int level, int id, byte[] data)
      throws IOException {
    int sum = 0;
    for (byte octet : data) {
      sum += octet & 0xFF;
    }
    out.write(level);
    out.write(little(4, id));
    out.write(little(4, data.length));
    out.write(data);
    out.write(little(2, sum));
  }

  private static byte[] little(int length, int value) {
    byte[] all = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    return Arrays.copyOf(all, length);
  }

  /// A message with an attachment in base64.
  public static byte[] eml(String subject, String body, String name, byte[] attachment) {
    return """
        From: inner@example.com
        To: other@example.com
        Subject: %s
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=inner

        --inner
        Content-Type: text/plain

        %s
        --inner
        Content-Type: application/octet-stream; name="%s"
        Content-Disposition: attachment; filename="%s"
        Content-Transfer-Encoding: base64

        %s
        --inner--
        """
        .formatted(subject, body, name, name, Base64.getMimeEncoder().encodeToString(attachment))
        .replace("\r\n", "\n")
        .replace("\n", "\r\n")
        .getBytes(ISO_8859_1);
  }

  /// S/MIME that is signed and not in clear (RFC 8551 section 3.5.2).
  public static byte[] signed(byte[] entity) {
    return signed(entity, true);
  }

  /// The signature of S/MIME apart from what it signs (RFC 8551 section 3.5.3).
  public static byte[] signature(byte[] entity) {
    return signed(entity, false);
  }

  private static byte[] signed(byte[] entity, boolean enclosed) {
    try {
      KeyPair keys = keys();
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
              .build(
                  new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate()),
                  certificate(keys)));
      return generator.generate(new CMSProcessableByteArray(entity), enclosed).getEncoded();
    } catch (GeneralSecurityException | OperatorCreationException | CMSException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// S/MIME that is encrypted (RFC 8551 section 3.3).
  public static byte[] enveloped(byte[] entity) {
    try {
      CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
      generator.addRecipientInfoGenerator(
          new JceKeyTransRecipientInfoGenerator(certificate(keys())));
      return generator
          .generate(
              new CMSProcessableByteArray(entity),
              new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC).build())
          .getEncoded();
    } catch (GeneralSecurityException | OperatorCreationException | CMSException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static X509Certificate certificate(KeyPair keys)
      throws OperatorCreationException, GeneralSecurityException {
    X500Name name = new X500Name("CN=test");
    return new JcaX509CertificateConverter()
        .getCertificate(
            new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.ONE,
                    Date.from(Instant.EPOCH),
                    Date.from(Instant.EPOCH.plusSeconds(4_000_000_000L)),
                    name,
                    keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
  }

  /// A JPEG without a picture, of a camera of that make (Exif 2.3).
  public static byte[] jpeg(String make) {
    byte[] value = (make + "\0").getBytes(US_ASCII);
    ByteBuffer tiff = ByteBuffer.allocate(26 + value.length).order(ByteOrder.LITTLE_ENDIAN);
    tiff.put("II".getBytes(US_ASCII)).putShort((short) 42).putInt(8);
    tiff.putShort((short) 1);
    tiff.putShort((short) 0x010F).putShort((short) 2).putInt(value.length).putInt(26);
    tiff.putInt(0).put(value);
    return write(
        out -> {
          out.write(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE1});
          int length = 2 + 6 + tiff.capacity();
          out.write(new byte[] {(byte) (length >> 8), (byte) length});
          out.write("Exif\0\0".getBytes(US_ASCII));
          out.write(tiff.array());
          out.write(new byte[] {(byte) 0xFF, (byte) 0xD9});
        });
  }

  /// Zips in each other, so many.
  public static byte[] nestedZips(int depth, byte[] innermost) {
    byte[] content = innermost;
    for (int i = 0; i < depth; i++) {
      content = zip("deeper.zip", content);
    }
    return content;
  }

  /// A zip of so many zips, each with a text of its own.
  public static byte[] manyZips(int count) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      files.put(i + ".zip", zip("a.txt", ("number" + i).getBytes(US_ASCII)));
    }
    return zip(files);
  }

  /// All kinds that hold one text, by their names.
  public static Map<String, byte[]> all(String text) {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("a.docx", docx(text));
    all.put("a.xlsx", xlsx(text));
    all.put("a.xls", xls(text));
    all.put("a.pptx", pptx(text));
    all.put("a.ppt", ppt(text));
    all.put("a.pdf", pdf(text));
    all.put("a.rtf", rtf(text));
    all.put("a.odt", odt(text));
    all.put("a.msg", msg("subject", text));
    all.put("a.zip", zip("inner.zip", zip("inner.docx", docx(text))));
    all.put("a.7z", sevenZip("inner.docx", docx(text)));
    all.put("a.tar.gz", tarball("inner.docx", docx(text)));
    all.put("winmail.dat", tnef("inner.docx", docx(text)));
    all.put("a.eml", eml("subject", "body", "inner.pdf", pdf(text)));
    all.put("smime.p7m", signed(eml("subject", "body", "inner.docx", docx(text))));
    all.put("a.jpg", jpeg(text));
    return all;
  }

  /// One of [#all].
  public static byte[] of(String name, String text) {
    return Objects.requireNonNull(all(text).get(name));
  }

  /// Names of [#all].
  public static List<String> kinds() {
    return List.copyOf(all("x").keySet());
  }
}
