package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// A command of a client, read and ready to run.
public sealed interface Command
    permits Authenticate,
        Capability,
        Check,
        Close,
        Compress,
        Enable,
        Expunge,
        Fetch,
        GetQuotaRoot,
        Id,
        Idle,
        ListMailboxes,
        Login,
        Logout,
        Lsub,
        MyRights,
        Namespace,
        Noop,
        Refused,
        SearchMailboxes,
        SearchMessages,
        Select,
        SortMessages,
        StartTls,
        Status,
        Store,
        Subscribe,
        ThreadMessages,
        Unselect,
        Unsubscribe {

  /// Writes the responses that come before the answer, and gives the answer.
  ///
  /// @throws SyntaxException when what was asked for cannot be, as a message number that there is
  ///   not
  Completion run(Session session) throws IOException, SyntaxException;

  /// Whether messages may leave while this is answered (RFC 9051 section 7.5.1): those that are
  /// named by number may not.
  default boolean allowsExpunge() {
    return true;
  }

  // ABNF: command = tag SP (command-any / command-auth / command-nonauth / command-select) CRLF
  /// Reads a command from its name to the end of the line. After a [Refused] one, what follows the
  /// name is still unread.
  static Command read(Session session) throws IOException, SyntaxException {
    ImapReader in = session.in();
    String name = in.word("a command");
    if (name.equals("UID")) {
      in.sp();
      name = "UID " + in.word("a command");
    }
    Verb verb = Verb.of(name);
    if (verb == null) {
      throw new SyntaxException("there is no command " + name);
    }
    if (!verb.isPossibleIn(session.state())) {
      throw new SyntaxException(name + " is not possible in this state");
    }
    if (verb.needsPrivacy() && !session.allowsPassword()) {
      return Refused.withoutPrivacy();
    }
    Command command = verb.read(in);
    if (!(command instanceof Refused)) {
      in.crlf();
    }
    return command;
  }
}
