package org.muniment.archive.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// Writes header fields and body parts as mail programs do. Lines end with a line feed, as in a
/// Maildir.
final class Mime {

  private static final int LINE = 76;

  /// Octets of a line that need no encoding (RFC 5322 section 2.1.1).
  private static final int LONGEST_LINE = 998;

  private static final int ENCODED_WORD = 24;
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(LINE, new byte[] {'\n'});

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Mime() {}

  /// A date-time (RFC 5322 section 3.3).
  static String date(Instant date) {
    return DATE.format(date);
  }

  /// A header field; what is not ASCII in it becomes encoded words (RFC 2047).
  static String field(String name, String value, String charset) {
    if (ascii(value)) {
      return fold(name + ": " + value) + "\n";
    }
    return name + ": " + encodedWords(value, charset) + "\n";
  }

  private static String fold(String field) {
    StringBuilder folded = new StringBuilder();
    int begin = 0;
    while (field.length() - begin > LINE) {
      int space = field.lastIndexOf(' ', begin + LINE);
      if (space <= begin + 12) {
        break;
      }
      folded.append(field, begin, space).append('\n');
      begin = space;
    }
    return folded.append(field, begin, field.length()).toString();
  }

  static boolean ascii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static String encodedWords(String text, String charset) {
    String name = charset.equals("us-ascii") ? "utf-8" : charset;
    StringBuilder words = new StringBuilder();
    for (int at = 0; at < text.length(); at += ENCODED_WORD) {
      String word = text.substring(at, Math.min(text.length(), at + ENCODED_WORD));
      words.append(at == 0 ? "=?" : "\n =?").append(name).append("?B?");
      words.append(base64(word.getBytes(Charset.forName(name)))).append("?=");
    }
    return words.toString();
  }

  static String mailbox(Person person) {
    String name =
        ascii(person.name()) ? "\"" + person.name() + "\"" : encodedWords(person.name(), "utf-8");
    return name + " <" + person.address() + ">";
  }

  static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }

  /// Random octets in base64 on folded lines, as in a signature of DKIM.
  static String noise(RandomGenerator random, int octets) {
    byte[] noise = new byte[octets];
    random.nextBytes(noise);
    String encoded = base64(noise);
    StringBuilder folded = new StringBuilder();
    for (int at = 0; at < encoded.length(); at += 64) {
      folded.append("\n\t ").append(encoded, at, Math.min(encoded.length(), at + 64));
    }
    return folded.toString();
  }

  static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// A text part: encoded as it must be, or as the sender's program likes it.
  static byte[] text(String subtype, String text, String charset, RandomGenerator random) {
    byte[] octets = text.getBytes(Charset.forName(charset));
    Encoding encoding = encoding(ascii(text), longestLine(octets) > LONGEST_LINE, random);
    return body("text/" + subtype + "; charset=" + charset, encoding, octets);
  }

  private static Encoding encoding(boolean ascii, boolean longLines, RandomGenerator random) {
    double chance = random.nextDouble();
    if (ascii) {
      return chance < 0.8 && !longLines ? Encoding.SEVEN_BIT : Encoding.QUOTED_PRINTABLE;
    }
    if (chance < 0.6) {
      return Encoding.QUOTED_PRINTABLE;
    }
    return chance < 0.85 || longLines ? Encoding.BASE64 : Encoding.EIGHT_BIT;
  }

  private static int longestLine(byte[] octets) {
    int longest = 0;
    int begin = 0;
    for (int i = 0; i < octets.length; i++) {
      if (octets[i] == '\n') {
        longest = Math.max(longest, i - begin);
        begin = i + 1;
      }
    }
    return Math.max(longest, octets.length - begin);
  }

  static byte[] body(String type, Encoding encoding, byte[] octets) {
    String head =
        "Content-Type: " + type + "\nContent-Transfer-Encoding: " + encoding.name + "\n\n";
    return join(latin(head), encoding.encode(octets));
  }

  /// A part in base64 with the name of a file.
  static byte[] file(String type, String disposition, String name, byte[] octets) {
    String head =
        """
        Content-Type: %s;
         name="%s"
        Content-Transfer-Encoding: base64
        Content-Disposition: %s;
         filename="%s"

        """
            .formatted(type, name, disposition, name);
    return join(latin(head), Encoding.BASE64.encode(octets));
  }

  /// @param kind subtype and further parameters
  static byte[] multipart(String kind, List<byte[]> parts, RandomGenerator random) {
    String boundary = "=_%016x.%08x".formatted(random.nextLong(), random.nextInt());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        latin("Content-Type: multipart/" + kind + ";\n boundary=\"" + boundary + "\"\n\n"));
    if (random.nextBoolean()) {
      out.writeBytes(latin("This is a message in several parts, as MIME has them.\n"));
    }
    for (byte[] part : parts) {
      out.writeBytes(latin("\n--" + boundary + "\n"));
      out.writeBytes(part);
    }
    out.writeBytes(latin("\n--" + boundary + "--\n"));
    return out.toByteArray();
  }

  static byte[] join(byte[]... pieces) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      out.writeBytes(piece);
    }
    return out.toByteArray();
  }

  /// Content-Transfer-Encoding (RFC 2045 section 6).
  enum Encoding {
    SEVEN_BIT("7bit"),
    EIGHT_BIT("8bit"),
    QUOTED_PRINTABLE("quoted-printable"),
    BASE64("base64");

    private final String name;

    Encoding(String name) {
      this.name = name;
    }

    byte[] encode(byte[] octets) {
      return switch (this) {
        case SEVEN_BIT, EIGHT_BIT -> octets;
        case QUOTED_PRINTABLE -> quotedPrintable(octets);
        case BASE64 -> join(LINES.encode(octets), new byte[] {'\n'});
      };
    }
  }

  private static byte[] quotedPrintable(byte[] octets) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(octets.length + octets.length / 4);
    int column = 0;
    for (int i = 0; i < octets.length; i++) {
      int octet = octets[i] & 0xFF;
      if (octet == '\n') {
        out.write('\n');
        column = 0;
        continue;
      }
      boolean lineEnds = i + 1 == octets.length || octets[i + 1] == '\n';
      boolean literal = octet == ' ' ? !lineEnds : octet > ' ' && octet < 0x7F && octet != '=';
      if (column + (literal ? 1 : 3) > LINE - 1) {
        out.writeBytes(latin("=\n"));
        column = 0;
      }
      if (literal) {
        out.write(octet);
        column++;
      } else {
        out.write('=');
        out.write(Character.toUpperCase(Character.forDigit(octet >> 4, 16)));
        out.write(Character.toUpperCase(Character.forDigit(octet & 0xF, 16)));
        column += 3;
      }
    }
    return out.toByteArray();
  }
}
