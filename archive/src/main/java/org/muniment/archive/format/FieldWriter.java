package org.muniment.archive.format;

import java.util.Arrays;
import org.muniment.archive.event.ContentId;

/// Writes what [FieldReader] reads.
final class FieldWriter {

  private byte[] octets = new byte[512];
  private int length;

  FieldWriter octet(int value) {
    room(1);
    octets[length++] = (byte) value;
    return this;
  }

  FieldWriter int32(int value) {
    return octet(value >>> 24).octet(value >>> 16).octet(value >>> 8).octet(value);
  }

  FieldWriter int64(long value) {
    return int32((int) (value >>> 32)).int32((int) value);
  }

  FieldWriter varint(long value) {
    long rest = value;
    while (rest > 0x7F) {
      octet((int) (rest | 0x80));
      rest >>>= 7;
    }
    return octet((int) rest);
  }

  FieldWriter octets(byte[] field) {
    room(field.length);
    System.arraycopy(field, 0, octets, length, field.length);
    length += field.length;
    return this;
  }

  FieldWriter id(ContentId id) {
    return octets(id.bytes());
  }

  int length() {
    return length;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(octets, length);
  }

  private void room(int more) {
    if (more > octets.length - length) {
      octets = Arrays.copyOf(octets, Math.max(2 * octets.length, length + more));
    }
  }
}
