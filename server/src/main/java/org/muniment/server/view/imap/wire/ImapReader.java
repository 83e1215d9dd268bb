package org.muniment.server.view.imap.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Reads the tokens of commands as they come in (RFC 9051 section 9). Nothing is read ahead of what
/// the grammar asks for, so that a synchronising literal is only invited when somebody wants it.
///
/// Texts are octets, one ISO-8859-1 character for each. Not safe for use by several threads.
public final class ImapReader {

  /// Most octets of one command, literals not counted.
  public static final int MAX_LINE = 64 << 10;

  /// Most octets of all literals of one command.
  public static final int MAX_LITERALS = 64 << 10;

  private static final int BUFFER = 8 << 10;
  private static final int MAX_DIGITS = 18;

  private InputStream in;
  private final Continuation continuation;
  private final byte[] buffer = new byte[BUFFER];
  private int position;
  private int limit;

  private int column;
  private int literals;

  /// Octets of a literal that was announced and is on its way, but not read.
  private long coming;

  private boolean ended = true;
  private boolean utf8;

  public ImapReader(InputStream in, Continuation continuation) {
    this.in = in;
    this.continuation = continuation;
  }

  /// Reads from another stream from here on: what lies under TLS gives way to what comes out of it.
  /// Octets of the former stream that nobody has read are dropped.
  public void switchTo(InputStream other) {
    in = other;
    position = 0;
    limit = 0;
  }

  /// Names of mailboxes are in UTF-8 from here on, and `&` means itself (RFC 9051 section 5.1).
  public void expectUtf8() {
    utf8 = true;
  }

  /// Begins the next command: its limits count from here.
  public void begin() {
    column = 0;
    literals = 0;
    coming = 0;
    ended = false;
  }

  /// Whether octets have come in that nobody has read.
  public boolean hasBuffered() {
    return position < limit;
  }

  /// The next octet, which stays unread.
  public int peek() throws IOException {
    return peek(0);
  }

  /// Whether the next octet is `c`, in either case.
  public boolean at(char c) throws IOException {
    return Character.toUpperCase((char) peek()) == c;
  }

  /// Whether the line ends here.
  public boolean atEnd() throws IOException {
    int c = peek();
    return c == '\r' || c == '\n';
  }

  /// Whether a space comes next and `c` behind it.
  public boolean atSpaceAnd(char c) throws IOException {
    return peek() == ' ' && peek(1) == c;
  }

  /// Reads `c` when it comes next.
  ///
  /// @return whether it did
  public boolean skip(char c) throws IOException {
    boolean there = peek() == c;
    if (there) {
      next();
    }
    return there;
  }

  /// Reads `c`.
  public void expect(char c) throws IOException, SyntaxException {
    if (!skip(c)) {
      throw expected("\"" + c + "\"");
    }
  }

  /// ABNF: `SP`
  public void sp() throws IOException, SyntaxException {
    if (!skip(' ')) {
      throw expected("a space");
    }
  }

  /// ABNF: `CRLF`, which ends the command; a lone LF is taken as well.
  public void crlf() throws IOException, SyntaxException {
    skip('\r');
    if (!skip('\n')) {
      throw expected("the end of the line");
    }
    ended = true;
  }

  /// ABNF: `tag`
  public String tag() throws IOException, SyntaxException {
    return run(Octet::isTag, "a tag");
  }

  /// ABNF: `atom`
  public String atom() throws IOException, SyntaxException {
    return run(Octet::isAtom, "an atom");
  }

  /// A word of the grammar, in upper case.
  ///
  /// @param what what it is, for the error
  public String word(String what) throws IOException, SyntaxException {
    return run(c -> Octet.isAtom(c) && c != '[' && c != '<', what).toUpperCase(Locale.ROOT);
  }

