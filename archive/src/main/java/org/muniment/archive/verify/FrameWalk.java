package org.muniment.archive.verify;

import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.PartStream;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;

/// Walks over the headers of a file's frames: they follow each other without a gap, are numbered
/// from 0, and each piece belongs to a part. Goes on behind damage at the next whole header.
final class FrameWalk {

  private final FrameFile file;
  private final Findings findings;
  private long at;
  private int number;
  private int piecesDue;
  private long partOctets;
  private boolean damaged;

  /// Whether damage lies between the frame before and this one.
  private boolean unsure;

  FrameWalk(FrameFile file, long from, Findings findings) {
    this.file = file;
    this.at = from;
    this.findings = findings;
  }

  /// The next frame, or null at the end of the file.
  @Nullable Frame next() throws ArchiveException {
    while (true) {
      try {
        Frame frame = file.frame(at);
        if (frame == null) {
          return null;
        }
        check(frame);
        at = frame.end();
        return frame;
      } catch (CorruptArchiveException e) {
        findings.add(e);
        damaged = true;
        unsure = true;
        at = file.search(at + 1);
      }
    }
  }

  /// Whether a frame could not be read, so that what follows may miss something before it.
  boolean damaged() {
    return damaged;
  }

  private void check(Frame frame) {
    if (frame.number() != number && !(unsure && frame.number() > number)) {
      find(frame, "frame " + number, "frame " + frame.number());
    }
    if ((frame.kind() == Frame.Kind.PIECE) != (piecesDue > 0) && !unsure) {
      find(
          frame,
          piecesDue > 0 ? "a piece of a part" : "no piece without its part",
          "a frame of kind " + frame.kind());
    }
    number = frame.number() + 1;
    switch (frame.kind()) {
      case PART -> {
        piecesDue = frame.count();
        partOctets = (long) frame.raw() - PartStream.HEAD;
      }
      case PIECE -> {
        checkFirst(frame, unsure ? frame.first() : partOctets);
        piecesDue--;
        partOctets += frame.raw();
      }
      case STATE, MESSAGES, TABLE, FOOTER -> {
        checkFirst(frame, 0);
        piecesDue = 0;
      }
      case EVENTS -> piecesDue = 0;
    }
    unsure &= frame.kind() == Frame.Kind.PIECE;
  }

  private void checkFirst(Frame frame, long expected) {
    if (frame.first() != expected) {
      find(frame, "a first of " + expected, "a first of " + frame.first());
    }
  }

  private void find(Frame frame, String expected, String found) {
    findings.add(file.corrupt(frame.offset(), expected, found));
  }
}
