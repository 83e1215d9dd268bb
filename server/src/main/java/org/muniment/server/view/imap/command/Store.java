package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.List;
import org.muniment.server.view.imap.message.FetchItem;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SequenceSet;
import org.muniment.server.view.imap.wire.SyntaxException;

/// STORE and UID STORE (RFC 9051 sections 6.4.6 and 6.4.9): refused, with the flags as they are.
///
/// @param uids whether this is UID STORE
record Store(boolean uids, SequenceSet messages) implements Command {

  // ABNF: store = "STORE" SP sequence-set SP store-att-flags
  //       store-att-flags = (["+" / "-"] "FLAGS" [".SILENT"]) SP (flag-list / (flag *(SP flag)))
  static Store read(boolean uids, ImapReader in) throws IOException, SyntaxException {
    in.sp();
    SequenceSet messages = in.sequenceSet();
    in.sp();
    String item = in.word("FLAGS");
    if (!item.replace("+", "").replace("-", "").replace(".SILENT", "").equals("FLAGS")) {
      throw in.expected("FLAGS, +FLAGS or -FLAGS");
    }
    in.sp();
    flags(in);
    return new Store(uids, messages);
  }

  private static void flags(ImapReader in) throws IOException, SyntaxException {
    boolean list = in.skip('(');
    boolean more = !list || !in.at(')');
    while (more) {
      in.skip('\\');
      in.atom();
      more = in.skip(' ');
    }
    if (list) {
      in.expect(')');
    }
  }

  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    List<FetchItem> items =
        uids
            ? List.of(FetchItem.Attribute.UID, FetchItem.Attribute.FLAGS)
            : List.of(FetchItem.Attribute.FLAGS);
    new Fetch(uids, messages, items).run(session);
    return Completion.readOnly();
  }
}
