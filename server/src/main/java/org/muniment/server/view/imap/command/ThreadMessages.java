package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import org.muniment.server.view.imap.search.Search;
import org.muniment.server.view.imap.search.SearchProgram;
import org.muniment.server.view.imap.search.ThreadList;
import org.muniment.server.view.imap.search.Threads;
import org.muniment.server.view.imap.search.TooManyMessagesException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Selected;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

/// THREAD and UID THREAD (RFC 5256 section 3).
///
/// @param uids whether this is UID THREAD
record ThreadMessages(boolean uids, Threads.Algorithm algorithm, SearchProgram program)
    implements Command {

  // ABNF: thread = ["UID" SP] "THREAD" SP thread-alg SP search-criteria
  static Command read(boolean uids, ImapReader in) throws IOException, SyntaxException {
    in.sp();
    Threads.Algorithm algorithm =
        switch (in.word("a threading algorithm")) {
          case "ORDEREDSUBJECT" -> Threads.Algorithm.ORDEREDSUBJECT;
          case "REFERENCES" -> Threads.Algorithm.REFERENCES;
          default -> throw in.expected("ORDEREDSUBJECT or REFERENCES");
        };
    in.sp();
    Optional<SearchProgram> program = SearchProgram.withCharset(in);
    return program.isPresent()
        ? new ThreadMessages(uids, algorithm, program.get())
        : Refused.charset(/* options= */ null);
  }

  @Override
  public boolean allowsExpunge() {
    return uids;
  }

  @Override
  public Completion run(Session session) throws IOException {
    Selected selected = session.selected();
    BitSet found = new Search(selected.view(), selected.saved()).find(program.key());
    try {
      ThreadList threads = new Threads(selected.view()).of(found, algorithm);
      write(threads, SearchMessages.number(uids, selected.view()), session.out());
      return Completion.ok("done");
    } catch (TooManyMessagesException e) {
      return Completion.no("LIMIT", e.text());
    }
  }

  // ABNF: thread-data = "THREAD" [SP 1*thread-list]
  //       thread-list = "(" (thread-members / thread-nested) ")"
  //       thread-members = nz-number *(SP nz-number) [SP thread-nested]
  //       thread-nested = 2*thread-list
  private static void write(ThreadList threads, IntToLongFunction number, ImapWriter out)
      throws IOException {
    boolean[] alone = alone(threads);
    Deque<Integer> open = new ArrayDeque<>();
    boolean behindNumber = false;
    out.raw(threads.size() == 0 ? "* THREAD" : "* THREAD ");
    for (int i = 0; i < threads.size(); i++) {
      int depth = threads.depth(i);
      for (; !open.isEmpty() && open.getLast() >= depth; open.removeLast()) {
        out.raw(")");
        behindNumber = false;
      }
      out.raw(behindNumber ? " " : "");
      if (!alone[i]) {
        out.raw("(");
        open.add(depth);
      }
      behindNumber = threads.number(i) > 0;
      if (behindNumber) {
        out.number(number.applyAsLong(threads.number(i)));
      }
    }
    out.raw(")".repeat(open.size())).crlf();
  }

  /// Which of them are the only child of their parent; those need no parentheses.
  private static boolean[] alone(ThreadList threads) {
    boolean[] alone = new boolean[threads.size()];
    // By depth, the last at that depth of the branch that leads here.
    Deque<Integer> branch = new ArrayDeque<>();
    for (int i = 0; i < alone.length; i++) {
      int depth = threads.depth(i);
      boolean first = branch.size() <= depth;
      while (branch.size() > depth) {
        int before = branch.removeLast();
        alone[before] &= branch.size() > depth;
      }
      alone[i] = first && depth > 0;
      branch.add(i);
    }
    return alone;
  }
}
