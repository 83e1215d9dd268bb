package org.muniment.indexer.search;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.index.Fields;

/// What to look for. A tree of at most [QueryParser#MAX_DEPTH] levels and [QueryParser#MAX_CLAUSES]
/// leaves.
public sealed interface Query {

  /// The same without words that have only the stem of a word that is looked for: who does not want
  /// a word may well want those.
  default Query exactly() {
    return this;
  }

  /// Every message.
  record All() implements Query {}

  /// Messages that match all clauses.
  record And(List<Query> clauses) implements Query {
    public And {
      clauses = List.copyOf(clauses);
    }

    @Override
    public Query exactly() {
      return new And(clauses.stream().map(Query::exactly).toList());
    }
  }

  /// Messages that match at least one clause.
  record Or(List<Query> clauses) implements Query {
    public Or {
      clauses = List.copyOf(clauses);
    }

    @Override
    public Query exactly() {
      return new Or(clauses.stream().map(Query::exactly).toList());
    }
  }

  /// Messages that do not match.
  record Not(Query clause) implements Query {
    @Override
    public Query exactly() {
      return new Not(clause.exactly());
    }
  }

  /// Words that follow each other.
  ///
  /// @param prefix whether the last word is only the beginning of one
  /// @param exact whether other words of the same stem are not wanted
  record Words(Field field, String text, boolean prefix, boolean exact) implements Query {
    @Override
    public Query exactly() {
      return new Words(field, text, prefix, true);
    }
  }

  /// A part of this media type, subtype, or both with `/`; one whose name ends so; one that people
  /// call so, such as `document` or `image`.
  record Type(String type) implements Query {}

  /// The message of a content id (64 hexadecimal digits), or with this Message-ID.
  record Id(String id) implements Query {}

  /// A place in this account.
  record InAccount(String account) implements Query {}

  /// A place in a mailbox of this name, whole or its last level, without regard to case, or of this
  /// id.
  record InMailbox(String mailbox) implements Query {}

  /// A place that had this flag at capture.
  record Flagged(String flag) implements Query {}

  /// At least one attachment.
  record HasAttachment() implements Query {}

  /// Something of this message could not be read, or it is not what a journal mailbox is for.
  record Status(String status) implements Query {}

  /// A length in octets, both ends included.
  record Size(long from, long to) implements Query {}

  /// A field of the header that has these words after each other.
  ///
  /// @param name of the field, `""` for any
  /// @param words may be empty for any
  /// @param prefix whether the last word is only the beginning of one
  record Header(String name, String words, boolean prefix) implements Query {}

  /// A message that names this Message-ID in References or In-Reply-To.
  record Refers(String id) implements Query {}

  /// A message whose text is in this language.
  ///
  /// @param code of ISO 639-1, in lower case
  record InLanguage(String code) implements Query {}

  /// A date within days of the caller's calendar.
  ///
  /// @param from the first moment, null for any
  /// @param to the first moment after, null for any
  record Dated(Date date, @Nullable Edge from, @Nullable Edge to) implements Query {}

  /// A date of a message.
  enum Date {
    /// INTERNALDATE at the first capture.
    RECEIVED,
    /// What the message itself says.
    SENT
  }

  /// A moment in the caller's calendar.
  ///
  /// @param after whether it is the first moment after the period, and not its own first
  record Edge(Period period, boolean after) {}

  /// An INTERNALDATE at the first capture that long before now, or more.
  record Older(Duration age) implements Query {}

  /// An INTERNALDATE at the first capture less than that long before now.
  record Newer(Duration age) implements Query {}

  /// Where words are looked for.
  enum Field {
    /// Anywhere.
    ANY(""),
    /// The From field: names and addresses.
    FROM(Fields.FROM),
    /// The To field, and the transmission that its journal report tells of.
    TO(Fields.TO),
    /// The Cc field, and the transmission.
    CC(Fields.CC),
    /// The Bcc field, and the transmission.
    BCC(Fields.BCC),
    /// To whom the transmission went, in whatever way; the recipients that a bounce names.
    RECIPIENT(Fields.BOUNCED),
    /// The Sender field; who sent the transmission, and on whose behalf.
    SENDER(Fields.SENDER),
    /// The Subject field.
    SUBJECT(Fields.SUBJECT),
    /// Text parts, and headers of messages inside.
    BODY(Fields.BODY),
    /// What attachments hold.
    ATTACHMENT(Fields.ATTACHMENT),
    /// Names of attachments.
    FILENAME(Fields.FILENAME),
    /// The List-Id field.
    LIST(Fields.LIST);

    private final String field;

    Field(String field) {
      this.field = field;
    }

    /// Of a message.
    List<String> fields() {
      return switch (this) {
        case ANY -> Fields.WORDS;
        case FROM, TO, CC, BCC, RECIPIENT, SENDER, SUBJECT, BODY, ATTACHMENT, FILENAME, LIST ->
            List.of(field);
      };
    }

    /// Of the transmissions that journal reports tell of.
    List<String> transmissionFields() {
      return switch (this) {
        case ANY -> Stream.concat(Stream.of(Fields.SENT_BY), Fields.RECIPIENTS.stream()).toList();
        case TO -> List.of(Fields.SENT_TO);
        case CC -> List.of(Fields.SENT_CC);
        case BCC -> List.of(Fields.SENT_BCC);
        case RECIPIENT -> Fields.RECIPIENTS;
        case SENDER -> List.of(Fields.SENT_BY);
        case FROM, SUBJECT, BODY, ATTACHMENT, FILENAME, LIST -> List.of();
      };
    }

    boolean isAddress() {
      return switch (this) {
        case FROM, TO, CC, BCC, RECIPIENT, SENDER -> true;
        case ANY, SUBJECT, BODY, ATTACHMENT, FILENAME, LIST -> false;
      };
    }
  }
}
