package org.muniment.indexer.text;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.muniment.indexer.mail.Charsets;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.text.Extracted.Status;

/// The text of a text part. HTML is given as the text that a person sees (see [HtmlText]), all else
/// as it stands. A multipart in which no part was found is text too, and so is a message that was
/// not opened: reports of delivery (RFC 3464), headers alone, messages in base64.
public final class PartText {

  /// Most decoded octets of a part that are read, hence most characters.
  public static final int MAX_OCTETS = 8 << 20;

  /// How far into HTML its own charset declaration is looked for.
  private static final int META = 2048;

  private static final Set<String> TYPES = Set.of("text", "multipart", "message");

  private PartText() {}

  /// Whether there is text to read in a part.
  public static boolean isText(Part part) {
    return part.children().isEmpty() && part.message() == null && TYPES.contains(part.type());
  }

  /// Reads a leaf.
  ///
  /// @throws IOException only the source's own
  public static Extracted read(Part leaf, OctetSource octets) throws IOException {
    if (!isText(leaf)) {
      return new Extracted("", Status.UNSUPPORTED);
    }
    try (TransferDecoder decoder = DecodedPart.open(leaf, octets)) {
      byte[] some = decoder.readNBytes(MAX_OCTETS);
      boolean cut = some.length == MAX_OCTETS && decoder.read() >= 0;
      boolean html = leaf.type().equals("text") && leaf.subtype().equals("html");
      Extracted text = decode(leaf.parameter("charset").or(() -> declared(html, some)), some);
      return new Extracted(
          html ? HtmlText.of(text.text()) : text.text(),
          cut ? Status.CUT : decoder.malformed() ? Status.MALFORMED_ENCODING : text.status());
    }
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
    return Charsets.strict(octets, charset.get())
        .map(text -> new Extracted(text, Status.OK))
        .orElseGet(() -> new Extracted(lenient(octets, charset.get()), Status.MALFORMED_CHARSET));
  }

  private static String lenient(byte[] octets, Charset charset) {
    return charset.equals(StandardCharsets.US_ASCII)
        ? Charsets.guess(octets)
        : new String(octets, charset);
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
