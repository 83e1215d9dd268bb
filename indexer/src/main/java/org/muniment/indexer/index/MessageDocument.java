package org.muniment.indexer.index;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages.Structured;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.kept.KeptDocument;
import org.muniment.indexer.kept.SealedText;
import org.muniment.indexer.language.Language;
import org.muniment.indexer.mail.Address;
import org.muniment.indexer.mail.Envelope;
import org.muniment.indexer.mail.HeaderText;
import org.muniment.indexer.mail.MessageIds;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.SentDate;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.text.Extracted;
import org.muniment.indexer.text.Folding;
import org.muniment.indexer.text.Grams;
import org.muniment.indexer.text.HeaderLines;
import org.muniment.indexer.text.MessageText;
import org.muniment.indexer.text.OctetSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the document of one message, and the text of it that is kept.
final class MessageDocument {

  private static final String ATTACHED = "attachment";

  /// Characters of text that are indexed of one message, and as many of its attachments; what is
  /// cut has the status `cut`.
  static final int MAX_CHARS = 8 << 20;

  /// Header fields of a message inside another that are indexed with its text.
  private static final List<String> INNER = List.of("subject", "from", "to", "cc");

  /// Fields of the header that are not indexed as they stand: those that have a field of their own
  /// here, those that tell of parts, and signatures, of which nobody knows a word.
  private static final Set<String> ELSEWHERE =
      Set.of(
          "subject",
          "from",
          "sender",
          "to",
          "cc",
          "bcc",
          "date",
          "message-id",
          "references",
          "in-reply-to",
          "mime-version",
          "content-type",
          "content-transfer-encoding",
          "content-disposition",
          "dkim-signature",
          "arc-seal",
          "arc-message-signature",
          "x-google-dkim-signature");

  /// Characters of a field of the header that are indexed as they stand.
  private static final int MAX_LINE = 2_000;

  /// Characters from which the language is told, at least where there are as many.
  private static final int SAMPLE = 4_000;

  /// Status of a message that breaks the reading of its text; no status of a document.
  static final String UNREADABLE = "unreadable";

  /// Values of one field that are counted.
  private static final int MAX_COUNTED = 100;

  private static final Logger LOG = LoggerFactory.getLogger(MessageDocument.class);

  private final Document document = new Document();
  private final StringBuilder sample = new StringBuilder();
  private int left = MAX_CHARS;
  private int attachmentLeft = MAX_CHARS;
  private boolean cut;

  private final Attachments.@Nullable Known attachments;
  private final FileNumbers files = new FileNumbers();
  private final Folding folding = new Folding();
  private Optional<SealedText> sealed = Optional.empty();
  private boolean pending;

  /// @param attachments null when they are not read
  private MessageDocument(Attachments.@Nullable Known attachments) {
    this.attachments = attachments;
  }

  /// A message that breaks the reading of its text, or whose octets are damaged, is found by what
  /// the catalogue knows.
  static MessageDocument of(Structured structured, Archive archive, Attachments attachments)
      throws IOException {
    Message message = structured.message();
    try {
      return of(
          structured,
          offset -> archive.open(message.content(), message.location(), offset),
          attachments);
    } catch (CorruptArchiveException | RuntimeException | StackOverflowError e) {
      LOG.error("message {}: its text cannot be read", message.content(), e);
      return withoutText(structured);
    }
  }

  private static MessageDocument of(
      Structured structured, OctetSource octets, Attachments attachments) throws IOException {
    Message message = structured.message();
    MessageDocument made = new MessageDocument(attachments.known(message.content()).orElse(null));
    made.addMessage(message);
    made.addEnvelope(
        structured.structure().envelope(), structured.structure().textCharset().orElse(null));
    made.addThread(structured.structure());
    PartPath.forEach(structured.structure().root(), (path, part) -> made.addPart(part));
    boolean all =
        new MessageText(structured.structure(), octets)
            .forEach(
                section -> {
                  made.folding.add(section);
                  return made.addText(section);
                });
    made.addLanguage();
    for (DocumentPart part : DocumentPart.of(structured.structure().root())) {
      made.addAttachment(part.path(), 0);
    }
    made.writeGrams(all);
    if (made.pending) {
      made.keyword(Fields.STATUS, Fields.PENDING);
    }
    made.sealed =
        all ? made.folding.text().flatMap(text -> attachments.seal(message, text)) : made.sealed;
    return made;
  }

