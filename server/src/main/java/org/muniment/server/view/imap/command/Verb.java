package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.imap.session.State;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// The commands by name: in which states each is possible (RFC 9051 section 6), and who reads it.
enum Verb {
  CAPABILITY(States.ANY, in -> new Capability()),
  NOOP(States.ANY, in -> new Noop()),
  LOGOUT(States.ANY, in -> new Logout()),
  ID(States.ANY, Id::read),

  LOGIN(States.NEW, Login::read),
  AUTHENTICATE(States.NEW, Authenticate::read),

  NAMESPACE(States.IN, in -> new Namespace()),
  LIST(States.IN, in -> ListMailboxes.read(false, in)),
  LSUB(States.IN, in -> ListMailboxes.read(true, in)),
  SELECT(States.IN, in -> Select.read(false, in)),
  EXAMINE(States.IN, in -> Select.read(true, in)),
  STATUS(States.IN, Status::read),
  SUBSCRIBE(States.IN, Subscribe::read),
  UNSUBSCRIBE(States.IN, Unsubscribe::read),
  IDLE(States.IN, in -> new Idle()),
  APPEND(States.IN, Refused::change),
  CREATE(States.IN, Refused::change),
  DELETE(States.IN, Refused::change),
  RENAME(States.IN, Refused::change),
  SETACL(States.IN, Refused::change),
  DELETEACL(States.IN, Refused::change),

  CHECK(States.SELECTED, in -> new Check()),
  CLOSE(States.SELECTED, in -> new Close()),
  UNSELECT(States.SELECTED, in -> new Unselect()),
  EXPUNGE(States.SELECTED, in -> new Expunge()),
  FETCH(States.SELECTED, in -> Fetch.read(false, in)),
  SEARCH(States.SELECTED, in -> SearchMessages.read(false, in)),
  STORE(States.SELECTED, in -> Store.read(false, in)),
  COPY(States.SELECTED, Refused::change),
  MOVE(States.SELECTED, Refused::change),
  UID_FETCH(States.SELECTED, in -> Fetch.read(true, in)),
  UID_SEARCH(States.SELECTED, in -> SearchMessages.read(true, in)),
  UID_STORE(States.SELECTED, in -> Store.read(true, in)),
  UID_COPY(States.SELECTED, Refused::change),
  UID_MOVE(States.SELECTED, Refused::change);

  private static final Map<String, Verb> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toMap(verb -> verb.name().replace('_', ' '), Function.identity()));

  private final Set<State> states;
  private final Grammar grammar;

  Verb(Set<State> states, Grammar grammar) {
    this.states = states;
    this.grammar = grammar;
  }

  /// Reads what follows the name.
  @FunctionalInterface
  private interface Grammar {
    Command read(ImapReader in) throws IOException, SyntaxException;
  }

  private static final class States {
    static final Set<State> ANY = EnumSet.allOf(State.class);
    static final Set<State> NEW = EnumSet.of(State.NOT_AUTHENTICATED);
    static final Set<State> IN = EnumSet.of(State.AUTHENTICATED, State.SELECTED);
    static final Set<State> SELECTED = EnumSet.of(State.SELECTED);

    private States() {}
  }

  /// @param name in upper case
  static @Nullable Verb of(String name) {
    return BY_NAME.get(name);
  }

  boolean isPossibleIn(State state) {
    return states.contains(state);
  }

  /// Whether a password comes with it.
  boolean needsPrivacy() {
    return this == LOGIN || this == AUTHENTICATE;
  }

  Command read(ImapReader in) throws IOException, SyntaxException {
    return grammar.read(in);
  }
}
