package org.muniment.indexer.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.muniment.indexer.mail.Charsets;
import org.muniment.indexer.mail.HeaderFields;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.text.Extracted.Status;

/// The text of a text part as a person reads it: HTML and enriched text without their tags,
/// calendars and cards unfolded, flowed lines joined, PGP armour and the files among the lines left
/// out; all else as it stands. A multipart in which no part was found is text too, and so are
/// reports of delivery (RFC 3464), headers alone, and a message in base64 with all that is in it.
public final class PartText {

  /// Most decoded octets of a part that are read, the files among its lines not counted; hence most
  /// characters.
  public static final int MAX_OCTETS = 8 << 20;

  /// In how many encoded messages a message is opened; one that lies deeper is read as it stands.
  static final int MAX_ENCODINGS = 3;

  /// How far into HTML its own charset declaration is looked for.
  private static final int META = 2048;

  private static final Set<String> TYPES = Set.of("text", "multipart", "message");

  private static final Set<String> HTML = Set.of("text/html", "text/x-amp-html", "text/watch-html");

  private static final Set<String> HEADERS =
      Set.of("text/rfc822-headers", "message/rfc822-headers", "message/global-headers");

  private static final Set<String> SIGNATURES =
      Set.of(
          "application/pgp-signature",
          "application/pgp-keys",
          "application/pkcs7-signature",
          "application/x-pkcs7-signature");

  private static final Set<String> PKCS7 =
      Set.of("application/pkcs7-mime", "application/x-pkcs7-mime");

  private final Part part;
  private final OctetSource octets;
  private final OctetSource later;
  private final int encodings;

  /// @param octets of the message
  /// @param later the same, for files that are opened after all has been read
  /// @param encodings in how many encoded messages the part lies
  PartText(Part part, OctetSource octets, OctetSource later, int encodings) {
    this.part = part;
    this.octets = octets;
    this.later = later;
    this.encodings = encodings;
  }

  /// Whether a part only proves or unlocks another one, and tells a person nothing.
  public static boolean isSignature(Part part) {
    return SIGNATURES.contains(mediaType(part));
  }

  /// Whether there is text to read in a part.
  public static boolean isText(Part part) {
    return part.children().isEmpty() && part.message() == null && isTextType(part);
  }

  private static boolean isTextType(Part part) {
    return switch (mediaType(part)) {
      case "text/rtf" -> false;
      case "application/ics" -> true;
      default -> TYPES.contains(part.type());
    };
  }

  /// Reads a leaf.
  ///
  /// @throws IOException only the source's own
  public static Extracted read(Part leaf, OctetSource octets) throws IOException {
    return new PartText(leaf, octets, octets, 0).read(new ArrayList<>());
  }

  private static String mediaType(Part part) {
    return part.type() + "/" + part.subtype();
  }

  /// Reads the leaf.
  ///
  /// @param files takes the files that stand in it
  /// @throws IOException only the source's own
  Extracted read(List<EnclosedFile> files) throws IOException {
    if (!isText(part)) {
      return withoutText();
    }
    if (EncodedMessage.isIn(part) && encodings < MAX_ENCODINGS) {
      return new EncodedMessage(part, later, encodings + 1).read(files);
    }
    try (TransferDecoder decoder = DecodedPart.openText(part, octets)) {
      TextOctets text = new TextOctets(decoder);
      boolean html = HTML.contains(mediaType(part));
      InputStream from = html ? decoder : text;
      byte[] some = from.readNBytes(MAX_OCTETS);
      boolean cut = some.length == MAX_OCTETS && from.read() >= 0;
      text.found().forEach(file -> files.add(enclosed(file)));
      Extracted decoded = decode(named().or(() -> declared(html, some)), some);
      Extracted readable = readable(decoded, some);
      return cut
          ? new Extracted(readable.text(), Status.CUT)
          : decoder.malformed()
              ? new Extracted(readable.text(), Status.MALFORMED_ENCODING)
              : readable;
    }
  }

  private Optional<String> named() {
    return part.parameter("charset").filter(name -> !name.isBlank());
  }

