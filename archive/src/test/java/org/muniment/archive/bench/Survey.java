package org.muniment.archive.bench;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.part.Base64Run;
import org.muniment.archive.part.Base64Scanner;

/// Adds up a corpus, message by message: its shape, and what the method of the archive can give at
/// most. That is every distinct decoded part compressed by itself, and the rest of every distinct
/// message, in the order given, in frames of 256 KiB: no keys, no log, no tables, no encryption.
final class Survey {

  static final int FRAME = 256 << 10;
  static final int LEVEL = 3;

  private static final String ATTACHED = "\nContent-Disposition: attachment";

  private final LongStream.Builder lengths = LongStream.builder();
  private final Set<ContentId> messages = new HashSet<>();
  private final Set<ContentId> parts = new HashSet<>();
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream(2 * FRAME);
  private long distinct;
  private long attached;
  private long base64;
  private long decoded;
  private long compressedParts;
  private long skeletons;
  private long compressedSkeletons;

  void add(byte[] message) throws IOException {
    lengths.add(message.length);
    if (new String(message, StandardCharsets.ISO_8859_1).contains(ATTACHED)) {
      attached++;
    }
    if (!messages.add(ContentId.of(TreeHash.sha256().digest(message)))) {
      return;
    }
    distinct += message.length;
    int at = 0;
    for (Base64Run run : Base64Scanner.scan(new ByteArrayInputStream(message), message.length)) {
      int begin = Math.toIntExact(run.offset());
      int end = Math.toIntExact(run.offset() + run.length());
      base64 += run.length();
      skeleton(message, at, begin);
      at = end;
      if (parts.add(run.content())) {
        part(Arrays.copyOfRange(message, begin, end));
      }
    }
    skeleton(message, at, message.length);
    if (frame.size() >= FRAME) {
      endFrame();
    }
  }

  private void part(byte[] encoded) {
    byte[] part = Base64.getMimeDecoder().decode(encoded);
    decoded += part.length;
    compressedParts += Math.min(part.length, Zstd.compress(part, LEVEL).length);
  }

  private void skeleton(byte[] message, int from, int to) {
    frame.write(message, from, to - from);
    skeletons += to - from;
  }

  private void endFrame() {
    compressedSkeletons += Zstd.compress(frame.toByteArray(), LEVEL).length;
    frame.reset();
  }

  Result result() {
    endFrame();
    long[] sorted = lengths.build().sorted().toArray();
    return new Result(
        sorted,
        messages.size(),
        distinct,
        attached,
        base64,
        parts.size(),
        decoded,
        compressedParts,
        skeletons,
        compressedSkeletons);
  }

  /// What was added up; lengths in octets.
  ///
  /// @param lengths of all messages, ascending
  /// @param messages number of distinct messages
  /// @param distinct sum of their lengths
  /// @param attached number of messages, copies too, that have an attachment
  /// @param base64 octets of runs in distinct messages
  /// @param parts number of distinct decoded parts
  /// @param decoded sum of their lengths
  /// @param compressedParts each by itself
  /// @param skeletons distinct messages without their runs
  /// @param compressedSkeletons in frames
  @SuppressWarnings("ArrayRecordComponent")
  record Result(
      long[] lengths,
      long messages,
      long distinct,
      long attached,
      long base64,
      long parts,
      long decoded,
      long compressedParts,
      long skeletons,
      long compressedSkeletons) {

    /// Sum of the lengths of all messages.
    long raw() {
      return LongStream.of(lengths).sum();
    }

    /// The least that the method needs.
    long limit() {
      return compressedParts + compressedSkeletons;
    }

    /// The length that the part `share` of the messages, from 0 to 1, does not exceed.
    long percentile(double share) {
      return lengths[(int) Math.min(lengths.length - 1, Math.round(share * lengths.length))];
    }

    long mean() {
      return raw() / lengths.length;
    }

    /// The part of all files that have the octets of another, from 0 to 1.
    double copies() {
      return 1 - (double) messages / lengths.length;
    }

    /// One line for each thing added up.
    List<String> lines() {
      return List.of(
          "messages %,d, octets %,d, mean %,d".formatted(lengths.length, raw(), mean()),
          "lengths: 10 %% %,d, 50 %% %,d, 90 %% %,d, 99 %% %,d, 99.9 %% %,d, longest %,d"
              .formatted(
                  percentile(.1),
                  percentile(.5),
                  percentile(.9),
                  percentile(.99),
                  percentile(.999),
                  lengths[lengths.length - 1]),
          "copies %.3f of the files, with attachments %.3f"
              .formatted(copies(), (double) attached / lengths.length),
          "base64 %.3f of distinct octets; %,d distinct parts of %,d octets, zstd %.3f"
              .formatted(
                  (double) base64 / distinct,
                  parts,
                  decoded,
                  (double) decoded / Math.max(1, compressedParts)),
          "skeletons %,d octets, zstd %.3f"
              .formatted(skeletons, (double) skeletons / Math.max(1, compressedSkeletons)),
          "limit of the method %,d octets, %.4f of raw"
              .formatted(limit(), (double) limit() / raw()));
    }
  }
}
