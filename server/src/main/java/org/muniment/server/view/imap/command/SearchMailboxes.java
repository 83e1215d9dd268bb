package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.imap.search.Found;
import org.muniment.server.view.imap.search.ResultOptions;
import org.muniment.server.view.imap.search.Search;
import org.muniment.server.view.imap.search.SearchProgram;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Folder;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.Selected;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.session.State;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

/// ESEARCH (RFC 7377): one search in several mailboxes. Answers with UIDs.
///
/// @param sources null for the selected mailbox
record SearchMailboxes(
    @Nullable SearchSources sources, ResultOptions options, SearchProgram program)
    implements Command {

  // ABNF: esearch = "ESEARCH" [SP esearch-source-opts] [SP search-return-opts] SP search-program
  //       esearch-source-opts = "IN" SP "(" source-mbox [SP "(" scope-options ")"] ")"
  static Command read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    SearchSources sources = null;
    if (in.skipWord("IN")) {
      in.sp();
      sources = SearchSources.read(in);
      in.sp();
    }
    ResultOptions given = SearchMessages.options(in);
    ResultOptions options = given == null ? ResultOptions.ALL : given;
    if (options.save() && sources != null && !sources.isSelectedAlone()) {
      throw in.expected("SAVE for the selected mailbox alone");
    }
    Optional<SearchProgram> program = SearchProgram.read(in);
    return program.isPresent()
        ? new SearchMailboxes(sources, options, program.get())
        : Refused.charset(options);
  }

  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    SearchMessages.checkCharset(program, session);
    boolean inSelected = sources == null || sources.selected();
    SearchMessages.enable(program, inSelected, session);
    if (inSelected && session.state() != State.SELECTED) {
      throw new SyntaxException("no mailbox is selected");
    }
    String selected = inSelected ? session.selected().name() : "";
    if (inSelected && !saved(selected, session)) {
      return Completion.no("NOTSAVED", "that is too many ranges of messages");
    }
    if (sources != null) {
      Folders folders = Folders.of(session.model());
      Set<String> subscribed = folders.subscribed(session.unsubscribed());
      for (Folder folder : folders.all()) {
        if (!folder.name().equals(selected) && sources.hold(folder, subscribed)) {
          Optional<MailboxView> view = session.open(folder);
          if (view.isPresent() && isAnswered(view.get())) {
            write(search(view.get(), new BitSet()), folder.name(), view.get(), session);
          }
        }
      }
    }
    return Completion.ok("done");
  }

  /// Whether a mailbox has what the program is about.
  private boolean isAnswered(MailboxView view) {
    return view.kind().hasModSeq() || !program.key().asksForModSeq();
  }

  private boolean saved(String name, Session session) throws IOException {
    Selected selected = session.selected();
    BitSet before = selected.saved();
    SearchMessages.forget(options, selected);
    Found found = search(selected.view(), before);
    if (options.save() && !selected.save(options.saved(found))) {
      return false;
    }
    write(found, name, selected.view(), session);
    return true;
  }

  private Found search(MailboxView view, BitSet saved) throws IOException {
    return Found.of(new Search(view, saved).find(program.key()));
  }

  // ABNF: search-correlator = SP "(" one-correlator *(SP one-correlator) ")"
  /// Nothing where nothing was found (section 2.1).
  private void write(Found found, String name, MailboxView view, Session session)
      throws IOException {
    if (found.count() == 0 || options.isSilent()) {
      return;
    }
    ImapWriter out = session.out();
    out.raw("* ESEARCH (TAG ").string(session.tag()).raw(" MAILBOX ").mailbox(name);
    out.raw(" UIDVALIDITY ").number(view.summary().uidValidity().value()).raw(") UID");
    options.write(found, SearchMessages.number(/* uids= */ true, view), out);
    OptionalLong modSeq = SearchMessages.modSeq(program, options, found, view);
    if (modSeq.isPresent()) {
      out.raw(" MODSEQ ").number(modSeq.getAsLong());
    }
    out.crlf();
  }
}
