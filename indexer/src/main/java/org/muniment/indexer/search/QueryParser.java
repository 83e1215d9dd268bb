package org.muniment.indexer.search;

import java.util.ArrayList;
import java.util.List;

/// Reads the query language. Operators are upper case; words beside each other are joined by AND,
/// which binds more tightly than OR; an empty query is [Query.All].
///
/// ```
/// query   = *WSP [ or *WSP ]
/// or      = and *( "OR" and )
/// and     = not *( [ "AND" ] not )
/// not     = *( "NOT" / "-" ) primary
/// primary = "(" or ")" / field ":" value / value
/// field   = 1*ALPHA *( "-" 1*ALPHA )
/// value   = quoted / word [ "*" ]
/// quoted  = DQUOTE 1*( "\" CHAR / any but DQUOTE ) DQUOTE
/// word    = 1*( any but WSP / "(" / ")" / DQUOTE / "*" )
/// ```
///
/// The values of the fields are read by [FieldValue].
public final class QueryParser {

  /// Longest query, in characters.
  public static final int MAX_LENGTH = 2_000;

  /// Most words and fields in a query.
  public static final int MAX_CLAUSES = 200;

  /// Deepest nesting of parentheses and negations.
  public static final int MAX_DEPTH = 30;

  /// Fewest letters and digits before a `*`.
  static final int MIN_PREFIX = 2;

  /// From here on the scripts are those of Chinese, Japanese and Korean.
  private static final int FIRST_IDEOGRAPH = 0x2e80;

  private static final String A_WORD = "a word, a \"phrase\", a field or (";

  private final String text;
  private int at;
  private int clauses;

  private QueryParser(String text) {
    this.text = text;
  }

  /// Reads a query.
  public static Query parse(String text) throws QuerySyntaxException {
    if (text.length() > MAX_LENGTH) {
      throw new QuerySyntaxException(
          MAX_LENGTH + 1, "the end of the query: " + MAX_LENGTH + " characters are the most");
    }
    return new QueryParser(text).query();
  }

  // query = *WSP [ or *WSP ]
  private Query query() throws QuerySyntaxException {
    skipSpace();
    if (atEnd()) {
      return new Query.All();
    }
    Query query = or(0);
    if (!atEnd()) {
      throw expected("a ( before this )");
    }
    return query;
  }

  // or = and *( "OR" and )
  private Query or(int depth) throws QuerySyntaxException {
    List<Query> clauses = new ArrayList<>();
    do {
      clauses.add(and(depth));
    } while (operator("OR"));
    return clauses.size() == 1 ? clauses.getFirst() : new Query.Or(clauses);
  }

  // and = not *( [ "AND" ] not )
  private Query and(int depth) throws QuerySyntaxException {
    List<Query> clauses = new ArrayList<>();
    do {
      clauses.add(not(depth));
    } while (operator("AND") || !(atEnd() || peek() == ')' || sees("OR")));
    return clauses.size() == 1 ? clauses.getFirst() : new Query.And(clauses);
  }

  // not = *( "NOT" / "-" ) primary
  private Query not(int depth) throws QuerySyntaxException {
    if (depth > MAX_DEPTH) {
      throw expected("at most " + MAX_DEPTH + " levels of ( and NOT");
    }
    if (operator("NOT")) {
      return new Query.Not(not(depth + 1));
    }
    if (!atEnd() && peek() == '-') {
      at++;
      if (atEnd() || Character.isWhitespace(peek())) {
        throw expected("what is not wanted, directly after -");
      }
      return new Query.Not(not(depth + 1));
    }
    return primary(depth);
  }

  // primary = "(" or ")" / field ":" value / value
  private Query primary(int depth) throws QuerySyntaxException {
    if (atEnd() || peek() == ')' || sees("OR") || sees("AND")) {
      throw expected(A_WORD);
    }
    if (peek() == '(') {
      return group(depth);
    }
    if (++clauses > MAX_CLAUSES) {
      throw expected("at most " + MAX_CLAUSES + " words and fields");
    }
    int start = at;
    String field = field();
    int column = at + 1;
    Value value = value(field.isEmpty() ? A_WORD : "a value for " + field + ":");
    skipSpace();
    return FieldValue.of(field, start + 1, value, column);
  }

