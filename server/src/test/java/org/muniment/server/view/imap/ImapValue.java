package org.muniment.server.view.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A value of a response: whether it came between quotes or as a literal makes no difference.
sealed interface ImapValue {

  ImapValue NIL = new Atom("NIL");

  /// Anything without quotes.
  record Atom(String word) implements ImapValue {
    @Override
    public String toString() {
      return word;
    }
  }

  /// One character for each octet.
  record Text(String octets) implements ImapValue {
    @Override
    public String toString() {
      return '"' + octets.replace("\r", "\\r").replace("\n", "\\n") + '"';
    }
  }

  /// Values between parentheses.
  record Items(List<ImapValue> values) implements ImapValue {
    public Items {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return values.stream().map(ImapValue::toString).collect(Collectors.joining(" ", "(", ")"));
    }
  }

  /// The values of a response as [TestClient] gives it.
  static List<ImapValue> read(String response) {
    return new Reader(response).values();
  }

  final class Reader {
    private final String response;
    private int at;

    private Reader(String response) {
      this.response = response;
    }

    private List<ImapValue> values() {
      List<ImapValue> values = new ArrayList<>();
      while (at < response.length() && response.charAt(at) != ')') {
        switch (response.charAt(at)) {
          case ' ' -> at++;
          case '(' -> values.add(items());
          case '"' -> values.add(quoted());
          case '~', '{' -> values.add(literal());
          default -> values.add(atom());
        }
      }
      return values;
    }

    private ImapValue items() {
      at++;
      Items items = new Items(values());
      at++;
      return items;
    }

    private ImapValue quoted() {
      StringBuilder text = new StringBuilder();
      for (at++; response.charAt(at) != '"'; at++) {
        if (response.charAt(at) == '\\') {
          at++;
        }
        text.append(response.charAt(at));
      }
      at++;
      return new Text(text.toString());
    }

    private ImapValue literal() {
      int end = response.indexOf('}', at);
      int length = Integer.parseInt(response, response.indexOf('{', at) + 1, end, 10);
      at = end + 3 + length;
      return new Text(response.substring(end + 3, at));
    }

    /// With all between brackets, spaces too.
    private ImapValue atom() {
      int start = at;
      boolean inside = false;
      while (at < response.length() && (inside || " ()".indexOf(response.charAt(at)) < 0)) {
        inside = response.charAt(at) == '[' || (inside && response.charAt(at) != ']');
        at++;
      }
      return new Atom(response.substring(start, at));
    }
  }
}
