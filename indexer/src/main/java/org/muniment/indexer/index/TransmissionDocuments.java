package org.muniment.indexer.index;

import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.muniment.archive.event.Event;
import org.muniment.indexer.catalog.Unwrapping;

/// Makes the documents of what was found in a journal mailbox, apart from those of messages: a
/// message may be in an account whose readers are not to know to whom else it went.
final class TransmissionDocuments {

  /// Status of mail in a journal mailbox that is no journal report.
  static final String NO_REPORT = "no-report";

  /// Status of what claims to be a journal report and is not understood.
  static final String BROKEN_REPORT = "broken-report";

  /// Status of a message whose journal report is not known to its end.
  static final String CUT_REPORT = "cut-report";

  /// Recipients in one document.
  private static final int RECIPIENTS = 500;

  private final Unwrapping unwrapping;
  private final List<Document> documents = new ArrayList<>();

  private TransmissionDocuments(Unwrapping unwrapping) {
    this.unwrapping = unwrapping;
  }

  static List<Document> of(Unwrapping unwrapping) {
    TransmissionDocuments made = new TransmissionDocuments(unwrapping);
    switch (unwrapping.event().finding()) {
      case Event.OrdinaryMail ordinary -> made.documents.add(made.withStatus(NO_REPORT));
      case Event.BrokenReport broken -> made.documents.add(made.withStatus(BROKEN_REPORT));
      case Event.JournalReport report -> made.add(report.transmission());
    }
    return made.documents;
  }

  private void add(Event.Transmission sent) {
    Document first = sent.cut().isEmpty() ? document() : withStatus(CUT_REPORT);
    address(first, Fields.SENT_BY, sent.sender());
    address(first, Fields.SENT_BY, sent.onBehalfOf());
    documents.add(first);
    List<Event.Recipient> recipients = sent.recipients();
    for (int from = 0; from < recipients.size(); from += RECIPIENTS) {
      Document some = document();
      recipients
          .subList(from, Math.min(recipients.size(), from + RECIPIENTS))
          .forEach(recipient -> recipient(some, recipient));
      documents.add(some);
    }
  }

  private Document withStatus(String status) {
    Document document = document();
    document.add(new StringField(Fields.STATUS, status, Field.Store.NO));
    return document;
  }

  private Document document() {
    Document document = new Document();
    document.add(new NumericDocValuesField(Fields.TELLS_OF, unwrapping.message()));
    document.add(new StringField(Fields.LEAF, Long.toString(unwrapping.leaf()), Field.Store.NO));
    document.add(
        new StringField(Fields.ACCOUNT, unwrapping.event().account().value(), Field.Store.NO));
    return document;
  }

  private static void recipient(Document document, Event.Recipient recipient) {
    String field =
        switch (recipient.addressed()) {
          case TO -> Fields.SENT_TO;
          case CC -> Fields.SENT_CC;
          case BCC -> Fields.SENT_BCC;
          case UNKNOWN -> Fields.SENT_UNKNOWN;
        };
    address(document, field, recipient.address());
    address(document, field, recipient.expanded());
    address(document, field, recipient.forwarded());
  }

  private static void address(Document document, String field, String address) {
    if (address.isEmpty()) {
      return;
    }
    document.add(new TextField(field, address, Field.Store.NO));
    int at = address.lastIndexOf('@');
    List<String> keywords = new ArrayList<>(List.of(address));
    if (at > 0 && at < address.length() - 1) {
      keywords.add(address.substring(0, at));
      keywords.add(address.substring(at + 1));
    }
    keywords.stream()
        .map(Fields::keyword)
        .filter(keyword -> !keyword.isEmpty())
        .forEach(
            keyword ->
                document.add(new StringField(Fields.address(field), keyword, Field.Store.NO)));
  }
}
