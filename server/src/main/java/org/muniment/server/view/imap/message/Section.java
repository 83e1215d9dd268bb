package org.muniment.server.view.imap.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.ListedFields;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// Which octets of a message (RFC 9051 section 6.4.5.1).
///
/// @param path of the part, empty for the message itself
/// @param text what of it
/// @param fields names of header fields as the client wrote them, for the two texts that ask for
///   some
public record Section(PartPath path, Text text, List<String> fields) {

  /// The message as a whole.
  public static final Section WHOLE = new Section(PartPath.MESSAGE, Text.ALL, List.of());

  private static final int MAX_NUMBERS = 100;
  private static final int MAX_NUMBER = 1_000_000;
  private static final int MAX_FIELDS = 500;

  public Section {
    fields = List.copyOf(fields);
  }

  /// What of a part.
  public enum Text {
    /// The body of a part; of a message header and body.
    ALL(""),
    HEADER("HEADER"),
    HEADER_FIELDS("HEADER.FIELDS"),
    HEADER_FIELDS_NOT("HEADER.FIELDS.NOT"),
    TEXT("TEXT"),
    /// The header of a part.
    MIME("MIME");

    private final String word;

    Text(String word) {
      this.word = word;
    }
  }

  /// Octets from `start` to before `end`.
  record Range(long start, long end) {}

  // ABNF: section = "[" [section-spec] "]"
  //       section-spec = section-msgtext / (section-part ["." section-text])
  static Section read(ImapReader in) throws IOException, SyntaxException {
    in.expect('[');
    List<Integer> numbers = new ArrayList<>();
    boolean more = numbers(in, numbers);
    Text text = more ? text(in, !numbers.isEmpty()) : Text.ALL;
    List<String> fields = asksForFields(text) ? fields(in) : List.of();
    in.expect(']');
    return new Section(new PartPath(numbers), text, fields);
  }

  // ABNF: section-binary = "[" [section-part] "]"
  static PartPath readPath(ImapReader in) throws IOException, SyntaxException {
    in.expect('[');
    List<Integer> numbers = new ArrayList<>();
    if (numbers(in, numbers)) {
      throw in.expected("the number of a part");
    }
    in.expect(']');
    return new PartPath(numbers);
  }

  // ABNF: section-part = nz-number *("." nz-number)
  /// @return whether something is to follow
  private static boolean numbers(ImapReader in, List<Integer> numbers)
      throws IOException, SyntaxException {
    boolean more = !in.at(']');
    while (more && in.peek() >= '0' && in.peek() <= '9') {
      numbers.add(number(in, numbers.size()));
      more = in.skip('.');
    }
    return more;
  }

  private static int number(ImapReader in, int depth) throws IOException, SyntaxException {
    long number = in.positive();
    if (number > MAX_NUMBER || depth == MAX_NUMBERS) {
      throw in.expected("a smaller part number");
    }
    return (int) number;
  }

  // ABNF: section-text = section-msgtext / "MIME"
  private static Text text(ImapReader in, boolean part) throws IOException, SyntaxException {
    String word = in.word("a section");
    for (Text text : Text.values()) {
      if (text.word.equals(word) && (part || text != Text.MIME)) {
        return text;
      }
    }
    throw in.expected("HEADER, HEADER.FIELDS, HEADER.FIELDS.NOT, TEXT or, of a part, MIME");
  }

  // ABNF: header-list = "(" header-fld-name *(SP header-fld-name) ")"
  private static List<String> fields(ImapReader in) throws IOException, SyntaxException {
    List<String> fields = new ArrayList<>();
    in.sp();
    in.expect('(');
    do {
      String name = in.astring();
      if (fields.size() == MAX_FIELDS || !name.chars().allMatch(c -> c > ' ' && c <= '~')) {
        throw in.expected("at most " + MAX_FIELDS + " names of header fields");
      }
      fields.add(name);
    } while (in.skip(' '));
    in.expect(')');
    return fields;
  }

  private static boolean asksForFields(Text text) {
    return text == Text.HEADER_FIELDS || text == Text.HEADER_FIELDS_NOT;
  }

  boolean asksForFields() {
    return asksForFields(text);
  }

  boolean isWhole() {
    return equals(WHOLE);
  }

  /// Whether it is of the header of the message, of which its own octets tell where it ends.
  private boolean isOfHeader() {
    return path.numbers().isEmpty() && asksForFields();
  }

  /// Whether this can only be answered from the structure of the message.
  boolean needsStructure() {
    return !isWhole() && !isOfHeader();
  }

  /// Whether it asks for nothing but what is kept for lists.
  boolean isListed() {
    return isOfHeader() && text == Text.HEADER_FIELDS && ListedFields.have(fields);
  }

  /// Where the octets lie, before any selection of header fields; null when there is no such part.
  ///
  /// @param row with its structure, if that is needed
  @Nullable Range of(MessageRow row) {
    if (!needsStructure()) {
      return new Range(0, row.length());
    }
    return path.numbers().isEmpty()
        ? ofMessage(row.root())
        : part(path, row).map(this::ofPart).orElse(null);
  }

  /// The part of that number.
  ///
  /// @param row with its structure
  static Optional<Part> part(PartPath path, MessageRow row) {
    Part root = row.root();
    return path.find(root).filter(part -> !isEmpty(part, path, root));
  }

  /// A multipart without parts is shown as one that has an empty part 1, not as part 1 itself of
  /// its message.
  private static boolean isEmpty(Part part, PartPath path, Part root) {
    return part.type().equals("multipart")
        && part.children().isEmpty()
        && message(path, root).filter(part::equals).isPresent();
  }

  /// The root of the message whose part the last number is.
  private static Optional<Part> message(PartPath path, Part root) {
    List<Integer> above = path.numbers().subList(0, path.numbers().size() - 1);
    return above.isEmpty()
        ? Optional.of(root)
        : new PartPath(above)
            .find(root)
            .flatMap(part -> Optional.ofNullable(part.message()))
            .map(Part.Embedded::root);
  }

  private @Nullable Range ofPart(Part part) {
    return switch (text) {
      case ALL -> new Range(part.body(), part.end());
      case MIME -> new Range(part.start(), part.body());
      case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT, TEXT ->
          part.message() == null ? null : ofMessage(part.message().root());
    };
  }

  private Range ofMessage(Part root) {
    return switch (text) {
      case ALL -> new Range(root.start(), root.end());
      case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT, MIME -> new Range(root.start(), root.body());
      case TEXT -> new Range(root.body(), root.end());
    };
  }

  /// `BODY[...]` as a response names it.
  String label() {
    StringBuilder label = new StringBuilder("BODY[").append(path);
    if (!path.numbers().isEmpty() && text != Text.ALL) {
      label.append('.');
    }
    label.append(text.word);
    if (asksForFields()) {
      label.append(" (");
      fields.forEach(name -> label.append(astring(name)).append(' '));
      label.setCharAt(label.length() - 1, ')');
    }
    return label.append(']').toString();
  }

  private static String astring(String name) {
    boolean atom = name.chars().noneMatch(c -> "(){%*\"\\]".indexOf(c) >= 0) && !name.isEmpty();
    String field = name.toUpperCase(Locale.ROOT);
    return atom ? field : "\"" + field.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
