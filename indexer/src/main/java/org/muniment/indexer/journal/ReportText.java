package org.muniment.indexer.journal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.Event.Addressed;

/// The text of a journal report: a line for each thing it says, in any case.
///
/// ```
/// text      = sender *( LF line )
/// sender    = "Sender:" address                 ; SMTP MAIL FROM
/// line      = "On-Behalf-Of:" address / "Subject:" any / "Message-Id:" any / recipient / any
/// recipient = ( "To:" / "Cc:" / "Bcc:" / "Recipient:" ) address *( ", " change )
/// change    = ( "Expanded:" / "Forwarded:" ) address
/// address   = addr-spec / [ any ] "<" [ addr-spec ] ">"
/// ```
///
/// `Recipient:` is one of whom Exchange does not know how the sender addressed them. `Expanded:`
/// names the list whose member a recipient is, `Forwarded:` the one in whose place a recipient is.
/// Lines of other names, such as `Label:`, are passed over.
final class ReportText {

  /// Most recipients that are kept.
  static final int MAX_RECIPIENTS = 20_000;

  /// Longest address that is kept, in characters (RFC 5321 section 4.5.3.1 allows 320).
  static final int MAX_ADDRESS = 1_000;

  /// What is read of a line, in characters.
  static final int MAX_LINE = 4 * MAX_ADDRESS;

  private static final String EXPANDED = "Expanded:";
  private static final String FORWARDED = "Forwarded:";

  private final List<Event.Recipient> recipients = new ArrayList<>();
  private String sender = "";
  private String onBehalfOf = "";
  private boolean first = true;
  private boolean beginsWithSender;
  private boolean hasSender;
  private boolean hasSubject;
  private boolean hasMessageId;
  private boolean textCut;
  private boolean lineCut;
  private long leftOut;

  private ReportText() {}

  /// Reads it.
  ///
  /// @param cut whether there is more of it
  static ReportText read(String text, boolean cut) {
    ReportText report = new ReportText();
    report.textCut = cut;
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf('\n', at);
      end = end < 0 ? text.length() : end;
      report.line(report.limited(text, at, end, MAX_LINE).strip());
      at = end + 1;
    }
    return report;
  }

  /// Whether it is the text of a report.
  ///
  /// @param claimed whether the message says that it is one; else all must be there that a report
  ///   has, and in its place
  boolean isReport(boolean claimed) {
    return hasSender
        && !recipients.isEmpty()
        && (claimed || (beginsWithSender && hasSubject && hasMessageId));
  }

  Event.Transmission transmission() {
    List<String> cut = new ArrayList<>();
    if (leftOut > 0) {
      cut.add("%,d recipients are left out".formatted(leftOut));
    }
    if (textCut) {
      cut.add("the text of the report is cut");
    }
    if (lineCut) {
      cut.add("an address is cut");
    }
    return new Event.Transmission(sender, onBehalfOf, recipients, String.join("; ", cut));
  }

  /// The same with one more thing that is missing.
  static Event.Transmission cut(Event.Transmission sent, String more) {
    return new Event.Transmission(
        sent.sender(),
        sent.onBehalfOf(),
        sent.recipients(),
        sent.cut().isEmpty() ? more : sent.cut() + "; " + more);
  }

  private void line(String line) {
    int colon = line.indexOf(':');
    if (line.isEmpty()) {
      return;
    }
    String name = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    String value = line.substring(colon + 1).strip();
    beginsWithSender |= first && name.equals("sender");
    first = false;
    switch (name) {
      case "sender" -> sender(value);
      case "on-behalf-of" -> onBehalfOf = onBehalfOf.isEmpty() ? address(value) : onBehalfOf;
      case "subject" -> hasSubject = true;
      case "message-id" -> hasMessageId = true;
      case "to" -> recipient(Addressed.TO, value);
      case "cc" -> recipient(Addressed.CC, value);
      case "bcc" -> recipient(Addressed.BCC, value);
      case "recipient" -> recipient(Addressed.UNKNOWN, value);
      default -> {}
    }
  }

  private void sender(String value) {
    sender = hasSender ? sender : address(value);
    hasSender = true;
  }

  // recipient = ( "To:" / "Cc:" / "Bcc:" / "Recipient:" ) address *( ", " change )
  private void recipient(Addressed addressed, String value) {
    int end = change(value, 0);
    String address = address(value.substring(0, end));
    if (address.isEmpty()) {
      return;
    }
    if (recipients.size() == MAX_RECIPIENTS) {
      leftOut++;
      return;
    }
    String expanded = "";
    String forwarded = "";
    while (end < value.length()) {
      int at = value.indexOf(':', end) + 1;
      boolean list =
          value.regionMatches(true, at - EXPANDED.length(), EXPANDED, 0, EXPANDED.length());
      end = change(value, at);
      String other = address(value.substring(at, end));
      expanded = list && expanded.isEmpty() ? other : expanded;
      forwarded = !list && forwarded.isEmpty() ? other : forwarded;
    }
    recipients.add(new Event.Recipient(addressed, address, expanded, forwarded));
  }

  // change = ( "Expanded:" / "Forwarded:" ) address
  /// Where the next change begins, with its comma; the end of the value when there is none.
  private static int change(String value, int from) {
    for (int at = value.indexOf(',', from); at >= 0; at = value.indexOf(',', at + 1)) {
      int word = at + 1;
      while (word < value.length() && value.charAt(word) == ' ') {
        word++;
      }
      if (value.regionMatches(true, word, EXPANDED, 0, EXPANDED.length())
          || value.regionMatches(true, word, FORWARDED, 0, FORWARDED.length())) {
        return at;
      }
    }
    return value.length();
  }

  // address = addr-spec / [ any ] "<" [ addr-spec ] ">"
  private String address(String value) {
    String whole = value.strip();
    int open = whole.endsWith(">") ? whole.lastIndexOf('<') : -1;
    int from = open < 0 ? 0 : open + 1;
    return limited(whole, from, whole.length() - (open < 0 ? 0 : 1), MAX_ADDRESS).strip();
  }

  /// Well-formed Unicode without control characters.
  private String limited(String text, int from, int to, int most) {
    lineCut |= to - from > most && most == MAX_ADDRESS;
    StringBuilder some = new StringBuilder(text.substring(from, Math.min(to, from + most)));
    for (int i = 0; i < some.length(); i++) {
      if (Character.isISOControl(some.charAt(i))) {
        some.setCharAt(i, ' ');
      }
    }
    return new String(some.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
