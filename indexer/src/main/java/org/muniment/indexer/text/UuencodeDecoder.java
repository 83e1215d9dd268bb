package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.text.Extracted.Status;

/// `x-uuencode` as transfer encoding, as mail had it before MIME: what stands around the file is
/// left out. Without any file the octets are none.
final class UuencodeDecoder extends TransferDecoder {

  private final LineOctets lines;
  private @Nullable UuDecoder file;
  private boolean ended;

  UuencodeDecoder(InputStream encoded) {
    super(encoded);
    lines = new LineOctets(encoded);
  }

  @Override
  int decode() throws IOException {
    UuDecoder open = file == null ? begin() : file;
    int octet = open == null ? -1 : open.read();
    if (octet < 0 && !ended) {
      ended = true;
      if (open == null || open.status() != Status.OK) {
        noteMalformed();
      }
    }
    return octet;
  }

  private @Nullable UuDecoder begin() throws IOException {
    while (!ended && lines.next()) {
      if (UuDecoder.begins(lines)) {
        file = new UuDecoder(lines);
        return file;
      }
    }
    return null;
  }
}