  /// Reads `word` when it comes next, in either case, with a space behind it, which stays.
  ///
  /// @return whether it did
  public boolean skipWord(String word) throws IOException {
    for (int i = 0; i < word.length(); i++) {
      if (Character.toUpperCase((char) peek(i)) != word.charAt(i)) {
        return false;
      }
    }
    if (peek(word.length()) != ' ') {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      next();
    }
    return true;
  }

  /// ABNF: `astring = 1*ASTRING-CHAR / string`
  public String astring() throws IOException, SyntaxException {
    return atString() ? string() : run(Octet::isAstring, "a string");
  }

  /// ABNF: `nstring = string / nil`, null for `NIL`.
  public @Nullable String nstring() throws IOException, SyntaxException {
    if (atString()) {
      return string();
    }
    if (!word("a string or NIL").equals("NIL")) {
      throw expected("a string or NIL");
    }
    return null;
  }

  /// ABNF: `mailbox = "INBOX" / astring`, decoded.
  public String mailbox() throws IOException, SyntaxException {
    return decoded(astring());
  }

  /// ABNF: `list-mailbox = 1*list-char / string`, decoded.
  public String listMailbox() throws IOException, SyntaxException {
    return decoded(atString() ? string() : run(Octet::isList, "a mailbox pattern"));
  }

  private String decoded(String name) throws SyntaxException {
    return utf8 ? ModifiedUtf7.utf8(name) : ModifiedUtf7.decode(name);
  }

  /// ABNF: `string = quoted / literal`
  public String string() throws IOException, SyntaxException {
    return at('"') ? quoted() : literal();
  }

  /// ABNF: `number64`
  public long number() throws IOException, SyntaxException {
    String digits = run(Octet::isDigit, "a number");
    if (digits.length() > MAX_DIGITS) {
      throw expected("a number of at most " + MAX_DIGITS + " digits");
    }
    return Long.parseLong(digits);
  }