  // "(" or ")"
  private Query group(int depth) throws QuerySyntaxException {
    at++;
    skipSpace();
    Query inner = or(depth + 1);
    if (atEnd()) {
      throw expected(")");
    }
    at++;
    skipSpace();
    return inner;
  }

  // field = 1*ALPHA *( "-" 1*ALPHA ), where a ":" follows
  private String field() {
    int end = at;
    while (end < text.length() && (isAlpha(text.charAt(end)) || isInnerHyphen(end))) {
      end++;
    }
    if (end == at || end == text.length() || text.charAt(end) != ':') {
      return "";
    }
    String field = text.substring(at, end);
    at = end + 1;
    return field;
  }

  private boolean isInnerHyphen(int index) {
    return text.charAt(index) == '-'
        && index > at
        && index + 1 < text.length()
        && isAlpha(text.charAt(index - 1))
        && isAlpha(text.charAt(index + 1));
  }

  /// A value as written.
  ///
  /// @param prefix whether a `*` follows it
  /// @param quoted whether it stood in quotes
  record Value(String text, boolean prefix, boolean quoted) {}

  // value = quoted / word [ "*" ]
  private Value value(String what) throws QuerySyntaxException {
    if (!atEnd() && peek() == '"') {
      return new Value(quoted(), false, true);
    }
    String word = word();
    if (word.isEmpty()) {
      throw expected(atEnd() || peek() != '*' ? what : "letters before *");
    }
    boolean prefix = !atEnd() && peek() == '*';
    if (prefix) {
      checkPrefix(word);
      at++;
    }
    if (!atEnd() && !Character.isWhitespace(peek()) && peek() != ')') {
      throw expected(prefix ? "a space after *" : "a space");
    }
    return new Value(word, prefix, false);
  }

  // Nearly every word begins with a given letter, few with a given ideograph.
  private void checkPrefix(String word) throws QuerySyntaxException {
    long letters = word.codePoints().filter(Character::isLetterOrDigit).count();
    boolean ideograph = word.codePoints().anyMatch(c -> c >= FIRST_IDEOGRAPH);
    if (letters < MIN_PREFIX && !ideograph) {
      throw expected("at least " + MIN_PREFIX + " letters before *");
    }
  }

  // quoted = DQUOTE 1*( "\" CHAR / any but DQUOTE ) DQUOTE
  private String quoted() throws QuerySyntaxException {
    StringBuilder quoted = new StringBuilder();
    int open = at++;
    while (!atEnd() && peek() != '"') {
      if (peek() == '\\' && at + 1 < text.length()) {
        at++;
      }
      quoted.append(text.charAt(at++));
    }
    if (atEnd()) {
      throw expected("\" to end the phrase of column " + (open + 1));
    }
    if (quoted.toString().isBlank()) {
      throw expected("words between the quotes");
    }
    at++;
    return quoted.toString();
  }

  // word = 1*( any but WSP / "(" / ")" / DQUOTE / "*" )
  private String word() {
    int start = at;
    while (!atEnd() && !Character.isWhitespace(peek()) && "()\"*".indexOf(peek()) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private boolean operator(String name) {
    if (!sees(name)) {
      return false;
    }
    at += name.length();
    skipSpace();
    return true;
  }

  private boolean sees(String name) {
    int end = at + name.length();
    return text.startsWith(name, at)
        && (end == text.length()
            || Character.isWhitespace(text.charAt(end))
            || "()".indexOf(text.charAt(end)) >= 0);
  }

  private void skipSpace() {
    while (!atEnd() && Character.isWhitespace(peek())) {
      at++;
    }
  }

  private boolean atEnd() {
    return at == text.length();
  }

  private char peek() {
    return text.charAt(at);
  }

  private static boolean isAlpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private QuerySyntaxException expected(String what) {
    return new QuerySyntaxException(at + 1, what);
  }
}
