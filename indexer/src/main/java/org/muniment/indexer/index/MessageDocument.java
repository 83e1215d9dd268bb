package org.muniment.indexer.index;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages.Structured;
import org.muniment.indexer.mail.Address;
import org.muniment.indexer.mail.Envelope;
import org.muniment.indexer.mail.HeaderText;
import org.muniment.indexer.mail.MessageIds;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.SentDate;
import org.muniment.indexer.text.Extracted;
import org.muniment.indexer.text.MessageText;
import org.muniment.indexer.text.OctetSource;

/// Makes the document of one message.
final class MessageDocument {

  /// Characters of text that are indexed of one message; what is cut has the status `cut`.
  static final int MAX_CHARS = 8 << 20;

  /// Header fields of a message inside another that are indexed with its text.
  private static final List<String> INNER = List.of("subject", "from", "to", "cc");

  private final Document document = new Document();
  private int left = MAX_CHARS;
  private boolean cut;

  private MessageDocument() {}

  static Document of(Structured structured, OctetSource octets) throws IOException {
    MessageDocument made = new MessageDocument();
    made.addMessage(structured.message());
    made.addEnvelope(
        structured.structure().envelope(), structured.structure().textCharset().orElse(null));
    PartPath.forEach(structured.structure().root(), (path, part) -> made.addPart(part));
    new MessageText(structured.structure(), octets).forEach(made::addText);
    return made.document;
  }

  /// The document of a message whose text could not be read at all.
  static Document withoutText(Structured structured) {
    MessageDocument made = new MessageDocument();
    made.addMessage(structured.message());
    made.keyword(Fields.STATUS, "failed");
    return made.document;
  }

  private void addMessage(Message message) {
    document.add(new NumericDocValuesField(Fields.NUMBER, message.number()));
    keyword(Fields.CONTENT, message.content().toString());
    document.add(new LongPoint(Fields.SIZE, message.length()));
    long received = message.internalDate().getEpochSecond();
    document.add(new LongPoint(Fields.RECEIVED, received));
    document.add(new NumericDocValuesField(Fields.RECEIVED, received));
    SentDate sent = message.sentDate();
    if (sent != null) {
      document.add(new LongPoint(Fields.SENT, sent.instant().getEpochSecond()));
    }
    if (message.attachment()) {
      keyword(Fields.HAS, "attachment");
    }
  }

  private void addEnvelope(Envelope envelope, @Nullable Charset likely) {
    if (envelope.subject() != null) {
      text(Fields.SUBJECT, HeaderText.decode(envelope.subject(), likely));
    }
    addresses(Fields.FROM, envelope.from(), likely);
    addresses(Fields.TO, envelope.to(), likely);
    addresses(Fields.CC, envelope.cc(), likely);
    addresses(Fields.BCC, envelope.bcc(), likely);
    @Nullable String messageId = envelope.messageId();
    if (messageId != null) {
      MessageIds.parse(messageId).forEach(id -> keyword(Fields.MESSAGE_ID, id));
    }
  }

  private void addresses(String field, List<Address> addresses, @Nullable Charset likely) {
    for (Address address : addresses) {
      text(field, address.display(likely));
      switch (address) {
        case Address.Mailbox mailbox -> address(field, mailbox);
        case Address.Group group -> group.members().forEach(member -> address(field, member));
      }
    }
  }

  private void address(String field, Address.Mailbox mailbox) {
    String keywords = Fields.address(field);
    keyword(keywords, HeaderText.decode(mailbox.address()));
    if (mailbox.localPart() != null) {
      keyword(keywords, HeaderText.decode(mailbox.localPart()));
    }
    if (mailbox.domain() != null) {
      keyword(keywords, HeaderText.decode(mailbox.domain()));
    }
  }

  private void addPart(Part part) {
    keyword(Fields.TYPE, part.type() + "/" + part.subtype());
    keyword(Fields.TYPE, part.type());
    keyword(Fields.TYPE, part.subtype());
    part.filename().ifPresent(name -> text(Fields.FILENAME, name));
  }

  private boolean addText(MessageText.Section section) {
    switch (section) {
      case MessageText.Section.Header(PartPath path, String text, boolean cut) -> {
        boolean outer = path.numbers().isEmpty();
        text.lines().forEach(line -> addHeader(line, outer));
        if (cut) {
          keyword(Fields.STATUS, "cut");
        }
      }
      case MessageText.Section.Body(PartPath path, Part part, Extracted extracted) -> {
        if (extracted.status() != Extracted.Status.REPEATED) {
          text(Fields.BODY, extracted.text());
        }
        addStatus(extracted.status());
      }
      case MessageText.Section.Enclosed file -> text(Fields.FILENAME, file.name());
      case MessageText.Section.Bounce bounce -> {}
    }
    return !cut;
  }

  private void addHeader(String line, boolean outer) {
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    if (outer && name.equals("list-id")) {
      text(Fields.LIST, line.substring(colon + 1));
    } else if (!outer && INNER.contains(name)) {
      text(Fields.BODY, line.substring(colon + 1));
    }
  }

  private void addStatus(Extracted.Status status) {
    switch (status) {
      case OK, REPEATED, UNSUPPORTED -> {}
      case CUT, MALFORMED_ENCODING, MALFORMED_CHARSET, UNKNOWN_CHARSET, ENCRYPTED ->
          keyword(Fields.STATUS, status.name().replace('_', '-'));
    }
  }

  private void text(String field, String text) {
    if (text.isBlank()) {
      return;
    }
    if (text.length() > left) {
      keyword(Fields.STATUS, "cut");
      cut = true;
    }
    if (left > 0) {
      String indexed = text.length() <= left ? text : text.substring(0, left);
      document.add(new TextField(field, indexed, Field.Store.NO));
      left -= indexed.length();
    }
  }

  private void keyword(String field, String value) {
    String keyword = Fields.keyword(value);
    if (!keyword.isEmpty()) {
      document.add(new StringField(field, keyword, Field.Store.NO));
    }
  }
}
