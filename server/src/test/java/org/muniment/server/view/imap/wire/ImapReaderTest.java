package org.muniment.server.view.imap.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImapReaderTest {

  private final List<String> invited = new ArrayList<>();

  private ImapReader reader(String octets) {
    return reader(new ByteArrayInputStream(octets.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private ImapReader reader(InputStream in) {
    ImapReader reader = new ImapReader(in, invited::add);
    reader.begin();
    return reader;
  }

  @Test
  void tokensAreTheSameWhereverTheStreamIsSplit() throws Exception {
    String command =
        "a1 login {5+}\r\nal\0ce \"a \\\"b\\\\\" {3}\r\nxyz NIL 1:3,5,*:7 (42) INBOX/a]b\r\nnext";
    for (int split = 0; split <= command.length(); split++) {
      ImapReader in =
          reader(
              new SequenceInputStream(
                  new ByteArrayInputStream(
                      command.substring(0, split).getBytes(StandardCharsets.ISO_8859_1)),
                  new ByteArrayInputStream(
                      command.substring(split).getBytes(StandardCharsets.ISO_8859_1))));

      assertThat(in.tag()).isEqualTo("a1");
      in.sp();
      assertThat(in.skipWord("LOGOUT")).isFalse();
      assertThat(in.skipWord("LOGIN")).isTrue();
      in.sp();
      assertThat(in.astring()).isEqualTo("al\0ce");
      in.sp();
      assertThat(in.astring()).isEqualTo("a \"b\\");
      in.sp();
      assertThat(in.nstring()).isEqualTo("xyz");
      in.sp();
      assertThat(in.nstring()).isNull();
      in.sp();
      assertThat(in.sequenceSet().ranges())
          .containsExactly(
              new SequenceSet.Range(1, 3),
              new SequenceSet.Range(5, 5),
              new SequenceSet.Range(SequenceSet.LAST, 7));
      in.sp();
      in.expect('(');
      assertThat(in.number()).isEqualTo(42);
      in.expect(')');
      in.sp();
      assertThat(in.astring()).isEqualTo("INBOX/a]b");
      in.crlf();
      in.skipRest();
      in.begin();
      assertThat(in.skip('n')).isTrue();
    }
  }

  @Test
  void onlyASynchronisingLiteralIsInvited() throws Exception {
    assertThat(reader("{2+}\r\nab").string()).isEqualTo("ab");
    assertThat(invited).isEmpty();
    assertThat(reader("{2}\r\nab").string()).isEqualTo("ab");
    assertThat(invited).hasSize(1);
  }

  @Test
  void aSynchronisingLiteralIsNotInvitedWhenTheRestIsSkipped() throws Exception {
    ImapReader in = reader("INBOX (\\Seen) {310}\r\nb2 NOOP\r\n");
    in.skipRest();
    in.begin();
    assertThat(in.tag()).isEqualTo("b2");
    assertThat(invited).isEmpty();
  }

  @Test
  void aLiteralThatComesUnaskedIsSkippedWithTheRest() throws Exception {
    ImapReader in = reader("INBOX {12+}\r\nb1 LOGOUT\r\n {3+}\r\nxyz\r\nb2 NOOP\r\n");
    in.skipRest();
    in.begin();
    assertThat(in.tag()).isEqualTo("b2");
  }

  @Test
  void aLiteralThatIsTooLongIsNotInvited() throws Exception {
    ImapReader in = reader("{65537}\r\nb2 NOOP\r\n");
    assertThatThrownBy(in::string)
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("65536 octets");
    in.skipRest();
    in.begin();
    assertThat(in.tag()).isEqualTo("b2");
    assertThat(invited).isEmpty();
  }

  @Test
  void aLiteralThatIsTooLongAndComesUnaskedEndsTheConnection() {
    ImapReader in = reader("{65537+}\r\n" + "x".repeat(65537) + "\r\n");
    assertThatThrownBy(in::string).isInstanceOf(SyntaxException.class);
    assertThatThrownBy(in::skipRest).isInstanceOf(OverLimitException.class);
  }

  @Test
  void allLiteralsOfACommandCountTogether() throws Exception {
    ImapReader in = reader("{40000+}\r\n" + "x".repeat(40000) + " {40000}\r\n");
    assertThat(in.string()).hasSize(40000);
    in.sp();
    assertThatThrownBy(in::string).isInstanceOf(SyntaxException.class);
  }

  @Test
  void aLineThatIsTooLongEndsTheConnection() {
    assertThatThrownBy(() -> reader("x".repeat(ImapReader.MAX_LINE + 1)).atom())
        .isInstanceOf(OverLimitException.class);
    assertThatThrownBy(() -> reader("(".repeat(ImapReader.MAX_LINE + 1)).skipRest())
        .isInstanceOf(OverLimitException.class);
  }

  @Test
  void anErrorSaysWhatWasExpectedAndWhere() {
    ImapReader in = reader("a1 (\r\n");
    assertThatThrownBy(
            () -> {
              in.tag();
              in.sp();
              in.number();
            })
        .hasMessage("expected a number at column 4");
  }

  @Test
  void numbersOutsideTheirRangeAreRefused() {
    assertThatThrownBy(() -> reader("0 ").positive()).isInstanceOf(SyntaxException.class);
    assertThatThrownBy(() -> reader("4294967296 ").positive()).isInstanceOf(SyntaxException.class);
    assertThatThrownBy(() -> reader("9".repeat(40) + " ").number())
        .isInstanceOf(SyntaxException.class);
    assertThatThrownBy(() -> reader("{99999999999999999999}\r\n").string())
        .isInstanceOf(SyntaxException.class);
  }

  @Test
  void aQuotedStringEndsOnItsLine() {
    assertThatThrownBy(() -> reader("\"abc\r\n").string())
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("closing");
  }

  @Test
  void theEndOfTheStreamIsALostConnection() {
    assertThatThrownBy(() -> reader("{5+}\r\nab").string())
        .isInstanceOf(ConnectionLostException.class);
    assertThatThrownBy(() -> reader("abc").atom()).isInstanceOf(ConnectionLostException.class);
  }

  @Test
  void nothingIsReadBeyondTheCommand() throws IOException, SyntaxException {
    ImapReader in =
        reader(
            new InputStream() {
              private final String octets = "a1 NOOP\r\n";
              private int at;

              @Override
              public int read() {
                throw new UnsupportedOperationException();
              }

              @Override
              public int read(byte[] buffer, int offset, int length) {
                if (at == octets.length()) {
                  throw new AssertionError("this would wait for the client");
                }
                buffer[offset] = (byte) octets.charAt(at++);
                return 1;
              }
            });
    assertThat(in.tag()).isEqualTo("a1");
    in.sp();
    assertThat(in.skipWord("NOOPS")).isFalse();
    assertThat(in.word("a command")).isEqualTo("NOOP");
    in.crlf();
    in.skipRest();
    assertThat(in.hasBuffered()).isFalse();
  }
}
