package org.muniment.server.capture.imap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.source.ExpungeSource;
import org.muniment.server.capture.source.SourceException;

/// The commands of deletion: SELECT, UID FETCH with BODY.PEEK, UID STORE of `\Deleted`, UID EXPUNGE
/// (RFC 9051 sections 6.3.2, 6.4.9).
final class ImapExpungeSession implements ExpungeSource.Session {

  /// Octets of a header that are asked for; a longer one is no header that is looked at.
  private static final int MOST_HEADER = ImapSession.PIECE;

  private final ImapConnection connection;

  ImapExpungeSession(ImapConnection connection) {
    this.connection = connection;
  }

  @Override
  public UidValidity select(SourceText mailbox) throws SourceException {
    Selected selected = new Selected();
    connection.ask(
        "SELECT",
        new Argument().writeString(mailbox.octets(), StandardCharsets.ISO_8859_1),
        selected::accept);
    if (selected.refusal != null) {
      throw SourceException.refused(SourceText.of(selected.refusal), null);
    }
    return new UidValidity(selected.uidValidity);
  }

  /// What the server says of a mailbox as it opens it.
  private static final class Selected {
    private long uidValidity;
    private @Nullable String refusal;

    void accept(IMAPResponse line) {
      String text = line.toString().toLowerCase(Locale.ROOT);
      if (text.contains("[uidnotsticky]")) {
        refusal = "the server gives the messages of the mailbox other UIDs each time";
      } else if (line.isOK() && text.contains("[permanentflags ") && !text.contains("\\deleted")) {
        refusal = "the server does not let messages of the mailbox be deleted";
      } else if (line.isOK() && Objects.equals(line.readAtom(), "[UIDVALIDITY")) {
        uidValidity = line.readLong();
      }
    }
  }

  @Override
  public Map<Uid, ExpungeSource.Look> looks(UidRanges uids) throws SourceException {
    Map<Uid, ExpungeSource.Look> looks = new HashMap<>();
    Set<Uid> doubtful = new HashSet<>();
    connection.ask(
        "UID FETCH "
            + uids
            + " (UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER]<0."
            + MOST_HEADER
            + ">)",
        null,
        line -> {
          if (line.keyEquals("FETCH")) {
            FetchItems items = FetchItems.read(line);
            if (items.uid() < 1 || items.uid() > Uid.MAX) {
              // Somebody's flags changed, and it is not said whose.
              doubtful.addAll(looks.keySet());
            } else if (uids.contains(new Uid(items.uid()))) {
              look(items, looks, doubtful);
            }
          }
        });
    looks.keySet().removeAll(doubtful);
    return looks;
  }

  private static void look(FetchItems items, Map<Uid, ExpungeSource.Look> looks, Set<Uid> doubtful)
      throws IOException {
    Uid uid = new Uid(items.uid());
    Octets header = items.body();
    Set<SourceText> flags = items.flags();
    if (header == null || flags == null || header.length() >= MOST_HEADER) {
      doubtful.add(uid);
      return;
    }
    try (InputStream in = header.open()) {
      ExpungeSource.Look look =
          new ExpungeSource.Look(items.size(), items.internalDate(), ContentId.sha256(in), flags);
      ExpungeSource.Look other = looks.put(uid, look);
      if (other != null && !other.equals(look)) {
        doubtful.add(uid);
      }
    }
  }

  @Override
  public void delete(UidRanges uids) throws SourceException {
    connection.ask("UID STORE " + uids + " +FLAGS.SILENT (\\Deleted)", null, line -> {});
    connection.ask("UID EXPUNGE " + uids, null, line -> {});
  }

  @Override
  public UidRanges left(UidRanges uids) throws SourceException {
    UidRanges.Builder left = new UidRanges.Builder();
    connection.ask(
        "UID FETCH " + uids + " (UID)",
        null,
        line -> {
          if (line.keyEquals("FETCH")) {
            FetchItems items = FetchItems.read(line);
            if (items.uid() != 0) {
              left.accept(new Uid(items.uid()).value());
            }
          }
        });
    return uids.and(left.build());
  }

  @Override
  public void unmark(UidRanges uids) throws SourceException {
    connection.ask("UID STORE " + uids + " -FLAGS.SILENT (\\Deleted)", null, line -> {});
  }

  @Override
  public void close() {
    connection.end();
  }
}
