package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.imap.session.State;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// A command by its name: in which states it is possible (RFC 9051 section 6), and who reads it.
///
/// @param name in upper case
record Verb(String name, Set<State> states, Grammar grammar) {

  private static final Set<State> ANY = Set.of(State.values());
  private static final Set<State> NEW = Set.of(State.NOT_AUTHENTICATED);
  private static final Set<State> IN = Set.of(State.AUTHENTICATED, State.SELECTED);
  private static final Set<State> UNSELECTED = Set.of(State.AUTHENTICATED);
  private static final Set<State> OPEN = Set.of(State.SELECTED);

  private static final Set<String> PASSWORDS = Set.of("LOGIN", "AUTHENTICATE");

  private static final Map<String, Verb> ALL =
      Stream.of(
              new Verb("CAPABILITY", ANY, in -> new Capability()),
              new Verb("NOOP", ANY, in -> new Noop()),
              new Verb("LOGOUT", ANY, in -> new Logout()),
              new Verb("ID", ANY, Id::read),
              new Verb("STARTTLS", NEW, in -> new StartTls()),
              new Verb("LOGIN", NEW, Login::read),
              new Verb("AUTHENTICATE", NEW, Authenticate::read),
              new Verb("ENABLE", UNSELECTED, Enable::read),
              new Verb("NAMESPACE", IN, in -> new Namespace()),
              new Verb("LIST", IN, ListMailboxes::read),
              new Verb("LSUB", IN, Lsub::read),
              new Verb("SELECT", IN, in -> Select.read(false, in)),
              new Verb("EXAMINE", IN, in -> Select.read(true, in)),
              new Verb("STATUS", IN, Status::read),
              new Verb("SUBSCRIBE", IN, Subscribe::read),
              new Verb("UNSUBSCRIBE", IN, Unsubscribe::read),
              new Verb("COMPRESS", IN, Compress::read),
              new Verb("IDLE", IN, in -> new Idle()),
              new Verb("APPEND", IN, Refused::change),
              new Verb("CREATE", IN, Refused::change),
              new Verb("DELETE", IN, Refused::change),
              new Verb("RENAME", IN, Refused::change),
              new Verb("MYRIGHTS", IN, MyRights::read),
              new Verb("GETQUOTAROOT", IN, GetQuotaRoot::read),
              new Verb("GETQUOTA", IN, Refused::quota),
              new Verb("SETQUOTA", IN, Refused::change),
              new Verb("GETACL", IN, Refused::change),
              new Verb("LISTRIGHTS", IN, Refused::change),
              new Verb("SETACL", IN, Refused::change),
              new Verb("DELETEACL", IN, Refused::change),
              new Verb("CHECK", OPEN, in -> new Check()),
              new Verb("CLOSE", OPEN, in -> new Close()),
              new Verb("UNSELECT", OPEN, in -> new Unselect()),
              new Verb("EXPUNGE", OPEN, in -> new Expunge()),
              new Verb("FETCH", OPEN, in -> Fetch.read(false, in)),
              new Verb("ESEARCH", IN, SearchMailboxes::read),
              new Verb("SEARCH", OPEN, in -> SearchMessages.read(false, in)),
              new Verb("SORT", OPEN, in -> SortMessages.read(false, in)),
              new Verb("THREAD", OPEN, in -> ThreadMessages.read(false, in)),
              new Verb("STORE", OPEN, in -> Store.read(false, in)),
              new Verb("COPY", OPEN, Refused::change),
              new Verb("MOVE", OPEN, Refused::change),
              new Verb("UID FETCH", OPEN, in -> Fetch.read(true, in)),
              new Verb("UID SEARCH", OPEN, in -> SearchMessages.read(true, in)),
              new Verb("UID SORT", OPEN, in -> SortMessages.read(true, in)),
              new Verb("UID THREAD", OPEN, in -> ThreadMessages.read(true, in)),
              new Verb("UID STORE", OPEN, in -> Store.read(true, in)),
              new Verb("UID EXPUNGE", OPEN, Expunge::readUids),
              new Verb("UID COPY", OPEN, Refused::change),
              new Verb("UID MOVE", OPEN, Refused::change))
          .collect(Collectors.toUnmodifiableMap(Verb::name, Function.identity()));

  Verb {
    states = Set.copyOf(states);
  }

  /// Reads what follows the name.
  @FunctionalInterface
  interface Grammar {
    Command read(ImapReader in) throws IOException, SyntaxException;
  }

  /// The command of that name, null when there is none.
  static @Nullable Verb of(String name) {
    return ALL.get(name);
  }

  boolean isPossibleIn(State state) {
    return states.contains(state);
  }

  /// Whether a password comes with it.
  boolean needsPrivacy() {
    return PASSWORDS.contains(name);
  }

  Command read(ImapReader in) throws IOException, SyntaxException {
    return grammar.read(in);
  }
}
