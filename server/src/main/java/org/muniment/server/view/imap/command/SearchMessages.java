package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.imap.search.Search;
import org.muniment.server.view.imap.search.SearchKey;
import org.muniment.server.view.imap.search.SearchKeyReader;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

/// SEARCH and UID SEARCH (RFC 9051 sections 6.4.4 and 6.4.9), in the form of RFC 3501 and, with
/// RETURN, in that of RFC 4731.
///
/// @param uids whether this is UID SEARCH
/// @param results what to return, null for the form without RETURN
record SearchMessages(boolean uids, @Nullable Set<Result> results, SearchKey key)
    implements Command {

  /// What RETURN asks for.
  enum Result {
    MIN,
    MAX,
    ALL,
    COUNT
  }

  // ABNF: search = "SEARCH" [search-return-opts] SP search-program
  //       search-program = ["CHARSET" SP charset SP] search-key *(SP search-key)
  static Command read(boolean uids, ImapReader in) throws IOException, SyntaxException {
    in.sp();
    Set<Result> results = null;
    if (in.skipWord("RETURN")) {
      results = results(in);
      in.sp();
    }
    if (in.skipWord("CHARSET") && !isKnown(charset(in))) {
      return new Refused(Completion.no("BADCHARSET (UTF-8 US-ASCII)", "the charset is not known"));
    }
    return new SearchMessages(uids, results, new SearchKeyReader(in).program());
  }

  // ABNF: search-return-opts = SP "RETURN" SP "(" [search-return-opt *(SP search-return-opt)] ")"
  private static Set<Result> results(ImapReader in) throws IOException, SyntaxException {
    Set<Result> results = EnumSet.noneOf(Result.class);
    in.sp();
    in.expect('(');
    while (!in.skip(')')) {
      if (!results.isEmpty()) {
        in.sp();
      }
      results.add(result(in));
    }
    return results.isEmpty() ? EnumSet.of(Result.ALL) : results;
  }

  private static Result result(ImapReader in) throws IOException, SyntaxException {
    String word = in.word("a result option");
    for (Result result : Result.values()) {
      if (result.name().equals(word)) {
        return result;
      }
    }
    throw in.expected("MIN, MAX, ALL or COUNT");
  }

  private static String charset(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    String charset = in.astring();
    in.sp();
    return charset.toUpperCase(Locale.ROOT);
  }

  private static boolean isKnown(String charset) {
    return charset.equals("UTF-8") || charset.equals("US-ASCII");
  }

  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    MailboxView view = session.selected().view();
    BitSet found = new Search(view).find(key);
    if (results == null) {
      plain(found, view, session.out());
    } else {
      extended(results, found, view, session);
    }
    return Completion.ok("done");
  }

  private long number(int sequence, MailboxView view) {
    return uids ? view.uid(sequence).value() : sequence;
  }

  // ABNF: mailbox-data = "SEARCH" *(SP nz-number)
  private void plain(BitSet found, MailboxView view, ImapWriter out) throws IOException {
    out.raw("* SEARCH");
    for (int sequence = found.nextSetBit(0);
        sequence > 0;
        sequence = found.nextSetBit(sequence + 1)) {
      out.sp().number(number(sequence, view));
    }
    out.crlf();
  }

  // ABNF: esearch-response = "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)
  private void extended(Set<Result> wanted, BitSet found, MailboxView view, Session session)
      throws IOException {
    ImapWriter out = session.out();
    out.raw("* ESEARCH (TAG ").string(session.tag()).raw(uids ? ") UID" : ")");
    for (Result result : wanted) {
      if (result == Result.COUNT) {
        out.raw(" COUNT ").number(found.cardinality());
      } else if (!found.isEmpty()) {
        switch (result) {
          case MIN -> out.raw(" MIN ").number(number(found.nextSetBit(0), view));
          case MAX -> out.raw(" MAX ").number(number(found.length() - 1, view));
          case ALL -> ranges(found, view, out.raw(" ALL "));
          case COUNT -> {}
        }
      }
    }
    out.crlf();
  }

  /// Writes numbers that follow each other as ranges.
  private void ranges(BitSet found, MailboxView view, ImapWriter out) throws IOException {
    String before = "";
    for (int from = found.nextSetBit(0); from > 0; ) {
      int to = from;
      while (found.get(to + 1) && number(to + 1, view) == number(to, view) + 1) {
        to++;
      }
      out.raw(before).number(number(from, view));
      if (to > from) {
        out.raw(":").number(number(to, view));
      }
      before = ",";
      from = found.nextSetBit(to + 1);
    }
  }
}
