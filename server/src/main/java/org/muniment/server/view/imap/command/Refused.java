package org.muniment.server.view.imap.command;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.imap.search.ResultOptions;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.session.State;
import org.muniment.server.view.imap.wire.ImapReader;

/// A command that is refused by its name alone, before any of its literals is invited.
///
/// @param forgets whether what a search has saved is empty afterwards (RFC 5182 section 2.1)
record Refused(Completion answer, boolean forgets) implements Command {

  private Refused(Completion answer) {
    this(answer, /* forgets= */ false);
  }

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

  /// A search in a charset that is not known, or with a text that is not in its charset.
  static Refused charset(@Nullable ResultOptions options) {
    return new Refused(
        Completion.no("BADCHARSET (UTF-8 US-ASCII)", "a text or its charset is not known"),
        options != null && options.save());
  }

  @Override
  public Completion run(Session session) {
    if (forgets && session.state() == State.SELECTED) {
      session.selected().save(new BitSet());
    }
    return answer;
  }
}
