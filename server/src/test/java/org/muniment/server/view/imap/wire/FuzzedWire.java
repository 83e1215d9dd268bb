package org.muniment.server.view.imap.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a fuzzer calls with octets as what comes over the wire.
public final class FuzzedWire {

  private FuzzedWire() {}

  /// Reads tokens of all kinds from the octets, once from one piece and once octet by octet: both
  /// give the same, or end in the same error. What was read is written and comes out again.
  public static void fuzzerTestOneInput(byte[] octets) throws IOException {
    List<Object> tokens = tokens(octets, Integer.MAX_VALUE);
    if (!tokens.equals(tokens(octets, 1))) {
      throw new IllegalStateException("tokens depend on how the octets come in: " + tokens);
    }
    for (Object token : tokens) {
      if (token instanceof String text) {
        writeAndRead(text);
      }
    }
  }

  private static List<Object> tokens(byte[] octets, int atATime) throws IOException {
    var stream =
        new ByteArrayInputStream(octets) {
          @Override
          public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, Math.min(length, atATime));
          }
        };
    List<Object> tokens = new ArrayList<>();
    ImapReader in = new ImapReader(stream, tokens::add);
    try {
      while (true) {
        in.begin();
        command(in, tokens);
      }
    } catch (ConnectionLostException | OverLimitException e) {
      tokens.add(e.getClass());
      return tokens;
    }
  }

  /// The first octet of each token says what is expected.
  private static void command(ImapReader in, List<Object> tokens) throws IOException {
    try {
      while (!in.atEnd()) {
        int kind = in.peek();
        switch (kind & 15) {
          case 0 -> tokens.add(in.tag());
          case 1 -> tokens.add(in.atom());
          case 2 -> tokens.add(in.word("a word"));
          case 3 -> tokens.add(in.mailbox());
          case 4 -> tokens.add(in.listMailbox());
          case 5 -> tokens.add(in.number());
          case 6 -> tokens.add(in.positive());
          case 7 -> tokens.add(in.modSequence());
          case 8 -> tokens.add(in.skip('(') || in.skip('\u00e8'));
          case 9 -> tokens.add(in.skip(')') || in.skip('9') || in.skip('I'));
          case 10 -> tokens.add(in.sequenceSet());
          case 11 -> tokens.add(in.string());
          case 12 -> tokens.add(in.skipWord("LIST") || in.skip(','));
          default -> tokens.add(in.astring());
        }
        if (!in.atEnd()) {
          in.sp();
        }
      }
      in.crlf();
    } catch (SyntaxException e) {
      tokens.add(e.text());
    }
    in.skipRest();
  }

  private static void writeAndRead(String text) throws IOException {
    String octets = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    ImapWriter out = new ImapWriter(written);
    out.string(octets).sp().mailbox(text).crlf();
    out.flush();
    ImapReader in =
        new ImapReader(new ByteArrayInputStream(written.toByteArray()), invitation -> {});
    in.begin();
    try {
      String expected = octets.replace('\0', (char) (ImapWriter.NUL_SUBSTITUTE & 0xFF));
      require(in.string().equals(expected), text);
      in.sp();
      require(in.mailbox().equals(text), text);
      in.crlf();
    } catch (SyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void require(boolean same, String text) {
    if (!same) {
      throw new IllegalStateException("does not come out as it went in: " + text);
    }
  }
}
