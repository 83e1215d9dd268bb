package org.muniment.indexer.extract.child;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.tika.config.LoadErrorHandler;
import org.apache.tika.config.ServiceLoader;
import org.apache.tika.detect.DefaultDetector;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MimeTypes;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.AutoDetectParserConfig;
import org.apache.tika.parser.DefaultParser;
import org.apache.tika.parser.EmptyParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.external.CompositeExternalParser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.ocr.TesseractOCRParser;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.apache.tika.parser.pkg.RarParser;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.extract.ExtractionStatus;
import org.xml.sax.SAXException;

/// Reads a document, whatever it is, by its octets.
final class DocumentReader {

  /// Levels of elements; tables in tables in newsletters have more than Tika expects.
  private static final int MAX_ELEMENT_DEPTH = 500;

  /// With [java.lang.OutOfMemoryError], as when the virtual machine finds it.
  private static final int EXIT_OUT_OF_MEMORY = 3;

  private final boolean ocr;
  private final AutoDetectParser parser;

  /// @param ocr whether text is looked for in pictures
  DocumentReader(boolean ocr) {
    this.ocr = ocr;
    ServiceLoader services =
        new ServiceLoader(DocumentReader.class.getClassLoader(), LoadErrorHandler.IGNORE);
    MimeTypes types = MimeTypes.getDefaultMimeTypes();
    this.parser =
        new AutoDetectParser(
            new DefaultDetector(types, services),
            new DefaultParser(types.getMediaTypeRegistry(), services, excluded(ocr)));
    AutoDetectParserConfig limits = new AutoDetectParserConfig();
    limits.setMaximumDepth(MAX_ELEMENT_DEPTH);
    parser.setAutoDetectParserConfig(limits);
  }

  /// No other programs; and no reader of RAR, whose library has no free licence.
  private static Set<Class<? extends Parser>> excluded(boolean ocr) {
    Set<Class<? extends Parser>> excluded = new HashSet<>();
    excluded.add(CompositeExternalParser.class);
    excluded.add(RarParser.class);
    if (!ocr) {
      excluded.add(TesseractOCRParser.class);
    }
    return excluded;
  }

  /// Sends what is in a document, and how it went.
  ///
  /// @param type media type as the sender wrote it; a hint
  /// @param name as the sender wrote it; a hint
  void read(Path document, String type, String name, DataOutputStream out) {
    Output output = new Output(out);
    Metadata metadata = new Metadata();
    metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
    metadata.set(Metadata.CONTENT_TYPE, type);
    try {
      parse(document, metadata, output);
    } catch (IOException | SAXException | TikaException | RuntimeException | LinkageError e) {
      failed(e, metadata, output);
    } catch (StackOverflowError e) {
      output.failed(ExtractionStatus.FAILED, "nested too deeply");
    } catch (OutOfMemoryError e) {
      Runtime.getRuntime().halt(EXIT_OUT_OF_MEMORY);
    }
    Failures.tellPassedOver(metadata, output);
    SelfDescription.of(metadata).forEach(output::line);
    output.type(mediaType(metadata));
    output.language(metadata.get("dc:language"));
    output.end(isSupported(metadata) && !isMoving(mediaType(metadata)));
  }

  private static void failed(Throwable e, Metadata metadata, Output output) {
    if (Failures.isBomb(e)) {
      output.reached(Limit.RATIO);
    } else if (Failures.isSignature(metadata)) {
      output.failed(ExtractionStatus.EMPTY, "");
    } else {
      output.failed(Failures.status(e), Failures.words(e));
    }
  }

  private void parse(Path document, Metadata metadata, Output output)
      throws IOException, SAXException, TikaException {
    if (Ciphertext.is(document)) {
      output.failed(ExtractionStatus.ENCRYPTED, "");
      return;
    }
    ParseContext context = context();
    context.set(EmbeddedDocumentExtractor.class, new InnerDocuments(parser, context, output, ocr));
    try (TikaInputStream in = TikaInputStream.get(document, metadata)) {
      // The file is named otherwise than the document.
      parser.parse(in, new BodyText(output), metadata, context);
    }
  }

  private ParseContext context() {
    ParseContext context = new ParseContext();
    context.set(Parser.class, parser);
    OfficeParserConfig office = new OfficeParserConfig();
    // As streams: what is large needs little memory.
    office.setUseSAXDocxExtractor(true);
    office.setUseSAXPptxExtractor(true);
    context.set(OfficeParserConfig.class, office);
    PDFParserConfig pdf = new PDFParserConfig();
    pdf.setOcrStrategy(
        ocr ? PDFParserConfig.OCR_STRATEGY.AUTO : PDFParserConfig.OCR_STRATEGY.NO_OCR);
    context.set(PDFParserConfig.class, pdf);
    return context;
  }

  private static @Nullable String mediaType(Metadata metadata) {
    String type = metadata.get(Metadata.CONTENT_TYPE);
    int parameters = type == null ? -1 : type.indexOf(';');
    return type == null || parameters < 0 ? type : type.substring(0, parameters).strip();
  }

  /// Sound and film: what they say of themselves is read, and not what they say.
  private static boolean isMoving(@Nullable String type) {
    return type != null && (type.startsWith("video/") || type.startsWith("audio/"));
  }

  private static boolean isSupported(Metadata metadata) {
    return !Arrays.asList(metadata.getValues(TikaCoreProperties.TIKA_PARSED_BY))
        .contains(EmptyParser.class.getName());
  }
}
