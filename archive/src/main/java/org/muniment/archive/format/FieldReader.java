package org.muniment.archive.format;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.muniment.archive.event.ContentId;

/// Reads the fields of a record. Where a field is cut off or outside its range, an
/// [IllegalArgumentException] or a [BufferUnderflowException] says so.
///
/// ```
/// varint = *( 1xxxxxxx ) 0xxxxxxx      lowest seven bits first; at most 63 bits
/// ```
final class FieldReader {

  private final ByteBuffer octets;

  FieldReader(byte[] octets, int offset, int length) {
    this.octets = ByteBuffer.wrap(octets, offset, length);
  }

  int octet() {
    return octets.get() & 0xFF;
  }

  int int32() {
    return octets.getInt();
  }

  long int64() {
    return octets.getLong();
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
      byte octet = octets.get();
      value |= (octet & 0x7FL) << shift;
      if (octet >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a varint of more than 63 bits");
  }

  int length() {
    return Math.toIntExact(varint());
  }

  byte[] octets(int length) {
    if (length < 0 || length > octets.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] field = new byte[length];
    octets.get(field);
    return field;
  }

  ContentId id() {
    return ContentId.of(octets(ContentId.LENGTH));
  }

  boolean atEnd() {
    return !octets.hasRemaining();
  }
}
