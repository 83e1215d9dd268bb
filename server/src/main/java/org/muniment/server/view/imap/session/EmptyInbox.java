package org.muniment.server.view.imap.session;

import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.UidValidity;
import org.muniment.indexer.catalog.Changes;
import org.muniment.indexer.catalog.UidSet;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.ModSeq;
import org.muniment.server.view.TextKey;

/// INBOX for one who has none: RFC 3501 section 5.1 promises it to everybody, and many clients give
/// up without it. Has no messages and stands for no mailbox of the archive.
record EmptyInbox() implements MailboxView {

  static final MailboxSummary SUMMARY =
      new MailboxSummary(
          new MailboxId("0000000000000000"),
          new AccountName("inbox"),
          List.of("INBOX"),
          Set.of(),
          new UidValidity(1),
          1,
          0,
          0,
          0);

  @Override
  public MailboxSummary summary() {
    return SUMMARY;
  }

  @Override
  public UidSet uids() {
    return UidSet.EMPTY;
  }

  @Override
  public MailboxView with(UidSet messages) {
    return this;
  }

  @Override
  public long highestModSeq() {
    return ModSeq.FIRST;
  }

  @Override
  public Changes changedSince(long modSeq) {
    return Changes.NONE;
  }

  @Override
  public long modSeqNow() {
    return ModSeq.FIRST;
  }

  @Override
  public OptionalInt firstUnseen(int from) {
    return OptionalInt.empty();
  }

  @Override
  public long unseen(int from, int to) {
    return 0;
  }

  @Override
  public long deleted() {
    return 0;
  }

  @Override
  public List<MessageRow> rows(int from, int to, boolean structure) {
    return List.of();
  }

  @Override
  public BitSet having(ContentId content) {
    return new BitSet();
  }

  @Override
  public BitSet matching(TextKey key, BitSet candidates) {
    return new BitSet();
  }
}
