package org.muniment.server.view.imap.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.Part;

/// Parameters in pieces (RFC 2231 section 3), which a server has to join (RFC 9051 section 7.5.2):
/// `name*0` and `name*1` become `name`, `name*0*` and `name*1` become `name*`. The octets of the
/// latter stay encoded, with their charset before them, as in a `name*` of one piece: clients
/// decode that, and it says what it is.
final class Continuations {

  private static final int MAX_DIGITS = 4;

  private Continuations() {}

  /// @param number of the piece
  /// @param extended whether the piece is encoded
  private record Piece(String name, int number, boolean extended, String value) {}

  /// Where a piece is missing all stand as they are.
  static List<Part.Parameter> joined(List<Part.Parameter> parameters) {
    if (!hasStar(parameters)) {
      return parameters;
    }
    Map<String, List<Piece>> pieces = new LinkedHashMap<>();
    for (Part.Parameter parameter : parameters) {
      Piece piece = piece(parameter);
      if (piece != null) {
        pieces.computeIfAbsent(piece.name(), name -> new ArrayList<>()).add(piece);
      }
    }
    pieces.values().removeIf(some -> !isWhole(some));
    List<Part.Parameter> joined = new ArrayList<>();
    Set<String> written = new HashSet<>();
    for (Part.Parameter parameter : parameters) {
      Piece piece = piece(parameter);
      List<Piece> all = piece == null ? null : pieces.get(piece.name());
      if (all == null) {
        joined.add(parameter);
      } else if (written.add(all.getFirst().name())) {
        joined.add(join(all));
      }
    }
    return joined;
  }

  /// Nearly all have none, and this costs a tenth of the rest.
  private static boolean hasStar(List<Part.Parameter> parameters) {
    for (Part.Parameter parameter : parameters) {
      if (parameter.name().indexOf('*') >= 0) {
        return true;
      }
    }
    return false;
  }

  // section := initial-section / other-sections ; "*" number, "*" behind it where it is extended
  private static @Nullable Piece piece(Part.Parameter parameter) {
    String name = parameter.name();
    boolean extended = name.endsWith("*");
    int end = extended ? name.length() - 1 : name.length();
    int star = name.lastIndexOf('*', end - 1);
    String digits = star < 1 ? "" : name.substring(star + 1, end);
    boolean number =
        !digits.isEmpty()
            && digits.length() <= MAX_DIGITS
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return number
        ? new Piece(name.substring(0, star), Integer.parseInt(digits), extended, parameter.value())
        : null;
  }

  /// Sorts the pieces; false unless their numbers are 0, 1, 2 and so on.
  private static boolean isWhole(List<Piece> pieces) {
    pieces.sort((one, other) -> Integer.compare(one.number(), other.number()));
    for (int i = 0; i < pieces.size(); i++) {
      if (pieces.get(i).number() != i) {
        return false;
      }
    }
    return true;
  }

  private static Part.Parameter join(List<Piece> pieces) {
    boolean extended = pieces.stream().anyMatch(Piece::extended);
    StringBuilder value = new StringBuilder();
    if (extended && !pieces.getFirst().extended()) {
      value.append("''");
    }
    for (Piece piece : pieces) {
      value.append(extended && !piece.extended() ? encoded(piece.value()) : piece.value());
    }
    String name = pieces.getFirst().name();
    return new Part.Parameter(extended ? name + "*" : name, value.toString());
  }

  // ext-octet := "%" 2(DIGIT / "A" / "B" / "C" / "D" / "E" / "F")
  private static String encoded(String value) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : value.getBytes(StandardCharsets.ISO_8859_1)) {
      char c = (char) (octet & 0xFF);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "!#$&+-.^_`{|}~".indexOf(c) >= 0;
      encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return encoded.toString();
  }
}
