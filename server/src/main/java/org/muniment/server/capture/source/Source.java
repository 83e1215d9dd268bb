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
    ///
    /// @param shared those in the namespaces of other users and in shared ones (RFC 2342), too
    List<Mailbox> mailboxes(boolean shared) throws SourceException;

    /// Whether the source knows messages by ids that are the same in all mailboxes.
    boolean givesOwnIds();

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

    /// Hands over what the source knows messages of the open mailbox by. One that is gone, or that
    /// has no id that can be understood, is left out.
    ///
    /// @param uids at most some hundreds
    void identities(UidRanges uids, IdentityReceiver receiver) throws SourceException;

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

  /// Takes what a source knows messages by.
  interface IdentityReceiver {
    /// @param identity of one message
    void accept(Identity identity);
  }

  /// What a source knows a message by, and what says whether that can be.
  ///
  /// @param size RFC822.SIZE, -1 when the source sent none
  /// @param internalDate null when the source sent none that can be understood
  record Identity(
      Uid uid, long size, @Nullable Instant internalDate, Marks marks, Event.OwnId ownId) {}

  /// What a message is marked with, which may change.
  ///
  /// @param flags system flags and keywords, without `\Recent`; of a mailbox that has every message
  ///   and knows labels, also the labels that begin with a backslash, such as `\Important`
  /// @param labels the other labels there, each the name of a mailbox whether it is listed or not
  record Marks(Set<SourceText> flags, Set<SourceText> labels) {
    public Marks {
      flags = Set.copyOf(flags);
      labels = Set.copyOf(labels);
    }
  }

  /// Takes the flags of messages.
  interface FlagsReceiver {
    /// @param marks of one message
    void accept(Uid uid, Marks marks) throws IOException;
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

    /// Whether it has a special use (RFC 6154), such as `\Junk`.
    public boolean isFor(String use) {
      return attributes.stream().anyMatch(use::equalsIgnoreCase);
    }

    /// Whether every message of the account is in it, but for those in `\Junk` and `\Trash`.
    public boolean isAll() {
      return isFor("\\All");
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
  /// @param ownId null when the source sent none that can be understood
  record Message(
      Uid uid,
      @Nullable Instant internalDate,
      Marks marks,
      Event.@Nullable OwnId ownId,
      Octets octets) {

    /// System flags and keywords.
    public Set<SourceText> flags() {
      return marks.flags();
    }
  }
}
