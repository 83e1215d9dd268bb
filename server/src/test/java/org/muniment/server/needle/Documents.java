package org.muniment.server.needle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;

/// Files of many kinds with a text in them.
final class Documents {

  private static final int UU_LINE = 45;

  private Documents() {}

  private interface Writing {
    void to(ByteArrayOutputStream out) throws IOException;
  }

  private static byte[] write(Writing writing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] txt(String text) {
    return text.getBytes(UTF_8);
  }

  /// @param text in Latin letters; a line break is one on the page
  static byte[] pdf(String text) {
    return write(
        out -> {
          try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
              content.beginText();
              content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
              content.newLineAtOffset(50, 700);
              content.setLeading(14);
              for (String line : text.split("\n", -1)) {
                content.showText(line);
                content.newLine();
              }
              content.endText();
            }
            document.save(out);
          }
        });
  }

  /// A paragraph in two runs, as after a correction.
  static byte[] docx(String text) {
    return write(
        out -> {
          try (XWPFDocument document = new XWPFDocument()) {
            XWPFParagraph paragraph = document.createParagraph();
            int half = text.length() / 2;
            paragraph.createRun().setText(text.substring(0, half));
            paragraph.createRun().setText(text.substring(half));
            document.write(out);
          }
        });
  }

  static byte[] xlsx(String text) {
    return sheet(new XSSFWorkbook(), text);
  }

  static byte[] xls(String text) {
    return sheet(new HSSFWorkbook(), text);
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

  static byte[] pptx(String text) {
    return write(
        out -> {
          try (XMLSlideShow show = new XMLSlideShow()) {
            show.createSlide().createTextBox().setText(text);
            show.write(out);
          }
        });
  }

  static byte[] rtf(String text) {
    StringBuilder rtf = new StringBuilder("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\pard ");
    text.chars()
        .forEach(
            c -> {
              if (c <= '~') {
                rtf.append((char) c);
              } else {
                rtf.append("\\u").append((short) c).append('?');
              }
            });
    return rtf.append("\\par}").toString().getBytes(US_ASCII);
  }

  static byte[] odt(String text) {
    String content =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
        xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>
        <text:p>%s</text:p></office:text></office:body></office:document-content>
        """
            .formatted(text);
    return write(
        out -> {
          try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(0);
            put(zip, "mimetype", "application/vnd.oasis.opendocument.text".getBytes(US_ASCII));
            put(zip, "content.xml", content.getBytes(UTF_8));
          }
        });
  }

  static byte[] zip(String name, byte[] content) {
    return write(
        out -> {
          try (ZipOutputStream zip = new ZipOutputStream(out)) {
            put(zip, name, content);
          }
        });
  }

  static byte[] gzip(byte[] content) {
    return write(
        out -> {
          try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
          }
        });
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
    zip.closeEntry();
  }

  /// A winmail.dat with one attachment (MS-OXTNEF).
  static byte[] tnef(String name, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(little(4, 0x223E9F78));
    out.writeBytes(little(2, 1));
    attribute(out, 1, 0x00089006, little(4, 0x00010000));
    attribute(out, 2, 0x00069002, new byte[14]);
    attribute(out, 2, 0x00018010, (name + "\0").getBytes(ISO_8859_1));
    attribute(out, 2, 0x0006800F, content);
    return out.toByteArray();
  }

  private static void attribute(ByteArrayOutputStream out, int level, int id, byte[] data) {
    int sum = 0;
    for (byte octet : data) {
      sum += octet & 0xFF;
    }
    out.write(level);
    out.writeBytes(little(4, id));
    out.writeBytes(little(4, data.length));
    out.writeBytes(data);
    out.writeBytes(little(2, sum));
  }

  private static byte[] little(int length, int value) {
    byte[] all = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    return Arrays.copyOf(all, length);
  }

  /// A uuencoded file as it stands among lines.
  static byte[] uuencoded(String name, byte[] octets) {
    StringBuilder text = new StringBuilder("begin 644 " + name + "\r\n");
    for (int from = 0; from < octets.length; from += UU_LINE) {
      byte[] line = Arrays.copyOfRange(octets, from, Math.min(from + UU_LINE, octets.length));
      text.append(uu(line.length));
      byte[] padded = Arrays.copyOf(line, (line.length + 2) / 3 * 3);
      for (int i = 0; i < padded.length; i += 3) {
        int bits = (padded[i] & 0xFF) << 16 | (padded[i + 1] & 0xFF) << 8 | (padded[i + 2] & 0xFF);
        for (int shift = 18; shift >= 0; shift -= 6) {
          text.append(uu(bits >> shift & 0x3F));
        }
      }
      text.append("\r\n");
    }
    return text.append("`\r\nend\r\n").toString().getBytes(US_ASCII);
  }

  private static char uu(int sextet) {
    return (char) (sextet == 0 ? '`' : sextet + ' ');
  }
}
