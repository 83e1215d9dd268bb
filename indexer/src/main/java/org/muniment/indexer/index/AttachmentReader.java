package org.muniment.indexer.index;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.muniment.archive.Archive;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages.Structured;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.extract.Extractor;
import org.muniment.indexer.kept.KeptDocument;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.text.DecodedPart;
import org.muniment.indexer.text.EnclosedOctets;
import org.muniment.indexer.text.MessageText;
import org.muniment.indexer.text.OctetSource;

/// Reads the documents of one message after the other, and keeps what is in them.
final class AttachmentReader {

  /// Time for the documents of one message, to copy and to read them; those that come later are
  /// skipped. So no message keeps others waiting for long, whatever is in it.
  static final Duration LONGEST = Duration.ofMinutes(10);

  private final Archive archive;
  private final KeptText kept;
  private final Attachments attachments;
  private final Extractor extractor;
  private final Path folder;
  private final Duration longest;
  private final BooleanSupplier goesOn;
  private final Rate rate = new Rate();

  /// @param folder for the octets of one document at a time
  /// @param longest time for the documents of one message
  /// @param goesOn asked before each document; may wait
  AttachmentReader(
      Archive archive,
      KeptText kept,
      Extractor extractor,
      Path folder,
      Duration longest,
      BooleanSupplier goesOn) {
    this.archive = archive;
    this.kept = kept;
    this.attachments = Attachments.of(kept, extractor.version());
    this.extractor = extractor;
    this.folder = folder;
    this.longest = longest;
    this.goesOn = goesOn;
  }

  /// What has been read.
  Attachments attachments() {
    return attachments;
  }

  /// Documents that were read a second, in the last minute.
  double perSecond() {
    return rate.perSecond();
  }

  /// Reads all documents of a message that are not read yet.
  ///
  /// @return false when it does not go on
  boolean read(Structured structured) throws IOException {
    return new OneMessage(structured.message()).read(structured);
  }

  /// A document of a message.
  ///
  /// @param file number of the file inside the part, from 1; 0 for the part itself
  /// @param name as the sender wrote it
  /// @param type media type as the sender wrote it
  private record Attached(
      PartPath path, int file, String name, String type, EnclosedOctets octets) {

    static Attached part(DocumentPart document, OctetSource octets) {
      Part part = document.part();
      return new Attached(
          document.path(),
          0,
          part.filename().orElse(""),
          part.type() + "/" + part.subtype(),
          () -> DecodedPart.open(part, octets));
    }

    static Attached file(MessageText.Section.Enclosed file, int number) {
      return new Attached(
          file.path(), number, file.name(), "application/octet-stream", file.octets());
    }
  }

  /// The reading of one message.
  private final class OneMessage {

    private final Message message;
    private final Attachments.Known known;
    private long used;

    OneMessage(Message message) {
      this.message = message;
      this.known = attachments.known(message.content()).orElseThrow();
    }

    boolean read(Structured structured) throws IOException {
      OctetSource octets = offset -> archive.open(message.content(), message.location(), offset);
      for (DocumentPart part : DocumentPart.of(structured.structure().root())) {
        if (!keep(Attached.part(part, octets))) {
          return false;
        }
      }
      FileNumbers numbers = new FileNumbers();
      return new MessageText(structured.structure(), octets)
          .forEach(
              section ->
                  !(section instanceof MessageText.Section.Enclosed file)
                      || keep(Attached.file(file, numbers.next(file.path()))));
    }

    private boolean keep(Attached attached) throws IOException {
      if (known.document(attached.path(), attached.file()).isPresent()) {
        return true;
      }
      if (!goesOn.getAsBoolean()) {
        return false;
      }
      long began = System.nanoTime();
      ContentId document = used < longest.toNanos() ? document(attached) : skipped();
      used += System.nanoTime() - began;
      kept.link(message.content(), attached.path(), attached.file(), document);
      return true;
    }

    private ContentId document(Attached attached) throws IOException {
      try (DocumentFile copy = DocumentFile.copy(attached.octets(), folder)) {
        if (kept.document(copy.content()).filter(AttachmentReader.this::stands).isEmpty()) {
          Extraction extraction = extract(copy, attached);
          kept.put(new KeptDocument(copy.content(), extractor.version(), extraction));
          rate.count();
        }
        return copy.content();
      }
    }

    /// What stands for all documents that this version has skipped, whose octets nobody looked at.
    /// One that came with another message, too, is read there all the same.
    private ContentId skipped() throws IOException {
      String name = "skipped by " + extractor.version();
      ContentId content = ContentId.sha256(new ByteArrayInputStream(name.getBytes(US_ASCII)));
      kept.put(
          new KeptDocument(
              content,
              extractor.version(),
              Extraction.without(
                  ExtractionStatus.SKIPPED,
                  "the documents before it took " + longest.toMinutes() + " min")));
      return content;
    }
  }

  private boolean stands(KeptDocument document) {
    return document.extractor().equals(extractor.version())
        || !document.extraction().status().worthAnotherTry();
  }

  private Extraction extract(DocumentFile copy, Attached attached) throws IOException {
    if (copy.length() == 0) {
      return Extraction.without(ExtractionStatus.EMPTY, "");
    }
    if (copy.length() > Extractor.MAX_OCTETS) {
      return Extraction.without(
          ExtractionStatus.PARTIAL, "more octets than " + (Extractor.MAX_OCTETS >> 20) + " Mi");
    }
    return extractor.extract(copy.file(), attached.name(), attached.type());
  }
}
