package org.muniment.server.view.imap.command;

import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;

/// A command that is refused by its name alone, before any of its literals is invited.
record Refused(Completion answer) implements Command {

  /// A command that would change the archive: APPEND, COPY, CREATE and their like.
  static Refused change(ImapReader in) {
    return new Refused(Completion.readOnly());
  }

  /// A question about a quota root (RFC 9208 section 4.1.1): there are none.
  static Refused quota(ImapReader in) {
    return new Refused(
        Completion.no("NONEXISTENT", "there is no quota: nothing limits an archive"));
  }

  /// A password over a connection where others may read it (RFC 5530).
  static Refused withoutPrivacy() {
    return new Refused(
        Completion.no("PRIVACYREQUIRED", "no password over an unencrypted connection"));
  }

  @Override
  public Completion run(Session session) {
    return answer;
  }
}
