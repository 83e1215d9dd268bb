package org.muniment.indexer.extract.child;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.io.input.CloseShieldInputStream;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TemporaryResources;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.muniment.indexer.extract.ExtractionStatus;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/// Reads the documents inside a document, and those inside them. One that is broken does not end
/// the reading of the others.
final class InnerDocuments implements EmbeddedDocumentExtractor {

  private final Parser parser;
  private final ParseContext context;
  private final Output output;
  private final boolean pictures;
  private int depth;

  /// @param pictures whether the pictures in the text are read too
  InnerDocuments(Parser parser, ParseContext context, Output output, boolean pictures) {
    this.parser = parser;
    this.context = context;
    this.output = output;
    this.pictures = pictures;
  }

  @Override
  public boolean shouldParseEmbedded(Metadata metadata) {
    String type = metadata.get(TikaCoreProperties.EMBEDDED_RESOURCE_TYPE);
    return pictures || !"INLINE".equals(type);
  }

  @Override
  public void parseEmbedded(
      InputStream stream, ContentHandler handler, Metadata metadata, boolean html) {
    String name = String.valueOf(metadata.get(TikaCoreProperties.RESOURCE_NAME_KEY));
    String known = name.equals("null") ? "" : name;
    depth++;
    try {
      output.document(known, depth);
      parse(stream, known, metadata);
    } catch (IOException | SAXException | TikaException | RuntimeException | LinkageError e) {
      rethrowLimit(e);
      if (!Failures.isSignature(metadata)) {
        output.failed(Failures.status(e), known + ": " + Failures.words(e));
      }
    } catch (StackOverflowError e) {
      output.failed(Failures.status(e), known + ": nested too deeply");
    } finally {
      depth--;
    }
    Failures.tellPassedOver(metadata, output);
    SelfDescription.of(metadata).forEach(output::line);
  }

  private void rethrowLimit(Throwable e) {
    if (Failures.isBomb(e)) {
      throw output.reached(Limit.RATIO);
    }
    if (output.limited() && e instanceof RuntimeException limit) {
      throw limit;
    }
  }

  private void parse(InputStream stream, String name, Metadata metadata)
      throws IOException, SAXException, TikaException {
    try (TemporaryResources files = new TemporaryResources()) {
      InputStream counted = new Counted(CloseShieldInputStream.wrap(stream));
      TikaInputStream in = TikaInputStream.get(counted, files, metadata);
      if (stream instanceof TikaInputStream inner && inner.getOpenContainer() != null) {
        in.setOpenContainer(inner.getOpenContainer());
      }
      if (Ciphertext.is(in)) {
        output.failed(ExtractionStatus.ENCRYPTED, name);
      } else {
        parser.parse(in, new BodyText(output), metadata, context);
      }
    }
  }

  private final class Counted extends FilterInputStream {
    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int octet = super.read();
      output.unpacked(octet < 0 ? 0 : 1);
      return octet;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      output.unpacked(Math.max(0, count));
      return count;
    }
  }
}
