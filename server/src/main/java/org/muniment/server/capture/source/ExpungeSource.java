package org.muniment.server.capture.source;

import java.io.Closeable;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;

/// Where mail of one account can be deleted by UID. Apart from [Source], so that what captures has
/// no way to it.
public interface ExpungeSource {

  /// Connects and signs in.
  ///
  /// @throws SourceException also when the server cannot delete some messages and leave what others
  ///   have marked
  Session connect() throws SourceException;

  /// A connection, for one thread at a time. After a [SourceException] that says `lost` it is of no
  /// further use.
  interface Session extends Closeable {

    /// Opens a mailbox for writing; the calls below are about it.
    ///
    /// @return the generation of its UIDs
    /// @throws SourceException also when nothing can be deleted there, or its UIDs do not last
    UidValidity select(SourceText mailbox) throws SourceException;

    /// What messages are now. One that is gone is left out, and so is one that the server says two
    /// things of.
    ///
    /// @param uids at most some hundreds
    Map<Uid, Look> looks(UidRanges uids) throws SourceException;

    /// Deletes messages for good, and no other.
    ///
    /// @param uids at most some hundreds
    /// @throws SourceException when the server did not do all of it, or nobody knows
    void delete(UidRanges uids) throws SourceException;

    /// Those of some messages that the server lists still.
    UidRanges left(UidRanges uids) throws SourceException;

    /// Takes back the mark that [#delete] left on messages it did not delete.
    void unmark(UidRanges uids) throws SourceException;

    @Override
    void close();
  }

  /// A message without its body.
  ///
  /// @param size RFC822.SIZE
  /// @param internalDate null when the source sent none that can be understood
  /// @param header SHA-256 of the header with the empty line
  /// @param flags system flags and keywords
  record Look(long size, @Nullable Instant internalDate, ContentId header, Set<SourceText> flags) {
    public Look {
      flags = Set.copyOf(flags);
    }
  }
}