  /// The document of a message whose text could not be read at all.
  static MessageDocument withoutText(Structured structured) {
    MessageDocument made = new MessageDocument(null);
    Message message = structured.message();
    made.addMessage(message);
    made.text(Fields.SUBJECT, message.subject());
    made.text(Fields.FROM, message.from());
    made.text(Fields.TO, message.to());
    made.keyword(Fields.STATUS, UNREADABLE);
    made.keyword(Fields.GRAM, Fields.GRAMLESS);
    return made;
  }

  /// The document itself.
  Document document() {
    return document;
  }

  /// The text of the message, to be kept; empty when nothing is, or the text is too long.
  Optional<SealedText> sealed() {
    return sealed;
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
      keyword(Fields.HAS, ATTACHED);
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
    addresses(Fields.SENDER, envelope.sender(), likely);
    counted(Fields.FROM_ADDRESS, mailboxes(envelope.from()).map(Address.Mailbox::address));
    counted(
        Fields.FROM_DOMAIN,
        mailboxes(envelope.from()).map(Address.Mailbox::domain).flatMap(Stream::ofNullable));
    messageIds(envelope).forEach(id -> keyword(Fields.MESSAGE_ID, id));
  }

  private static List<String> messageIds(Envelope envelope) {
    @Nullable String messageId = envelope.messageId();
    return messageId == null ? List.of() : MessageIds.parse(messageId);
  }

  private static Stream<Address.Mailbox> mailboxes(List<Address> addresses) {
    return addresses.stream()
        .flatMap(
            address ->
                switch (address) {
                  case Address.Mailbox mailbox -> Stream.of(mailbox);
                  case Address.Group group -> group.members().stream();
                });
  }

  private void addThread(Structure structure) {
    structure.references().forEach(id -> keyword(Fields.REFERENCES, id));
    ThreadIds ids = ThreadIds.of(messageIds(structure.envelope()), structure.references());
    if (!ids.isEmpty()) {
      document.add(new BinaryDocValuesField(Fields.THREAD, ids.write()));
    }
  }

  /// Keywords that are counted, not looked for.
  private void counted(String field, Stream<String> values) {
    values
        .map(value -> Fields.keyword(HeaderText.decode(value)))
        .filter(value -> !value.isEmpty())
        .distinct()
        .limit(MAX_COUNTED)
        .forEach(value -> document.add(new SortedSetDocValuesField(field, new BytesRef(value))));
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
    FileKind.extension(part).ifPresent(extension -> keyword(Fields.TYPE, extension));
    FileKind.of(part)
        .ifPresent(
            kind -> {
              keyword(Fields.TYPE, kind.keyword());
              counted(Fields.KIND, Stream.of(kind.keyword()));
            });
    part.filename().ifPresent(this::addFile);
  }

  private void addFile(String name) {
    text(Fields.FILENAME, name);
    folding.addFile(name);
  }

