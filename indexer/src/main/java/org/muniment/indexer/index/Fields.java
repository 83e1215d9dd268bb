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

  /// Text: the text parts, and the headers of messages inside this one.
  public static final String BODY = "body";

  /// Text: names of attachments.
  public static final String FILENAME = "filename";

  /// Keyword: media types of the parts, whole, and each half.
  public static final String TYPE = "type";

  /// Text: the List-Id field.
  public static final String LIST = "list";

  /// Keyword: Message-ID, without brackets.
  public static final String MESSAGE_ID = "message-id";

  /// Octets; point.
  public static final String SIZE = "size";

  /// INTERNALDATE of the first capture, seconds since 1970; point and numeric doc values.
  public static final String RECEIVED = "received";

  /// The Date field, seconds since 1970; point.
  public static final String SENT = "sent";

  /// Keyword: `attachment` where there is one.
  public static final String HAS = "has";

  /// Keyword: what of the text could not be read, such as `cut`.
  public static final String STATUS = "status";

  /// The text fields that a word without a field name is looked for in.
  public static final List<String> WORDS = List.of(SUBJECT, FROM, TO, CC, BCC, FILENAME, BODY);

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
