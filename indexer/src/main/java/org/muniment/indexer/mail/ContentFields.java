package org.muniment.indexer.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.muniment.indexer.mail.HeaderFields.Field;
import org.muniment.indexer.mail.Part.Disposition;
import org.muniment.indexer.mail.Part.Parameter;

/// The Content fields of a header (RFC 2045, 2183, 3282, 2557, 1864). Of a field that stands twice
/// the first counts.
final class ContentFields {

  /// Most parameters that are read of a field.
  static final int MAX_PARAMETERS = 200;

  private static final int MAX_LANGUAGES = 100;

  private static final Set<String> ENCODINGS =
      Set.of("7bit", "8bit", "binary", "base64", "quoted-printable");

  private final List<Field> fields;

  ContentFields(List<Field> fields) {
    this.fields = fields;
  }

  static boolean isContentField(String name) {
    return name.regionMatches(true, 0, "Content-", 0, "Content-".length());
  }

  /// The unfolded value of a field that is not empty.
  Optional<String> text(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .findFirst()
        .map(Field::value)
        .filter(value -> !value.isEmpty());
  }

  /// What the Content-Type says.
  ///
  /// @param understood false where the field is malformed, and text/plain stands for it
  record MediaType(String type, String subtype, List<Parameter> parameters, boolean understood) {

    static final MediaType PLAIN = new MediaType("text", "plain", List.of(), true);
    static final MediaType MESSAGE = new MediaType("message", "rfc822", List.of(), true);

    boolean isMultipart() {
      return type.equals("multipart");
    }

    boolean isMessage() {
      return type.equals("message") && (subtype.equals("rfc822") || subtype.equals("global"));
    }

    Optional<String> parameter(String name) {
      return parameters.stream()
          .filter(p -> p.name().equals(name))
          .map(Parameter::value)
          .findFirst();
    }
  }

  // content := "Content-Type" ":" type "/" subtype *(";" parameter)
  MediaType mediaType(MediaType missing) {
    if (fields.stream().noneMatch(field -> field.name().equalsIgnoreCase("Content-Type"))) {
      return missing;
    }
    HeaderCursor cursor = new HeaderCursor(text("Content-Type").orElse(""));
    cursor.skipCfws();
    String type = lower(cursor.token());
    cursor.skipCfws();
    boolean slash = cursor.skip('/');
    cursor.skipCfws();
    String subtype = lower(cursor.token());
    boolean understood = slash && !type.isEmpty() && !subtype.isEmpty();
    List<Parameter> parameters = parameters(cursor);
    return understood
        ? new MediaType(type, subtype, parameters, true)
        : new MediaType("text", "plain", parameters, false);
  }

  // encoding := "Content-Transfer-Encoding" ":" mechanism
  String encoding() {
    HeaderCursor cursor = new HeaderCursor(text("Content-Transfer-Encoding").orElse("7bit"));
    cursor.skipCfws();
    String mechanism = lower(cursor.token());
    cursor.skipCfws();
    return cursor.atEnd() && !mechanism.isEmpty() ? mechanism : "7bit";
  }

  boolean knowsEncoding() {
    return text("Content-Transfer-Encoding").isEmpty()
        || (ENCODINGS.contains(encoding()) && !fellBack());
  }

  private boolean fellBack() {
    return encoding().equals("7bit")
        && !lower(text("Content-Transfer-Encoding").orElse("")).contains("7bit");
  }

  // disposition := "Content-Disposition" ":" disposition-type *(";" disposition-parm)
  Optional<Disposition> disposition() {
    return text("Content-Disposition").map(ContentFields::disposition);
  }

  private static Disposition disposition(String value) {
    HeaderCursor cursor = new HeaderCursor(value);
    cursor.skipCfws();
    String type = lower(cursor.token());
    return new Disposition(type.isEmpty() ? "attachment" : type, parameters(cursor));
  }

  // Language-List = Language-Tag [CFWS] *("," [CFWS] Language-Tag [CFWS])
  List<String> languages() {
    List<String> languages = new ArrayList<>();
    HeaderCursor cursor = new HeaderCursor(text("Content-Language").orElse(""));
    while (!cursor.atEnd() && languages.size() < MAX_LANGUAGES) {
      cursor.skipCfws();
      String tag = cursor.token();
      if (!tag.isEmpty()) {
        languages.add(tag);
      }
      cursor.skipTo(',');
      cursor.skip(',');
    }
    return languages;
  }

  // parameter := attribute "=" value ; value := token / quoted-string
  private static List<Parameter> parameters(HeaderCursor cursor) {
    List<Parameter> parameters = new ArrayList<>();
    cursor.skipTo(';');
    while (cursor.skip(';') && parameters.size() < MAX_PARAMETERS) {
      cursor.skipCfws();
      String name = lower(cursor.token());
      cursor.skipCfws();
      if (!name.isEmpty() && cursor.skip('=')) {
        cursor.skipCfws();
        parameters.add(new Parameter(name, value(cursor)));
      }
      cursor.skipTo(';');
    }
    return parameters;
  }

  private static String value(HeaderCursor cursor) {
    if (cursor.peek() == '"') {
      return cursor.quotedString();
    }
    // An encoded word stands here without quotes often enough: filename==?utf-8?b?YQ==?=
    return cursor.peek() == '=' ? encodedWord(cursor) : cursor.token();
  }

  private static String encodedWord(HeaderCursor cursor) {
    StringBuilder word = new StringBuilder();
    while (!cursor.atEnd() && cursor.peek() != ';' && !HeaderCursor.isSpace(cursor.peek())) {
      word.append(cursor.read());
    }
    return word.toString();
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
