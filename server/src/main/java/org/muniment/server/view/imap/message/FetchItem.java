package org.muniment.server.view.imap.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.PartPath;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// What FETCH asks of a message (RFC 9051 section 6.4.5).
public sealed interface FetchItem {

  /// Something that is not octets of the message.
  enum Attribute implements FetchItem {
    FLAGS,
    /// RFC 7162 section 3.1.4.2.
    MODSEQ,
    UID,
    INTERNALDATE,
    /// When it was archived (RFC 8514).
    SAVEDATE,
    SIZE,
    ENVELOPE,
    /// Which octets it is (RFC 8474 section 5.1).
    EMAILID,
    /// Which thread it belongs to (RFC 8474 section 5.2).
    THREADID,
    /// The beginning of its text (RFC 8970).
    PREVIEW,
    /// BODYSTRUCTURE without extension data.
    BODY,
    BODYSTRUCTURE
  }

  /// Octets of the message.
  ///
  /// @param label how the response names them
  /// @param partial which of the section's octets, null for all
  /// @param peek whether the message stays unseen
  record Content(String label, Section section, @Nullable Partial partial, boolean peek)
      implements FetchItem {}

  /// Octets of a part without their transfer encoding (RFC 3516 section 4.2).
  ///
  /// @param path empty for the message as it stands
  record Binary(PartPath path, @Nullable Partial partial, boolean peek) implements FetchItem {}

  /// The number of those octets.
  record BinarySize(PartPath path) implements FetchItem {}

  /// ABNF: `partial = "<" number64 "." nz-number64 ">"`
  record Partial(long offset, long length) {}

  /// Most items of one command.
  int MAX_ITEMS = 500;

  /// Whether this can only be answered from the structure of the message.
  default boolean needsStructure() {
    return switch (this) {
      case Attribute.FLAGS,
          Attribute.MODSEQ,
          Attribute.UID,
          Attribute.INTERNALDATE,
          Attribute.SAVEDATE,
          Attribute.SIZE,
          Attribute.EMAILID ->
          false;
      case Attribute.ENVELOPE,
          Attribute.THREADID,
          Attribute.PREVIEW,
          Attribute.BODY,
          Attribute.BODYSTRUCTURE ->
          true;
      case Binary(var path, _, _) -> !path.numbers().isEmpty();
      case BinarySize(var path) -> !path.numbers().isEmpty();
      case Content content -> content.section().needsStructure();
    };
  }

  /// Whether this can be answered from what is kept of the header for lists.
  default boolean isListed() {
    return this instanceof Content content && content.section().isListed();
  }

  /// Whether asking for this sets `\Seen`.
  default boolean setsSeen() {
    return switch (this) {
      case Content content -> !content.peek();
      case Binary binary -> !binary.peek();
      case Attribute _, BinarySize _ -> false;
    };
  }

  // ABNF: "ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")"
  /// Reads what follows the sequence set.
  static List<FetchItem> readAll(ImapReader in) throws IOException, SyntaxException {
    List<FetchItem> items = new ArrayList<>();
    if (in.skip('(')) {
      do {
        read(in, items);
      } while (in.skip(' '));
      in.expect(')');
    } else {
      read(in, items);
    }
    return items;
  }

  private static void read(ImapReader in, List<FetchItem> items)
      throws IOException, SyntaxException {
    if (items.size() >= MAX_ITEMS) {
      throw in.expected("at most " + MAX_ITEMS + " items");
    }
    String word = in.word("a FETCH item");
    switch (word) {
      case "FAST" -> items.addAll(fast());
      case "ALL" -> {
        items.addAll(fast());
        items.add(Attribute.ENVELOPE);
      }
      case "FULL" -> {
        items.addAll(fast());
        items.add(Attribute.ENVELOPE);
        items.add(Attribute.BODY);
      }
      case "BODY" -> items.add(in.at('[') ? content(in, false) : Attribute.BODY);
      case "BODY.PEEK" -> items.add(content(in, true));
      case "BINARY" -> items.add(binary(in, false));
      case "BINARY.PEEK" -> items.add(binary(in, true));
      case "BINARY.SIZE" -> items.add(new BinarySize(Section.readPath(in)));
      case "PREVIEW" -> items.add(preview(in));
      default -> items.add(attribute(word, in));
    }
  }

  // ABNF: "BINARY" [".PEEK"] section-binary [partial]
  private static Binary binary(ImapReader in, boolean peek) throws IOException, SyntaxException {
    PartPath path = Section.readPath(in);
    return new Binary(path, in.at('<') ? partial(in) : null, peek);
  }

  // ABNF: "PREVIEW" [SP "(" preview-mod *(SP preview-mod) ")"] ; preview-mod = "LAZY"
  /// A preview is made of so little that there is nothing to be lazy about.
  private static Attribute preview(ImapReader in) throws IOException, SyntaxException {
    if (in.atSpaceAnd('(')) {
      in.sp();
      in.expect('(');
      do {
        if (!in.word("LAZY").equals("LAZY")) {
          throw in.expected("LAZY");
        }
      } while (in.skip(' '));
      in.expect(')');
    }
    return Attribute.PREVIEW;
  }

  private static List<Attribute> fast() {
    return List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.SIZE);
  }

  // ABNF: "BODY" [".PEEK"] section [partial]
  private static FetchItem content(ImapReader in, boolean peek)
      throws IOException, SyntaxException {
    Section section = Section.read(in);
    Partial partial = in.at('<') ? partial(in) : null;
    String origin = partial == null ? "" : "<" + partial.offset() + ">";
    return new Content(section.label() + origin, section, partial, peek);
  }

  private static Partial partial(ImapReader in) throws IOException, SyntaxException {
    in.expect('<');
    long offset = in.number();
    in.expect('.');
    long length = in.number();
    if (length == 0) {
      throw in.expected("at least one octet");
    }
    in.expect('>');
    return new Partial(offset, length);
  }

  private static FetchItem attribute(String word, ImapReader in) throws SyntaxException {
    return switch (word) {
      case "FLAGS" -> Attribute.FLAGS;
      case "MODSEQ" -> Attribute.MODSEQ;
      case "UID" -> Attribute.UID;
      case "INTERNALDATE" -> Attribute.INTERNALDATE;
      case "SAVEDATE" -> Attribute.SAVEDATE;
      case "RFC822.SIZE" -> Attribute.SIZE;
      case "ENVELOPE" -> Attribute.ENVELOPE;
      case "BODYSTRUCTURE" -> Attribute.BODYSTRUCTURE;
      case "EMAILID" -> Attribute.EMAILID;
      case "THREADID" -> Attribute.THREADID;
      case "RFC822" -> rfc822(word, Section.Text.ALL);
      case "RFC822.HEADER" -> rfc822(word, Section.Text.HEADER);
      case "RFC822.TEXT" -> rfc822(word, Section.Text.TEXT);
      default ->
          throw in.expected(
              "FLAGS, MODSEQ, UID, INTERNALDATE, SAVEDATE, RFC822.SIZE, ENVELOPE, BODY, BODYSTRUCTURE, BODY[],"
                  + " BODY.PEEK[], BINARY[], BINARY.PEEK[], BINARY.SIZE[], EMAILID, THREADID,"
                  + " PREVIEW, RFC822, RFC822.HEADER, RFC822.TEXT, ALL, FAST or FULL");
    };
  }

  private static FetchItem rfc822(String label, Section.Text text) {
    Section section = new Section(Section.WHOLE.path(), text, List.of());
    return new Content(label, section, /* partial= */ null, text == Section.Text.HEADER);
  }
}
