package org.muniment.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.ContentWriter;
import org.muniment.archive.content.Cut;
import org.muniment.archive.content.Octets;
import org.muniment.archive.content.PartFrames;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.format.Content;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.format.MessageRecord.PartRef;
import org.muniment.archive.format.Place;
import org.muniment.archive.log.TreeHash;

/// A message on its way into a journal. Does what need not wait for its turn to be written: hashes
/// it, finds its parts, and compresses those that are new.
///
/// @param held whether the octets are in memory
record Incoming(ContentId id, Octets octets, boolean held) {

  /// The longest message that is held in memory until it was read back: 1 to 8 MiB, by the size of
  /// the heap.
  private static final int HELD =
      Math.clamp(Runtime.getRuntime().maxMemory() / 128, 1 << 20, 8 << 20);

  /// Octets of the parts of a message that are compressed before its turn.
  private static final long PREPARED = Math.max(4 << 20, HELD);

  /// Reads a message once.
  ///
  /// @throws IOException also when the octets are not as many as they say
  static Incoming read(Octets octets) throws IOException {
    MessageDigest digest = TreeHash.sha256();
    try (InputStream in = octets.open()) {
      if (octets.length() <= HELD) {
        byte[] all = new byte[(int) octets.length()];
        int read = in.readNBytes(all, 0, all.length);
        requireLength(octets, in.read() < 0 ? read : read + 1L);
        return new Incoming(ContentId.of(digest.digest(all)), Octets.of(all), true);
      }
      long read = new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
      requireLength(octets, read);
      return new Incoming(ContentId.of(digest.digest()), octets, false);
    }
  }

  private static void requireLength(Octets octets, long read) throws IOException {
    if (read != octets.length()) {
      throw new IOException("octets of length " + octets.length() + " gave " + read);
    }
  }

  /// Cuts the message.
  ///
  /// @param inJournal whether the open journal has a part
  Prepared prepare(Archive archive, ContentIndex index, Predicate<ContentId> inJournal)
      throws IOException {
    List<Piece> pieces = new ArrayList<>();
    long room = PREPARED;
    for (Cut.Piece piece : Cut.of(id, octets, held).pieces()) {
      switch (piece) {
        case Cut.Own own -> pieces.add(new Piece(own, null, null));
        case Cut.Part part -> {
          PartRef sealed = sealed(part, archive, index);
          List<Content> frames = null;
          if (sealed == null && part.length() <= room && !inJournal.test(part.id())) {
            room -= part.length();
            frames = frames(part);
          }
          pieces.add(new Piece(part, sealed, frames));
        }
      }
    }
    return new Prepared(id, octets.length(), pieces);
  }

  private static @Nullable PartRef sealed(Cut.Part part, Archive archive, ContentIndex index)
      throws IOException {
    Location location = index.findPart(part.id());
    if (location == null) {
      return null;
    }
    Place place = Place.parse(location.text());
    try (InputStream octets = part.open()) {
      return place.file().kind() == FileId.Kind.SEGMENT
              && archive.contents().holdsPart(part.id(), place, octets)
          ? new PartRef(part.id(), part.length(), place.file(), place.offset())
          : null;
    }
  }

  private static List<Content> frames(Cut.Part part) throws IOException {
    try (InputStream octets = part.open()) {
      return PartFrames.all(part.id(), part.length(), octets);
    }
  }

  /// A message ready to be written.
  record Prepared(ContentId id, long length, List<Piece> pieces) {

    /// Writes the parts that the journal has not.
    ///
    /// @return the message, to be written after them
    MessageRecord writeParts(ContentWriter to) throws IOException {
      List<MessageRecord.Piece> written = new ArrayList<>();
      for (Piece piece : pieces) {
        written.add(piece.write(to));
      }
      return new MessageRecord(id, length, written);
    }
  }

  /// A stretch of a message.
  ///
  /// @param sealed where the part lies in a segment, null when it does not
  /// @param frames of the part, null when they are not made yet
  record Piece(Cut.Piece cut, @Nullable PartRef sealed, @Nullable List<Content> frames) {

    private MessageRecord.Piece write(ContentWriter to) throws IOException {
      return switch (cut) {
        case Cut.Own own -> new MessageRecord.Inline(own.octets());
        case Cut.Part part -> part.inMessage(sealed == null ? write(part, to) : sealed);
      };
    }

    private PartRef write(Cut.Part part, ContentWriter to) throws IOException {
      PartRef here = to.part(part.id());
      return here != null
          ? here
          : to.addPart(part.id(), part.length(), frames -> writeFrames(part, frames));
    }

    private void writeFrames(Cut.Part part, PartFrames.Sink to) throws IOException {
      if (frames == null) {
        try (InputStream octets = part.open()) {
          PartFrames.make(part.id(), part.length(), octets, to);
        }
      } else {
        for (Content frame : frames) {
          to.take(frame);
        }
      }
    }
  }
}
