package org.muniment.indexer.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/// The number of a part in IMAP (RFC 9051 section 6.4.5), such as `1.2.3`. The empty path is the
/// message itself.
///
/// @param numbers each from 1
public record PartPath(List<Integer> numbers) {

  /// The message itself.
  public static final PartPath MESSAGE = new PartPath(List.of());

  /// Longest path that is read; more than twice the depth that any structure has.
  static final int MAX_NUMBERS = 2 * StructureReader.MAX_DEPTH + 2;

  private static final int MAX_DIGITS = 9;

  public PartPath {
    numbers = List.copyOf(numbers);
    for (int number : numbers) {
      if (number < 1) {
        throw new IllegalArgumentException("part numbers begin with 1: " + number);
      }
    }
  }

  /// Reads `1.2.3`; empty when the text is not of this form.
  // ABNF: section-part = nz-number *("." nz-number)
  public static Optional<PartPath> parse(String text) {
    List<Integer> numbers = new ArrayList<>();
    int at = 0;
    while (true) {
      int from = at;
      int number = 0;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        if (at - from == MAX_DIGITS) {
          return Optional.empty();
        }
        number = 10 * number + text.charAt(at++) - '0';
      }
      if (at == from || text.charAt(from) == '0' || numbers.size() == MAX_NUMBERS) {
        return Optional.empty();
      }
      numbers.add(number);
      if (at == text.length()) {
        return Optional.of(new PartPath(numbers));
      }
      if (text.charAt(at++) != '.') {
        return Optional.empty();
      }
    }
  }

  /// The part that has this number in a message; empty when there is none.
  ///
  /// A message that is not a multipart is its own part 1. Below a message/rfc822 part the numbers
  /// are those of the message inside it.
  public Optional<Part> find(Part root) {
    Part part = root;
    boolean message = true;
    for (int number : numbers) {
      if (!message && part.message() != null) {
        part = part.message().root();
        message = true;
      }
      if (part.isMultipart()) {
        if (number > part.children().size()) {
          return Optional.empty();
        }
        part = part.children().get(number - 1);
      } else if (!message || number != 1) {
        return Optional.empty();
      }
      message = false;
    }
    return Optional.of(part);
  }

  /// Visits each part that has a number, in the order of the octets.
  public static void forEach(Part root, BiConsumer<PartPath, Part> visitor) {
    visitMessage(MESSAGE, root, visitor);
  }

  private static void visitMessage(PartPath path, Part root, BiConsumer<PartPath, Part> visitor) {
    if (root.isMultipart()) {
      visitChildren(path, root, visitor);
    } else {
      visitPart(path.child(1), root, visitor);
    }
  }

  private static void visitChildren(PartPath path, Part part, BiConsumer<PartPath, Part> visitor) {
    int number = 1;
    for (Part child : part.children()) {
      visitPart(path.child(number++), child, visitor);
    }
  }

  private static void visitPart(PartPath path, Part part, BiConsumer<PartPath, Part> visitor) {
    visitor.accept(path, part);
    visitChildren(path, part, visitor);
    if (part.message() != null) {
      visitMessage(path, part.message().root(), visitor);
    }
  }

  /// This path with one more number.
  public PartPath child(int number) {
    List<Integer> longer = new ArrayList<>(numbers);
    longer.add(number);
    return new PartPath(longer);
  }

  /// `1.2.3`; empty for the message itself.
  @Override
  public String toString() {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining("."));
  }
}
