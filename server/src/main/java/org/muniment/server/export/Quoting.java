package org.muniment.server.export;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Quotes a message for an mbox file as mboxrd does, or undoes it: one `>` more, or less, before
/// each line of the form
///
/// ```
/// *">" "From "
/// ```
final class Quoting extends FilterOutputStream {

  private static final byte[] FROM = {'F', 'r', 'o', 'm', ' '};

  private final boolean undone;

  /// Octets of [#FROM] that the line has so far, or [#TEXT].
  private int matched;

  private static final int TEXT = -1;

  /// Whether a `>` is held back, which is to go.
  private boolean held;

  private byte last = '\n';

  /// @param undone whether quoting is undone
  Quoting(OutputStream out, boolean undone) {
    super(out);
    this.undone = undone;
  }

  @Override
  public void write(int octet) throws IOException {
    byte b = (byte) octet;
    if (matched == TEXT) {
      out.write(b);
    } else if (b == '>' && matched == 0) {
      quote();
    } else if (b == FROM[matched]) {
      match();
    } else {
      release();
      out.write(b);
      matched = TEXT;
    }
    if (b == '\n') {
      matched = 0;
      held = false;
    }
    last = b;
  }

  private void quote() throws IOException {
    if (undone && !held) {
      held = true;
    } else {
      out.write('>');
    }
  }

  private void match() throws IOException {
    if (++matched == FROM.length) {
      if (!undone) {
        out.write('>');
      }
      out.write(FROM);
      matched = TEXT;
      held = false;
    }
  }

  /// Gives what was held back, since the line is an ordinary one.
  private void release() throws IOException {
    if (held) {
      out.write('>');
      held = false;
    }
    if (matched > 0) {
      out.write(FROM, 0, matched);
      matched = 0;
    }
  }

  /// Whether the last line has its end.
  boolean atLineStart() {
    return last == '\n';
  }

  /// To be called at the end of a message.
  void finish() throws IOException {
    if (matched != TEXT) {
      release();
    }
  }

  @Override
  public void write(byte[] octets, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      write(octets[i]);
    }
  }
}