  private Extracted withoutText() {
    if (isSignature(part)) {
      return new Extracted("", Status.OK);
    }
    String type = mediaType(part);
    boolean enveloped =
        PKCS7.contains(type)
            && part.parameter("smime-type")
                .map(kind -> kind.toLowerCase(Locale.ROOT))
                .filter(kind -> kind.equals("enveloped-data") || kind.equals("authenveloped-data"))
                .isPresent();
    return new Extracted(
        "",
        enveloped || type.equals("application/pgp-encrypted")
            ? Status.ENCRYPTED
            : Status.UNSUPPORTED);
  }

  private EnclosedFile enclosed(TextOctets.Found file) {
    return new EnclosedFile(
        Charsets.guess(file.name().getBytes(StandardCharsets.ISO_8859_1)),
        file.status(),
        () -> TextOctets.open(DecodedPart.openText(part, later), file.offset()));
  }

  private Extracted readable(Extracted decoded, byte[] some) throws IOException {
    String type = mediaType(part);
    if (HTML.contains(type)) {
      return new Extracted(HtmlText.of(decoded.text()), decoded.status());
    }
    if (HEADERS.contains(type)) {
      HeaderFields header = HeaderFields.read(new ByteArrayInputStream(some));
      return new Extracted(HeaderLines.of(header, null).text(), decoded.status());
    }
    return switch (type) {
      case "text/calendar", "application/ics" ->
          new Extracted(ContentLines.calendar(decoded.text()), decoded.status());
      case "text/vcard", "text/x-vcard", "text/directory" ->
          new Extracted(ContentLines.card(decoded.text()), decoded.status());
      case "text/enriched" ->
          new Extracted(EnrichedText.enriched(decoded.text()), decoded.status());
      case "text/richtext" ->
          new Extracted(EnrichedText.richtext(decoded.text()), decoded.status());
      case "message/external-body" ->
          new Extracted(parameters() + decoded.text(), decoded.status());
      default -> plain(decoded);
    };
  }

  /// Where the body of a message/external-body lies (RFC 2046 section 5.2.3).
  private String parameters() {
    StringBuilder text = new StringBuilder();
    part.parameters()
        .forEach(p -> text.append(p.name()).append(": ").append(p.value()).append('\n'));
    return text.toString();
  }

  private Extracted plain(Extracted decoded) {
    InlinePgp.Opened opened = InlinePgp.open(decoded.text());
    String text = opened.text();
    boolean flowed =
        part.subtype().equals("plain")
            && part.parameter("format").filter("flowed"::equalsIgnoreCase).isPresent();
    boolean delSp = part.parameter("delsp").filter("yes"::equalsIgnoreCase).isPresent();
    return new Extracted(
        flowed ? FlowedText.of(text, delSp) : text,
        opened.encrypted() ? Status.ENCRYPTED : decoded.status());
  }

  /// Decodes octets. What claims to be ASCII and is not, and what claims nothing, is guessed.
  private static Extracted decode(Optional<String> name, byte[] octets) {
    if (name.isEmpty()) {
      return new Extracted(Charsets.guess(octets), Status.OK);
    }
    Optional<Charset> charset = Charsets.find(name.get());
    if (charset.isEmpty()) {
      return new Extracted(Charsets.guess(octets), Status.UNKNOWN_CHARSET);
    }
    Charsets.Decoded decoded = Charsets.decode(octets, charset.get());
    return new Extracted(decoded.text(), decoded.exact() ? Status.OK : Status.MALFORMED_CHARSET);
  }

  /// The charset that HTML declares of itself.
  private static Optional<String> declared(boolean html, byte[] octets) {
    if (!html) {
      return Optional.empty();
    }
    String head =
        new String(
                Arrays.copyOf(octets, Math.min(octets.length, META)), StandardCharsets.ISO_8859_1)
            .toLowerCase(Locale.ROOT);
    int at = head.indexOf("charset=");
    if (at < 0) {
      return Optional.empty();
    }
    StringBuilder name = new StringBuilder();
    for (char c : head.substring(at + "charset=".length()).toCharArray()) {
      if (isNameCharacter(c)) {
        name.append(c);
      } else if (!name.isEmpty() || (c != '"' && c != '\'')) {
        break;
      }
    }
    return Optional.of(name.toString()).filter(declared -> Charsets.find(declared).isPresent());
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-_.:".indexOf(c) >= 0;
  }
}
