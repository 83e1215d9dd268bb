package org.muniment.archive.log;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/// The state of a log (C2SP tlog-checkpoint): its name, number of leaves and root hash.
///
/// ```
/// checkpoint = origin LF size LF base64(root) LF
/// ```
///
/// @param origin the log's name, unique among logs
/// @param size number of leaves
/// @param root 64 lower-case hexadecimal digits
public record Checkpoint(String origin, long size, String root) {

  /// @throws IllegalArgumentException when the size is negative or the root is no hash
  public Checkpoint {
    if (size < 0) {
      throw new IllegalArgumentException("size " + size + " of a log");
    }
    if (HexFormat.of().parseHex(root).length != TreeHash.LENGTH) {
      throw new IllegalArgumentException("a root hash has 32 octets");
    }
  }

  /// A checkpoint with a root of 32 octets.
  public static Checkpoint of(String origin, long size, byte[] root) {
    return new Checkpoint(origin, size, HexFormat.of().formatHex(root));
  }

  /// Reads a signed checkpoint and checks its signature and its origin.
  ///
  /// @throws IllegalArgumentException when anything about it is wrong; the message says what
  public static Checkpoint open(byte[] note, Note.Verifier verifier) {
    String text = verifier.open(new String(note, StandardCharsets.UTF_8));
    String[] lines = text.split("\n", -1);
    if (lines.length < 4) {
      throw new IllegalArgumentException("a checkpoint has three lines");
    }
    if (!lines[0].equals(verifier.name())) {
      throw new IllegalArgumentException("the checkpoint is of another log: " + lines[0]);
    }
    long size = Long.parseLong(lines[1]);
    if (!Long.toString(size).equals(lines[1])) {
      throw new IllegalArgumentException("a size without leading zeros is expected: " + lines[1]);
    }
    return of(lines[0], size, Note.decode(lines[2]));
  }

  /// The signed note.
  public byte[] sign(Note.Signer signer) {
    String rootText = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(root));
    String text = origin + "\n" + size + "\n" + rootText + "\n";
    return signer.sign(text).getBytes(StandardCharsets.UTF_8);
  }
}
