package org.muniment.indexer.journal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.text.DecodedPart;
import org.muniment.indexer.text.OctetSource;
import org.muniment.indexer.text.TransferDecoder;

/// The message inside another, octet for octet as it stands there; without the transfer encoding
/// where it has one. Read from the other message each time, and never held.
///
/// @param part which holds it
/// @param octets of the other message
/// @param id SHA-256 of its octets
/// @param whole whether its transfer encoding was understood to the last octet
public record InnerMessage(Part part, OctetSource octets, ContentId id, long length, boolean whole)
    implements Octets {

  static InnerMessage of(Part part, OctetSource octets) throws IOException {
    try (TransferDecoder decoder = DecodedPart.open(part, octets);
        Counted counted = new Counted(decoder)) {
      ContentId id = ContentId.sha256(counted);
      return new InnerMessage(part, octets, id, counted.count, !decoder.malformed());
    }
  }

  @Override
  public InputStream open() throws IOException {
    return DecodedPart.open(part, octets);
  }

  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int octet = super.read();
      count += octet < 0 ? 0 : 1;
      return octet;
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
      int read = super.read(octets, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
