package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.imap.search.Found;
import org.muniment.server.view.imap.search.ResultOptions;
import org.muniment.server.view.imap.search.Search;
import org.muniment.server.view.imap.search.SearchProgram;
import org.muniment.server.view.imap.search.Sort;
import org.muniment.server.view.imap.search.SortCriterion;
import org.muniment.server.view.imap.search.TooManyMessagesException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Selected;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// SORT and UID SORT (RFC 5256 section 3), with RETURN in the form of RFC 5267 section 3.
///
/// @param uids whether this is UID SORT
/// @param options null for the form without RETURN
record SortMessages(
    boolean uids,
    @Nullable ResultOptions options,
    List<SortCriterion> criteria,
    SearchProgram program)
    implements Command {

  SortMessages {
    criteria = List.copyOf(criteria);
  }

  // ABNF: sort = ["UID" SP] "SORT" [search-return-opts] SP sort-criteria SP search-criteria
  static Command read(boolean uids, ImapReader in) throws IOException, SyntaxException {
    in.sp();
    ResultOptions options = SearchMessages.options(in);
    List<SortCriterion> criteria = SortCriterion.read(in);
    in.sp();
    Optional<SearchProgram> program = SearchProgram.withCharset(in);
    return program.isPresent()
        ? new SortMessages(uids, options, criteria, program.get())
        : Refused.charset(options);
  }

  @Override
  public boolean allowsExpunge() {
    return uids;
  }

  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    Selected selected = session.selected();
    SearchMessages.enable(program, /* here= */ true, session);
    BitSet before = selected.saved();
    SearchMessages.forget(options, selected);
    BitSet found = new Search(selected.view(), before).find(program.key());
    try {
      Found sorted = Found.of(new Sort(selected.view(), criteria).sorted(found));
      return SearchMessages.answer(sorted, "SORT", uids, options, program, session);
    } catch (TooManyMessagesException e) {
      return Completion.no("LIMIT", e.text());
    }
  }
}
