package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.Fuzzing;
import org.muniment.server.view.imap.wire.FuzzedWire;

/// Fuzzing of the wire and of whole sessions, and what it once found.
class ImapFuzzerTest {

  private static final Duration LONGEST = Duration.ofSeconds(5);

  @TempDir private Path work;

  private static List<byte[]> octets(String... texts) {
    return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).toList();
  }

  @Test
  void whatWasFoundOnceIsAnswered() throws Exception {
    for (Path file : Fuzzing.kept("imap-wire")) {
      FuzzedWire.fuzzerTestOneInput(Files.readAllBytes(file));
    }
    for (Path file : Fuzzing.kept("imap-session")) {
      long begin = System.nanoTime();
      FuzzedSession.fuzzerTestOneInput(Files.readAllBytes(file));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).as("%s", file).isLessThan(LONGEST);
    }
  }

  @Test
  @Tag("slow")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void nothingOnTheWireBreaksTheReader() throws Exception {
    Fuzzing.fuzz(
        FuzzedWire.class,
        octets(
            "0a1 LIST R&AOk-D\r\n",
            "z1:3,5,*:7 {5+}\r\nal\0ce\r\n",
            "\"a \\\"b\\\\\" +\"x\"\r\n{3}\r\nabc\r\n",
            "5123 67 71844674407370955161\r\n"),
        List.of("\\x0d\\x0a", "{3}\\x0d\\x0a", "{3+}\\x0d\\x0a", "&AOk-", "1:*,2", "NIL", "LIST "),
        work);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void nothingAClientSendsBreaksASession() throws Exception {
    Fuzzing.fuzz(
        FuzzedSession.class,
        octets(
            "0a CAPABILITY\r\nb AUTHENTICATE PLAIN\r\nAGFsaWNlAHNlY3JldA==\r\nc LOGOUT\r\n",
            "0a LOGIN {5}\r\nalice {6+}\r\nsecret\r\nb ID (\"a\" NIL)\r\n",
            "1a LIST (SUBSCRIBED) \"\" (\"*\" \"R%\") RETURN (STATUS (UNSEEN SIZE))\r\n",
            "1a STATUS R&-D/&APw- (MESSAGES UIDNEXT HIGHESTMODSEQ)\r\nb NAMESPACE\r\n",
            "1a SELECT INBOX (QRESYNC (1000 5 1:9 (1,3 10,14)))\r\nb UNSELECT\r\n",
            "2a FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE BODY[1.MIME]<2.9> BINARY.SIZE[1])\r\n",
            "2a UID FETCH 10:20 (BODY.PEEK[HEADER.FIELDS.NOT (To)] PREVIEW (LAZY) THREADID)\r\n",
            "2a SEARCH RETURN (SAVE) NOT TO a (BODY {1}\r\nb ON 1-Jan-2017)\r\nb FETCH $ UID\r\n",
            "2a UID STORE 1:* (UNCHANGEDSINCE 7) +FLAGS.SILENT (\\Seen $x)\r\nb EXPUNGE\r\n",
            "2a SORT (REVERSE DATE SUBJECT) UTF-8 ALL\r\nb THREAD REFERENCES UTF-8 TO a\r\n",
            "2a ESEARCH IN (selected personal subtree INBOX) RETURN (PARTIAL -1:-9) ALL\r\n",
            "3a IDLE\r\nDONE\r\nb APPEND INBOX {3+}\r\nabc\r\nc UID FETCH 1:* FLAGS (CHANGEDSINCE"
                + " 1 VANISHED)\r\n",
            "1a COMPRESS DEFLATE\r\n",
            "1a SUBSCRIBE x\r\nb UNSUBSCRIBE INBOX\r\nc LSUB \"\" *\r\nd MYRIGHTS INBOX\r\n"),
        List.of(
            "\\x0d\\x0ax ",
            "UID ",
            "FETCH ",
            "SEARCH ",
            "SORT ",
            "THREAD ",
            "STORE ",
            "SELECT ",
            "EXAMINE ",
            "ESEARCH ",
            "STATUS ",
            "LIST ",
            "ENABLE ",
            "RETURN (",
            "BODY",
            "BODY.PEEK[",
            "BODYSTRUCTURE",
            "ENVELOPE",
            "BINARY[",
            "BINARY.SIZE[",
            "PREVIEW",
            "MODSEQ",
            "EMAILID",
            "THREADID",
            "SAVEDATE",
            "INTERNALDATE",
            "RFC822.SIZE",
            "HEADER.FIELDS (",
            ".MIME]",
            ".TEXT]",
            ".HEADER]",
            "<0.9>",
            "1:*",
            "$",
            "INBOX",
            "SUBJECT ",
            "TEXT ",
            "BODY ",
            "FROM ",
            "HEADER a b",
            "KEYWORD ",
            "LARGER ",
            "OLDER ",
            "SENTON ",
            "1-Jan-2017",
            "NOT ",
            "OR ",
            "UNDRAFT",
            "CHARSET UTF-8 ",
            "PARTIAL 1:9",
            "(CHANGEDSINCE 1",
            "(UNCHANGEDSINCE 1)",
            "(QRESYNC (1000 1",
            "VANISHED",
            "IDLE",
            "DONE",
            "{3}\\x0d\\x0a",
            "{3+}\\x0d\\x0a",
            "\\\\Seen",
            "FLAGS ("),
        work);
  }
}
