package org.muniment.server.capture.pop3;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.SourceException;

/// What a maildrop holds at one moment. Unique-ids lie in a temporary file, one behind the other;
/// in memory are 16 octets and some bits for each message, so some 20 MB for a million.
///
/// A message has a name when its unique-id is 1 to [#MAX_UNIQUE_ID] octets above 0x20, DEL
/// excepted, and no other message of the listing has the same. RFC 1939 allows equal ones for equal
/// messages; servers that are wrong give them to others. The rest is nameless.
public final class Pop3Listing implements Closeable {

  /// Most messages of a listing.
  static final int MAX_MESSAGES = 5_000_000;

  /// Longest unique-id that is taken. RFC 1939 allows 70; longer ones name as well.
  private static final int MAX_UNIQUE_ID = 500;

  private final Path file;
  private final BitSet listed;
  private final BitSet named;
  private final long[] twice;
  private final String digest;

  private Pop3Listing(Path file, BitSet listed, BitSet named, long[] twice, String digest) {
    this.file = file;
    this.listed = listed;
    this.named = named;
    this.twice = twice;
    this.digest = digest;
  }

  /// Number of messages.
  public int size() {
    return listed.cardinality();
  }

  /// Equal for two listings only when numbers, sizes and unique-ids are.
  public String digest() {
    return digest;
  }

  /// The numbers of the messages that have no name.
  public BitSet nameless() throws IOException {
    BitSet nameless = (BitSet) listed.clone();
    try (Names names = names()) {
      while (names.next()) {
        nameless.clear(names.number());
      }
    }
    return nameless;
  }

  /// The messages that have a name, in the order in which the server listed them.
  public Names names() throws IOException {
    return new Names();
  }

  /// 64 bits of a unique-id. Two that have them in common without being equal are taken for equal,
  /// which costs their names and nothing else.
  private static long hash(byte[] uniqueId) {
    long hash = 0xCBF29CE484222325L; // FNV-1a
    for (byte octet : uniqueId) {
      hash = (hash ^ (octet & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }

  /// Goes from one message that has a name to the next. Begins before the first.
  public final class Names implements Closeable {
    private final DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    private int left = named.cardinality();
    private int number;
    private byte[] uniqueId = new byte[0];

    private Names() throws IOException {}

    /// Goes to the next; false when there is none.
    public boolean next() throws IOException {
      while (left > 0) {
        left--;
        number = in.readInt();
        uniqueId = in.readNBytes(in.readUnsignedShort());
        if (Arrays.binarySearch(twice, hash(uniqueId)) < 0) {
          return true;
        }
      }
      return false;
    }

    /// The number of the message in the session of the listing.
    public int number() {
      return number;
    }

    public SourceText uniqueId() {
      return SourceText.of(uniqueId);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /// Takes the lines of LIST, then those of UIDL.
  static final class Builder implements Closeable {
    private final Path file;
    private final DataOutputStream out;
    private final MessageDigest digest = sha256();
    private final BitSet listed = new BitSet();
    private final BitSet named = new BitSet();
    private long[] hashes = new long[1_024];
    private int count;

    Builder(Path temporary) throws IOException {
      file = Files.createTempFile(temporary, "listing", ".part");
      out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    void listed(int number, long size) throws SourceException {
      if (listed.get(number)) {
        throw SourceException.lost(
            SourceText.of("the server lists message " + number + " twice"), null);
      }
      listed.set(number);
      digest((number + " " + size + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void digest(byte[] octets) {
      digest.update(octets);
    }

    /// Passes over what names nothing: no message of LIST, one that has a name, octets that cannot
    /// be a name.
    void named(int number, byte[] uniqueId) throws IOException {
      if (!listed.get(number) || named.get(number) || !isName(uniqueId)) {
        return;
      }
      named.set(number);
      out.writeInt(number);
      out.writeShort(uniqueId.length);
      out.write(uniqueId);
      digest(uniqueId);
      digest(new byte[] {'\n'});
      if (count == hashes.length) {
        hashes = Arrays.copyOf(hashes, 2 * count);
      }
      hashes[count++] = hash(uniqueId);
    }

    private static boolean isName(byte[] uniqueId) {
      for (byte octet : uniqueId) {
        if ((octet & 0xFF) <= ' ' || octet == 0x7F) {
          return false;
        }
      }
      return uniqueId.length >= 1 && uniqueId.length <= MAX_UNIQUE_ID;
    }

    Pop3Listing build() throws IOException {
      out.close();
      return new Pop3Listing(
          file, listed, named, twice(), HexFormat.of().formatHex(digest.digest()));
    }

    private long[] twice() {
      Arrays.sort(hashes, 0, count);
      int found = 0;
      for (int i = 1; i < count; i++) {
        if (hashes[i] == hashes[i - 1]) {
          hashes[found++] = hashes[i];
        }
      }
      return Arrays.copyOf(hashes, found);
    }

    @Override
    public void close() throws IOException {
      out.close();
      Files.deleteIfExists(file);
    }
  }
}
