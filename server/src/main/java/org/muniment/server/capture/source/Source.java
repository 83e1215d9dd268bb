package org.muniment.server.capture.source;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;

/// Where the mail of one account lies. Is only ever read: no flag is set, nothing is removed. What
/// deletes is [ExpungeSource].
public interface Source {

  /// How a message that comes from here is said to have come.
  Event.Provenance provenance();

  /// Connects and signs in.
  Session connect() throws SourceException;

  /// A connection, for one thread at a time. After a [SourceException] that says `lost` it is of no
  /// further use.
  interface Session extends Closeable {

    /// Every mailbox that can hold messages.
    List<Mailbox> mailboxes() throws SourceException;

    /// Opens a mailbox for reading; the calls below are about it.
    State examine(Mailbox mailbox) throws SourceException;

    /// The UIDs in the open mailbox, as the source lists them now.
    UidRanges uids() throws SourceException;

    /// Hands over the flags of messages of the open mailbox, in any order, one also twice.
    ///
    /// @param first UID from which on
    /// @param last UID up to which
    /// @param changedSince only of those that changed after this MODSEQ (RFC 7162), 0 for all
    void flags(Uid first, Uid last, long changedSince, FlagsReceiver receiver)
        throws SourceException, IOException;

    /// Hands over what messages of the open mailbox look like, without their bodies. One that is
    /// gone, or whose header is long, is left out.
    ///
    /// @param uids at most some hundreds
    void looks(UidRanges uids, LookReceiver receiver) throws SourceException, IOException;

    /// Hands over the messages of the open mailbox with these UIDs, in the source's order. One that
    /// is gone is left out. A message may be handed over twice.
    ///
    /// @param uids at most some hundreds
    /// @throws SourceException when the source did not answer for all; those handed over before are
    ///   whole
    /// @throws IOException from `receiver` or from a temporary file; the session is then of no
    ///   further use
    void fetch(UidRanges uids, Receiver receiver) throws SourceException, IOException;

    @Override
    void close();
  }

  /// Takes the messages that are fetched.
  interface Receiver {
    /// @param message whose octets the receiver closes, now or later
    void accept(Message message) throws IOException;
  }

  /// Takes what messages look like.
  interface LookReceiver {
    /// @param look of one message
    void accept(Look look) throws IOException;
  }

  /// What a message looks like without its body.
  ///
  /// @param size RFC822.SIZE
  /// @param internalDate null when the source sent none that can be understood
  /// @param header SHA-256 of the header with the empty line
  record Look(Uid uid, long size, @Nullable Instant internalDate, ContentId header) {}

  /// Takes the flags of messages.
  interface FlagsReceiver {
    /// @param flags system flags and keywords, without `\Recent`
    void accept(Uid uid, Set<SourceText> flags) throws IOException;
  }

  /// A mailbox of a source.
  ///
  /// @param name the octets that the source knows it by, and the name to show
  /// @param delimiter hierarchy delimiter, `""` for a flat name
  /// @param attributes name attributes that last, such as `\Sent`
  /// @param subscribed whether the source says so
  /// @param objectId MAILBOXID (RFC 8474), `""` where the source has none
  /// @param state as of the listing, null when the source did not say
  record Mailbox(
      SourceText name,
      String delimiter,
      Set<String> attributes,
      boolean subscribed,
      String objectId,
      @Nullable State state) {
    public Mailbox {
      attributes = Set.copyOf(attributes);
    }
  }

  /// A mailbox as the source describes it at one moment.
  ///
  /// @param uidValidity the generation of its UIDs
  /// @param uidNext UIDNEXT, 0 when the source did not say
  /// @param messages number of messages
  /// @param modSeq HIGHESTMODSEQ (RFC 7162), 0 when the source keeps none
  record State(UidValidity uidValidity, long uidNext, long messages, long modSeq) {}

  /// A message as the source has it.
  ///
  /// @param internalDate INTERNALDATE, null when the source sent none that can be understood
  /// @param flags system flags and keywords, without `\Recent`
  record Message(Uid uid, @Nullable Instant internalDate, Set<SourceText> flags, Octets octets) {
    public Message {
      flags = Set.copyOf(flags);
    }
  }
}
