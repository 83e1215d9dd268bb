package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.imap.message.ObjectIds;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

/// STATUS (RFC 9051 section 6.3.11, RFC 8438, RFC 7889, RFC 8474 section 4.3, RFC 7162 section
/// 3.1.7).
record Status(String name, List<Item> items) implements Command {

  private static final int MAX_ITEMS = 100;

  Status {
    items = List.copyOf(items);
  }

  /// What can be asked.
  enum Item {
    MESSAGES,
    RECENT,
    UIDNEXT,
    UIDVALIDITY,
    UNSEEN,
    SIZE,
    DELETED,
    APPENDLIMIT,
    MAILBOXID,
    HIGHESTMODSEQ;

    private void write(MailboxView view, ImapWriter out) throws IOException {
      MailboxSummary mailbox = view.summary();
      out.raw(name()).sp();
      switch (this) {
        case MESSAGES -> out.number(view.exists());
        case RECENT, APPENDLIMIT -> out.number(0);
        case UIDNEXT -> out.number(mailbox.uidNext());
        case UIDVALIDITY -> out.number(mailbox.uidValidity().value());
        case UNSEEN -> out.number(view.unseen(1, view.exists()));
        case DELETED -> out.number(view.deleted());
        case SIZE -> out.number(view.octets());
        // RFC 7162 section 3.1.7
        case HIGHESTMODSEQ -> out.number(view.kind().hasModSeq() ? view.highestModSeq() : 0);
        case MAILBOXID -> out.raw("(").raw(ObjectIds.mailbox(mailbox)).raw(")");
      }
    }
  }

  // ABNF: status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"
  static Status read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    String name = in.mailbox();
    in.sp();
    return new Status(name, items(in));
  }

  /// Reads what is asked for.
  static List<Item> items(ImapReader in) throws IOException, SyntaxException {
    in.expect('(');
    List<Item> items = new ArrayList<>();
    do {
      if (items.size() == MAX_ITEMS) {
        throw in.expected("at most " + MAX_ITEMS + " items");
      }
      items.add(item(in));
    } while (in.skip(' '));
    in.expect(')');
    return items;
  }

  private static Item item(ImapReader in) throws IOException, SyntaxException {
    String word = in.word("a STATUS item");
    for (Item item : Item.values()) {
      if (item.name().equals(word)) {
        return item;
      }
    }
    throw in.expected(
        "MESSAGES, RECENT, UIDNEXT, UIDVALIDITY, UNSEEN, SIZE, DELETED, APPENDLIMIT, MAILBOXID or"
            + " HIGHESTMODSEQ");
  }

  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    Optional<MailboxView> view = session.open(name);
    if (view.isEmpty()) {
      return Completion.noMailbox();
    }
    enable(items, session);
    write(name, view.get(), items, session.out());
    return Completion.ok("done");
  }

  /// To ask for HIGHESTMODSEQ switches CONDSTORE on (RFC 7162 section 3.1).
  static void enable(List<Item> items, Session session) throws IOException, SyntaxException {
    if (items.contains(Item.HIGHESTMODSEQ)) {
      session.enableModSeq(/* here= */ false);
    }
  }

  // ABNF: mailbox-data = "STATUS" SP mailbox SP "(" [status-att-list] ")"
  static void write(String name, MailboxView view, List<Item> items, ImapWriter out)
      throws IOException {
    out.raw("* STATUS ").mailbox(name);
    String before = " (";
    for (Item item : items) {
      out.raw(before);
      item.write(view, out);
      before = " ";
    }
    out.raw(")").crlf();
  }
}
