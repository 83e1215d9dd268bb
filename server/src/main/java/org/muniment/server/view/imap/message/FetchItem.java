package org.muniment.server.view.imap.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// What FETCH asks of a message (RFC 9051 section 6.4.5).
public sealed interface FetchItem {

  /// Something that is not octets of the message.
  enum Attribute implements FetchItem {
    FLAGS,
    UID,
    INTERNALDATE,
    /// When it was archived (RFC 8514).
    SAVEDATE,
    SIZE,
    ENVELOPE,
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

  /// ABNF: `partial = "<" number64 "." nz-number64 ">"`
  record Partial(long offset, long length) {}

  /// Most items of one command.
  int MAX_ITEMS = 500;

  /// Whether this can only be answered from the structure of the message.
  default boolean needsStructure() {
    return switch (this) {
      case Attribute.FLAGS,
          Attribute.UID,
          Attribute.INTERNALDATE,
          Attribute.SAVEDATE,
          Attribute.SIZE ->
          false;
      case Attribute.ENVELOPE, Attribute.BODY, Attribute.BODYSTRUCTURE -> true;
      case Content content -> !content.section().isWhole();
    };
  }

  /// Whether asking for this sets `\Seen`.
  default boolean setsSeen() {
    return this instanceof Content content && !content.peek();
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
      default -> items.add(attribute(word, in));
    }
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
      case "UID" -> Attribute.UID;
      case "INTERNALDATE" -> Attribute.INTERNALDATE;
      case "SAVEDATE" -> Attribute.SAVEDATE;
      case "RFC822.SIZE" -> Attribute.SIZE;
      case "ENVELOPE" -> Attribute.ENVELOPE;
      case "BODYSTRUCTURE" -> Attribute.BODYSTRUCTURE;
      case "RFC822" -> rfc822(word, Section.Text.ALL);
      case "RFC822.HEADER" -> rfc822(word, Section.Text.HEADER);
      case "RFC822.TEXT" -> rfc822(word, Section.Text.TEXT);
      default ->
          throw in.expected(
              "FLAGS, UID, INTERNALDATE, SAVEDATE, RFC822.SIZE, ENVELOPE, BODY, BODYSTRUCTURE, BODY[],"
                  + " BODY.PEEK[], RFC822, RFC822.HEADER, RFC822.TEXT, ALL, FAST or FULL");
    };
  }

  private static FetchItem rfc822(String label, Section.Text text) {
    Section section = new Section(Section.WHOLE.path(), text, List.of());
    return new Content(label, section, /* partial= */ null, text == Section.Text.HEADER);
  }
}