  private boolean addText(MessageText.Section section) throws IOException {
    switch (section) {
      case MessageText.Section.Header(PartPath path, HeaderLines fields, boolean cut) -> {
        boolean outer = path.numbers().isEmpty();
        fields.lines().forEach(line -> addHeader(line, outer));
        if (cut) {
          keyword(Fields.STATUS, "cut");
        }
      }
      // What of it is text is in fields of its own.
      case MessageText.Section.PartHeader _ -> {}
      case MessageText.Section.Body(PartPath path, Part part, Extracted extracted) -> {
        if (extracted.status() != Extracted.Status.REPEATED) {
          text(Fields.BODY, extracted.text());
          sample(extracted.text());
        }
        addStatus(extracted.status());
      }
      case MessageText.Section.Enclosed file -> {
        keyword(Fields.HAS, ATTACHED);
        text(Fields.FILENAME, file.name());
        addAttachment(file.path(), files.next(file.path()));
      }
      case MessageText.Section.Bounce(PartPath path, List<String> recipients) ->
          recipients.stream().limit(MAX_COUNTED).forEach(this::addBounced);
    }
    return !cut;
  }

  /// @param all whether the message was read to its end
  private void writeGrams(boolean all) {
    Optional<Grams> files = folding.files();
    if (all
        && folding.headers().isComplete()
        && folding.body().isComplete()
        && files.stream().allMatch(Grams::isComplete)) {
      document.add(GramStream.field(Fields.HEADER_GRAM, folding.headers().distinct()));
      document.add(GramStream.field(Fields.BODY_GRAM, folding.body().distinct()));
      files.ifPresent(
          grams -> document.add(GramStream.field(Fields.ATTACHMENT_GRAM, grams.distinct())));
    } else {
      keyword(Fields.GRAM, Fields.GRAMLESS);
    }
  }

  private void addBounced(String address) {
    text(Fields.BOUNCED, address);
    String keywords = Fields.address(Fields.BOUNCED);
    keyword(keywords, address);
    int at = address.lastIndexOf('@');
    if (at >= 0) {
      keyword(keywords, address.substring(0, at));
      keyword(keywords, address.substring(at + 1));
    }
  }

  private void addHeader(HeaderLines.Line field, boolean outer) {
    String name = field.name().strip().toLowerCase(Locale.ROOT);
    if (outer && name.equals("list-id")) {
      text(Fields.LIST, field.value());
    } else if (outer && !ELSEWHERE.contains(name)) {
      String line = field.text();
      text(Fields.HEADER, line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE));
    } else if (!outer && INNER.contains(name)) {
      text(Fields.BODY, field.value());
    }
  }

  private void sample(String text) {
    if (sample.length() < SAMPLE) {
      sample.append(text, 0, Math.min(text.length(), SAMPLE)).append('\n');
    }
  }

  private void addLanguage() {
    String language = Language.of(sample);
    keyword(Fields.LANGUAGE, language);
    document.add(new SortedDocValuesField(Fields.LANGUAGE, new BytesRef(language)));
  }

  private void addStatus(Extracted.Status status) {
    switch (status) {
      case OK, REPEATED, UNSUPPORTED -> {}
      case CUT, MALFORMED_ENCODING, MALFORMED_CHARSET, UNKNOWN_CHARSET, ENCRYPTED ->
          keyword(Fields.STATUS, status.name().replace('_', '-'));
    }
  }

  /// @param file number of the file inside the part, from 1; 0 for the part itself
  private void addAttachment(PartPath path, int file) throws IOException {
    if (attachments != null) {
      Optional<KeptDocument> document = attachments.document(path, file);
      document.ifPresent(found -> addAttachment(found.extraction()));
      pending |= document.isEmpty();
    }
  }

  private void addAttachment(Extraction found) {
    if (found.status() != ExtractionStatus.OK) {
      keyword(Fields.STATUS, found.status().keyword());
    }
    keyword(Fields.TYPE, found.type());
    found.names().forEach(name -> text(Fields.FILENAME, name));
    String text = found.text();
    found.names().forEach(folding::addRead);
    folding.addRead(text);
    if (text.length() > attachmentLeft) {
      keyword(Fields.STATUS, "cut");
      text = text.substring(0, attachmentLeft);
    }
    if (!text.isBlank()) {
      document.add(new TextField(Fields.ATTACHMENT, text, Field.Store.NO));
      attachmentLeft -= text.length();
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
