package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.imap.message.Rows;
import org.muniment.server.view.imap.search.Found;
import org.muniment.server.view.imap.search.ResultOptions;
import org.muniment.server.view.imap.search.Search;
import org.muniment.server.view.imap.search.SearchProgram;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Extension;
import org.muniment.server.view.imap.session.Selected;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

/// SEARCH and UID SEARCH (RFC 9051 sections 6.4.4 and 6.4.9), in the form of RFC 3501 and, with
/// RETURN, in that of RFC 4731.
///
/// @param uids whether this is UID SEARCH
/// @param options null for the form without RETURN
record SearchMessages(boolean uids, @Nullable ResultOptions options, SearchProgram program)
    implements Command {

  // ABNF: search = "SEARCH" [search-return-opts] SP search-program
  static Command read(boolean uids, ImapReader in) throws IOException, SyntaxException {
    in.sp();
    ResultOptions options = options(in);
    Optional<SearchProgram> program = SearchProgram.read(in);
    return program.isPresent()
        ? new SearchMessages(uids, options, program.get())
        : Refused.charset(options);
  }

  /// Reads RETURN and a space, null where it is missing.
  static @Nullable ResultOptions options(ImapReader in) throws IOException, SyntaxException {
    if (!in.skipWord("RETURN")) {
      return null;
    }
    ResultOptions options = ResultOptions.read(in);
    in.sp();
    return options;
  }

  @Override
  public boolean allowsExpunge() {
    return uids;
  }

  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    checkCharset(program, session);
    Selected selected = session.selected();
    enable(program, /* here= */ true, session);
    BitSet before = selected.saved();
    forget(options, selected);
    Found found = Found.of(new Search(selected.view(), before).find(program.key()));
    // RFC 9051 section 6.4.4: there is no SEARCH response any more.
    boolean extended = options == null && session.isEnabled(Extension.IMAP4REV2);
    return answer(found, "SEARCH", uids, extended ? ResultOptions.ALL : options, program, session);
  }

  /// A search for MODSEQ switches CONDSTORE on (RFC 7162 section 3.1).
  ///
  /// @param here whether the selected mailbox is searched
  static void enable(SearchProgram program, boolean here, Session session)
      throws IOException, SyntaxException {
    if (program.key().asksForModSeq()) {
      session.enableModSeq(here);
    }
  }

  /// All is UTF-8 to one who has said so (RFC 6855 section 3).
  static void checkCharset(SearchProgram program, Session session) throws SyntaxException {
    if (program.charset() && session.isEnabled(Extension.UTF8_ACCEPT)) {
      throw new SyntaxException("no charset is named after ENABLE UTF8=ACCEPT");
    }
  }

  /// What is saved is empty until the search is done: it stays so when it fails (RFC 5182 section
  /// 2.1).
  static void forget(@Nullable ResultOptions options, Selected selected) {
    if (options != null && options.save()) {
      selected.save(new BitSet());
    }
  }

  /// Writes the results and saves them as the options say.
  ///
  /// @param name of the response without RETURN
  static Completion answer(
      Found found,
      String name,
      boolean uids,
      @Nullable ResultOptions options,
      SearchProgram program,
      Session session)
      throws IOException {
    Selected selected = session.selected();
    IntToLongFunction number = number(uids, selected.view());
    if (options == null) {
      plain(
          name, found, number, modSeq(program, ResultOptions.ALL, found, selected.view()), session);
      return Completion.ok("done");
    }
    if (options.save() && !selected.save(options.saved(found))) {
      return Completion.no("NOTSAVED", "that is too many ranges of messages");
    }
    if (!options.isSilent()) {
      // ABNF: esearch-response = "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)
      ImapWriter out = session.out();
      out.raw("* ESEARCH (TAG ").string(session.tag()).raw(uids ? ") UID" : ")");
      options.write(found, number, out);
      // ABNF: search-return-data =/ "MODSEQ" SP mod-sequence-value
      OptionalLong modSeq = modSeq(program, options, found, selected.view());
      if (modSeq.isPresent()) {
        out.raw(" MODSEQ ").number(modSeq.getAsLong());
      }
      out.crlf();
    }
    return Completion.ok(options.save() ? "done, results saved" : "done");
  }

  static IntToLongFunction number(boolean uids, MailboxView view) {
    return uids ? sequence -> view.uid(sequence).value() : sequence -> sequence;
  }

  /// The highest MODSEQ of what is told, if the program is about that and anything was found (RFC
  /// 7162 sections 3.1.6 and 3.1.10).
  static OptionalLong modSeq(
      SearchProgram program, ResultOptions options, Found found, MailboxView view)
      throws IOException {
    if (!program.key().asksForModSeq() || found.count() == 0) {
      return OptionalLong.empty();
    }
    long[] highest = {0};
    Rows.forEach(
        view,
        options.saved(found),
        /* structure= */ false,
        rows -> rows.forEach(row -> highest[0] = Math.max(highest[0], row.modSeq())));
    return OptionalLong.of(highest[0]);
  }

  // ABNF: mailbox-data = "SEARCH" *(SP nz-number) [SP "(" "MODSEQ" SP mod-sequence-value ")"]
  //       sort-data = "SORT" *(SP nz-number) [SP "(" "MODSEQ" SP mod-sequence-value ")"]
  private static void plain(
      String name, Found found, IntToLongFunction number, OptionalLong modSeq, Session session)
      throws IOException {
    ImapWriter out = session.out();
    out.raw("* ").raw(name);
    PrimitiveIterator.OfInt left = found.numbers(0, found.count()).iterator();
    while (left.hasNext()) {
      out.sp().number(number.applyAsLong(left.nextInt()));
    }
    if (modSeq.isPresent()) {
      out.raw(" (MODSEQ ").number(modSeq.getAsLong()).raw(")");
    }
    out.crlf();
  }
}