  /// ABNF: `mod-sequence-valzer`, at most 2^63 - 1 (RFC 7162 section 7)
  public long modSequence() throws IOException, SyntaxException {
    String digits = run(Octet::isDigit, "a mod-sequence");
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw expected("a mod-sequence below 2^63");
    }
  }

  /// ABNF: `nz-number`
  public long positive() throws IOException, SyntaxException {
    long number = number();
    if (number < 1 || number > SequenceSet.MAX) {
      throw expected("a number from 1 to " + SequenceSet.MAX);
    }
    return number;
  }

  // ABNF: sequence-set = (seq-number / seq-range) ["," sequence-set] / "$"
  /// ABNF: `sequence-set`
  public SequenceSet sequenceSet() throws IOException, SyntaxException {
    if (skip('$')) {
      return SequenceSet.SAVED;
    }
    var set = new SequenceSet.Builder();
    do {
      if (set.isFull()) {
        throw expected("at most " + SequenceSet.MAX_RANGES + " ranges");
      }
      long first = sequenceNumber();
      set.add(first, skip(':') ? sequenceNumber() : first);
    } while (skip(','));
    return set.build();
  }

  // ABNF: seq-number = nz-number / "*"
  private long sequenceNumber() throws IOException, SyntaxException {
    return skip('*') ? SequenceSet.LAST : positive();
  }

  /// A line outside any command, such as a step of AUTHENTICATE, without its line break.
  public String line() throws IOException, SyntaxException {
    StringBuilder line = new StringBuilder();
    while (!atEnd()) {
      line.append((char) next());
    }
    skip('\r');
    if (!skip('\n')) {
      throw expected("the end of the line");
    }
    return line.toString();
  }

  /// A syntax error here.
  ///
  /// @param what what could stand here
  public SyntaxException expected(String what) {
    return new SyntaxException(what, column + 1);
  }

  private boolean atString() throws IOException {
    int c = peek();
    return c == '"' || c == '{';
  }

  private String run(IntPredicate allowed, String what) throws IOException, SyntaxException {
    if (!allowed.test(peek())) {
      throw expected(what);
    }
    StringBuilder run = new StringBuilder();
    while (allowed.test(peek())) {
      run.append((char) next());
    }
    return run.toString();
  }

  // ABNF: quoted = DQUOTE *QUOTED-CHAR DQUOTE
  private String quoted() throws IOException, SyntaxException {
    expect('"');
    StringBuilder text = new StringBuilder();
    while (!skip('"')) {
      if (skip('\\') && !at('"') && !at('\\')) {
        throw expected("\" or \\ after \\");
      }
      if (!Octet.isText(peek())) {
        throw expected("a closing \"");
      }
      text.append((char) next());
    }
    return text.toString();
  }

  // ABNF: literal = "{" number64 ["+"] "}" CRLF *CHAR8
  private String literal() throws IOException, SyntaxException {
    expect('{');
    long length = number();
    boolean synchronising = !skip('+');
    expect('}');
    crlf();
    if (!synchronising) {
      ended = false;
      coming = length;
    }
    if (length > MAX_LITERALS - literals) {
      throw expected("literals of at most " + MAX_LITERALS + " octets");
    }
    if (synchronising) {
      continuation.request("go on");
      ended = false;
      coming = length;
    }
    return octets((int) length);
  }

  private String octets(int length) throws IOException {
    literals += length;
    byte[] octets = new byte[length];
    for (int at = 0; at < length; at++) {
      peek();
      octets[at] = buffer[position++];
      coming--;
    }
    return new String(octets, StandardCharsets.ISO_8859_1);
  }

  /// Reads away what is left of the command. A synchronising literal is not invited, which ends the
  /// command there; others are discarded.
  ///
  /// @throws OverLimitException when more than [#MAX_LITERALS] octets would have to be discarded
  public void skipRest() throws IOException {
    while (!ended) {
      discardLiteral();
      skipLine();
    }
  }

  private void discardLiteral() throws IOException {
    if (coming > MAX_LITERALS - literals) {
      throw new OverLimitException("a literal is too long");
    }
    literals += (int) coming;
    for (; coming > 0; coming--) {
      peek();
      position++;
    }
  }

  /// Reads to the end of the line; goes on only when it announces a literal that comes unasked.
  private void skipLine() throws IOException {
    StringBuilder end = new StringBuilder();
    while (peek() != '\n') {
      int c = next();
      if (c == '{') {
        end.setLength(0);
      }
      if (c != '\r' && end.length() <= MAX_DIGITS + 3) {
        end.append((char) c);
      }
    }
    next();
    coming = unasked(end);
    ended = coming < 0;
  }

  /// Length of a literal `{n+}` that `end` announces, -1 when it does not.
  private static long unasked(CharSequence end) {
    int last = end.length() - 2;
    if (last < 2
        || end.charAt(0) != '{'
        || end.charAt(last) != '+'
        || end.charAt(last + 1) != '}') {
      return -1;
    }
    CharSequence digits = end.subSequence(1, last);
    boolean number = digits.length() <= MAX_DIGITS && digits.chars().allMatch(Octet::isDigit);
    return number ? Long.parseLong(digits, 0, digits.length(), 10) : -1;
  }

  /// The octet `ahead` of the next one; asks the client for no more than that.
  private int peek(int ahead) throws IOException {
    while (limit - position <= ahead) {
      System.arraycopy(buffer, position, buffer, 0, limit - position);
      limit -= position;
      position = 0;
      fill();
    }
    return buffer[position + ahead] & 0xFF;
  }

  private int next() throws IOException {
    int c = peek();
    if (++column > MAX_LINE) {
      throw new OverLimitException("a command has at most " + MAX_LINE + " octets");
    }
    position++;
    return c;
  }

  private void fill() throws IOException {
    int count;
    try {
      count = in.read(buffer, limit, BUFFER - limit);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      throw new ConnectionLostException(e);
    }
    if (count < 0) {
      throw new ConnectionLostException("the client closed the connection");
    }
    limit += count;
  }
}
