package org.muniment.indexer.index;

import java.util.List;
import java.util.Locale;

/// The fields of a message in the index. Text fields are analysed by [MailAnalyzer], keyword fields
/// hold what [#keyword] makes of a value.
public final class Fields {

  /// Number of the message in the catalogue; numeric doc values.
  public static final String NUMBER = "number";

  /// Keyword: the content id, hexadecimal.
  public static final String CONTENT = "content";

  /// Text.
  public static final String SUBJECT = "subject";

  /// Text; whole addresses, local parts and domains are also keywords in [#address] of it.
  public static final String FROM = "from";

  /// As [#FROM].
  public static final String TO = "to";

  /// As [#FROM].
  public static final String CC = "cc";

  /// As [#FROM].
  public static final String BCC = "bcc";

  /// As [#FROM]: the Sender field.
  public static final String SENDER = "sender";

  /// Sorted set doc values: the addresses of [#FROM], as keywords.
  public static final String FROM_ADDRESS = "from.addresses";

  /// Sorted set doc values: the domains of [#FROM], as keywords.
  public static final String FROM_DOMAIN = "from.domains";

  /// Text: the fields of the header that have none of their own here, each as it stands, `Name:
  /// value`.
  public static final String HEADER = "header";

  /// As [#FROM]: to whom the message could not be delivered, or was, that this one reports of (RFC
  /// 3464).
  public static final String BOUNCED = "bounced";

  /// Text: the text parts, and the headers of messages inside this one.
  public static final String BODY = "body";

  /// Text: what the attachments hold that are no text themselves, such as a PDF or an archive of
  /// files.
  public static final String ATTACHMENT = "attachment";

  /// Text: names of attachments, and of what lies in them.
  public static final String FILENAME = "filename";

  /// Keyword: media types of the parts, whole, and each half; the endings of their names, and what
  /// a person calls such a file, as in [#KIND].
  public static final String TYPE = "type";

  /// Sorted set doc values: what a person calls the files of the message, such as `pdf`.
  public static final String KIND = "kind";

  /// Keyword and sorted doc values: language of the text; `und` where that cannot be told.
  public static final String LANGUAGE = "language";

  /// Text: the List-Id field.
  public static final String LIST = "list";

  /// Keyword: Message-ID, without brackets.
  public static final String MESSAGE_ID = "message-id";

  /// Keyword: ids of the References field, else of In-Reply-To.
  public static final String REFERENCES = "references";

  /// Binary doc values, where there is a Message-ID or a reference: see [ThreadIds].
  public static final String THREAD = "thread";

  /// Octets; point.
  public static final String SIZE = "size";

  /// INTERNALDATE of the first capture, seconds since 1970; point and numeric doc values.
  public static final String RECEIVED = "received";

  /// The Date field, seconds since 1970; point.
  public static final String SENT = "sent";

  /// Keyword: `attachment` where there is one.
  public static final String HAS = "has";

  /// Keyword: what of the text could not be read, such as `cut`, or is not read yet, [#PENDING]; of
  /// a document that tells of what was found in a journal mailbox: what is wrong there.
  public static final String STATUS = "status";

  /// Keywords without positions: the [Grams] of the header and of headers inside, each as
  /// [GramStream#term] writes it.
  public static final String HEADER_GRAM = "gram.header";

  /// As [#HEADER_GRAM]: of what IMAP SEARCH looks through for BODY.
  public static final String BODY_GRAM = "gram.body";

  /// As [#HEADER_GRAM]: of what is indexed as [#ATTACHMENT], and of the names of the files.
  public static final String ATTACHMENT_GRAM = "gram.attachment";

  /// Keyword [#GRAMLESS]: not all grams of the message are here.
  public static final String GRAM = "gram";

  /// See [#GRAM].
  public static final String GRAMLESS = "missing";

  /// Status of a message with attachments that are not read yet.
  public static final String PENDING = "pending";

  /// Numeric doc values of a document that tells of a transmission (RFC 5321) or of what else was
  /// found in a journal mailbox: number of the message that it tells of. Such a document is none of
  /// a message; who does not see its account does not learn of it.
  public static final String TELLS_OF = "tells-of";

  /// Keyword, of such a document: index of its entry in the log.
  public static final String LEAF = "leaf";

  /// Keyword, of such a document: the account.
  public static final String ACCOUNT = "account";

  /// As [#FROM], of such a document: who sent it, and on whose behalf.
  public static final String SENT_BY = "sent-by";

  /// As [#FROM], of such a document: to whom it was sent by the To field.
  public static final String SENT_TO = "sent-to";

  /// As [#FROM], of such a document: to whom it was sent by the Cc field.
  public static final String SENT_CC = "sent-cc";

  /// As [#FROM], of such a document: to whom it was sent by the Bcc field.
  public static final String SENT_BCC = "sent-bcc";

  /// As [#FROM], of such a document: to whom it was sent, nobody knows by which field.
  public static final String SENT_UNKNOWN = "sent-unknown";

  /// The text fields of such documents that name a recipient.
  public static final List<String> RECIPIENTS = List.of(SENT_TO, SENT_CC, SENT_BCC, SENT_UNKNOWN);

  /// The text fields that a word without a field name is looked for in.
  public static final List<String> WORDS =
      List.of(SUBJECT, FROM, TO, CC, BCC, FILENAME, BODY, ATTACHMENT);

  /// Longest keyword, in characters; what is longer is found by its beginning.
  private static final int MAX_KEYWORD = 1_000;

  private Fields() {}

  /// The keyword field beside a text field of addresses.
  public static String address(String field) {
    return field + ".address";
  }

  /// The form in which a keyword is indexed and looked up: lower case, not too long.
  public static String keyword(String value) {
    String lower = value.strip().toLowerCase(Locale.ROOT);
    return lower.length() <= MAX_KEYWORD ? lower : lower.substring(0, MAX_KEYWORD);
  }
}
