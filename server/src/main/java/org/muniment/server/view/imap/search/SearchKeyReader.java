package org.muniment.server.view.imap.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.muniment.server.view.TextKey;
import org.muniment.server.view.imap.search.SearchKey.Side;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// Reads search keys (RFC 9051 section 9).
public final class SearchKeyReader {

  private static final int MAX_DEPTH = 50;
  private static final int MAX_KEYS = 2000;

  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

  private final ImapReader in;
  private int depth;
  private int count;
  private boolean malformed;

  public SearchKeyReader(ImapReader in) {
    this.in = in;
  }

  // ABNF: search-program = search-key *(SP search-key)
  /// Reads keys to the end of the line.
  public SearchKey program() throws IOException, SyntaxException {
    List<SearchKey> keys = new ArrayList<>();
    do {
      keys.add(key());
    } while (in.skip(' '));
    return keys.size() == 1 ? keys.getFirst() : new SearchKey.And(keys);
  }

  private SearchKey key() throws IOException, SyntaxException {
    if (++count > MAX_KEYS || depth == MAX_DEPTH) {
      throw in.expected("at most " + MAX_KEYS + " keys, nested at most " + MAX_DEPTH + " deep");
    }
    depth++;
    SearchKey key = nested();
    depth--;
    return key;
  }

  private SearchKey nested() throws IOException, SyntaxException {
    if (in.skip('(')) {
      SearchKey keys = program();
      in.expect(')');
      return keys;
    }
    int c = in.peek();
    return c == '*' || c == '$' || (c >= '0' && c <= '9')
        ? new SearchKey.Numbers(in.sequenceSet(), false)
        : named(in.word("a search key"));
  }

  private SearchKey named(String name) throws IOException, SyntaxException {
    return switch (name) {
      case "ALL", "OLD", "SAVEDATESUPPORTED" -> new SearchKey.All();
      // No message of this archive is ever \Recent.
      case "RECENT", "NEW" -> new SearchKey.Not(new SearchKey.All());
      case "ANSWERED", "DELETED", "DRAFT", "FLAGGED", "SEEN" -> flag(name);
      case "UNANSWERED", "UNDELETED", "UNDRAFT", "UNFLAGGED", "UNSEEN" ->
          new SearchKey.Not(flag(name.substring(2)));
      case "KEYWORD" -> new SearchKey.Flag(keyword());
      case "UNKEYWORD" -> new SearchKey.Not(new SearchKey.Flag(keyword()));
      case "LARGER" -> new SearchKey.Larger(size());
      case "SMALLER" -> new SearchKey.Smaller(size());
      case "BEFORE", "ON", "SINCE" -> new SearchKey.Arrived(Side.valueOf(name), date());
      case "SENTBEFORE", "SENTON", "SENTSINCE" ->
          new SearchKey.Sent(Side.valueOf(name.substring(4)), date());
      case "SAVEDBEFORE", "SAVEDON", "SAVEDSINCE" ->
          new SearchKey.Saved(Side.valueOf(name.substring(5)), date());
      case "OLDER" -> new SearchKey.Until(ago());
      case "YOUNGER" -> new SearchKey.From(ago());
      case "BCC", "CC", "FROM", "SUBJECT", "TO" ->
          new SearchKey.Has(new TextKey.Header(name.toLowerCase(Locale.ROOT), text()));
      case "HEADER" -> new SearchKey.Has(new TextKey.Header(text(), text()));
      case "BODY" -> new SearchKey.Has(new TextKey.Body(text()));
      case "TEXT" -> new SearchKey.Has(new TextKey.Text(text()));
      case "EMAILID" -> new SearchKey.Email(keyword());
      case "THREADID" -> new SearchKey.InThread(keyword());
      case "MODSEQ" -> modSeq();
      case "UID" -> uids();
      case "NOT" -> not();
      case "OR" -> or();
      default -> throw in.expected("a search key instead of " + name);
    };
  }

  private static SearchKey flag(String name) {
    return new SearchKey.Flag("\\" + name);
  }

  private String keyword() throws IOException, SyntaxException {
    in.sp();
    return in.atom();
  }

  private long size() throws IOException, SyntaxException {
    in.sp();
    return in.number();
  }

  // ABNF: "OLDER" SP nz-number ; "YOUNGER" SP nz-number ; seconds
  private Instant ago() throws IOException, SyntaxException {
    in.sp();
    return Instant.now().minusSeconds(in.positive());
  }

  // ABNF: search-modsequence = "MODSEQ" [search-modseq-ext] SP mod-sequence-valzer
  //       search-modseq-ext = SP entry-name SP entry-type-req
  /// All flags of a message have one MODSEQ, so it does not matter which is named.
  private SearchKey modSeq() throws IOException, SyntaxException {
    in.sp();
    if (in.at('"')) {
      in.string();
      in.sp();
      switch (in.word("priv, shared or all")) {
        case "PRIV", "SHARED", "ALL" -> in.sp();
        default -> throw in.expected("priv, shared or all");
      }
    }
    return new SearchKey.ModSeq(in.modSequence());
  }

  private SearchKey uids() throws IOException, SyntaxException {
    in.sp();
    return new SearchKey.Numbers(in.sequenceSet(), true);
  }

  private SearchKey not() throws IOException, SyntaxException {
    in.sp();
    return new SearchKey.Not(key());
  }

  private SearchKey or() throws IOException, SyntaxException {
    in.sp();
    SearchKey left = key();
    in.sp();
    return new SearchKey.Or(left, key());
  }

  /// Whether a text was not in UTF-8. That is no syntax error: Angus Mail sends ISO-8859-1 once
  /// UTF8=ACCEPT is enabled, and looks for itself when it is told that the charset is not known.
  boolean isMalformed() {
    return malformed;
  }

  /// US-ASCII is a part of UTF-8, so one decoder serves both charsets.
  private String text() throws IOException, SyntaxException {
    in.sp();
    byte[] octets = in.astring().getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      malformed = true;
      return "";
    }
  }

  // ABNF: date = date-text / DQUOTE date-text DQUOTE
  //       date-text = date-day "-" date-month "-" date-year
  private LocalDate date() throws IOException, SyntaxException {
    in.sp();
    String[] parts = in.astring().toUpperCase(Locale.ROOT).split("-", 4);
    try {
      if (parts.length == 3 && parts[2].length() == 4) {
        int month = MONTHS.indexOf(parts[1]) + 1;
        return LocalDate.of(Integer.parseInt(parts[2]), month, Integer.parseInt(parts[0]));
      }
    } catch (DateTimeException | NumberFormatException e) {
      throw in.expected("a day that there is, such as 1-Feb-1994");
    }
    throw in.expected("a day such as 1-Feb-1994");
  }
}
