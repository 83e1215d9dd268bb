package org.muniment.server.capture.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;

class FetchItemsTest {

  @Test
  void itemsAreReadInAnyOrderAndUnknownOnesSkipped() throws Exception {
    FetchItems items =
        read(
            "(FLAGS (\\Seen \\Recent $Forwarded) X-NEW ((a \"b)\") NIL {2}\r\n)( 7) MODSEQ (12)"
                + " RFC822.SIZE 5 BODY[]<0> {5}\r\na)(\"b UID 4294967295"
                + " INTERNALDATE \"01-Jan-2020 00:00:00 +0100\")");
    assertThat(items.uid()).isEqualTo(4_294_967_295L);
    assertThat(items.size()).isEqualTo(5);
    assertThat(items.origin()).isZero();
    assertThat(items.internalDate()).isEqualTo(Instant.parse("2019-12-31T23:00:00Z"));
    assertThat(items.flags())
        .containsExactlyInAnyOrder(SourceText.of("\\Seen"), SourceText.of("$Forwarded"));
    assertThat(body(items)).isEqualTo("a)(\"b");
  }

  @Test
  void aWholeBodyHasNoOriginAndNilIsNoBody() throws Exception {
    assertThat(read("(UID 1 BODY[] \"x\")").origin()).isEqualTo(-1);
    assertThat(body(read("(UID 1 BODY[] \"x\")"))).isEqualTo("x");
    assertThat(read("(UID 1 BODY[] NIL)").body()).isNull();
    assertThat(body(read("(BODY[]<3> {0}\r\n UID 1)"))).isEmpty();
  }

  @Test
  void idsAreOfTheirFormOrNone() throws Exception {
    assertThat(read("(EMAILID (M6d-9_a) UID 4)").ownId())
        .isEqualTo(new Event.OwnId("EMAILID", "M6d-9_a"));
    assertThat(read("(X-GM-MSGID 18446744073709551615 UID 4)").ownId())
        .isEqualTo(new Event.OwnId("X-GM-MSGID", "18446744073709551615"));
    for (String none :
        List.of(
            "EMAILID NIL",
            "EMAILID ()",
            "EMAILID (a b)",
            "EMAILID ((a))",
            "EMAILID (\"a)\")",
            "EMAILID ({2}\r\n)( x)",
            "EMAILID M1",
            "EMAILID (M.)",
            "EMAILID (" + "M".repeat(256) + ")",
            "EMAILID (" + "M".repeat(1 << 20) + ")",
            "X-GM-MSGID NIL",
            "X-GM-MSGID -1",
            "X-GM-MSGID \"1\"",
            "X-GM-MSGID (1)",
            "X-GM-MSGID {1}\r\n1",
            "X-GM-MSGID " + "1".repeat(1 << 20))) {
      FetchItems items = read("(" + none + " UID 4)");
      assertThat(items.ownId()).as(none).isNull();
      assertThat(items.uid()).as(none).isEqualTo(4);
    }
  }

  @Test
  void labelsAreNamesOfMailboxesButForThoseWithABackslash() throws Exception {
    FetchItems items =
        read(
            "(FLAGS (\\Seen) X-GM-LABELS (\\Inbox \"\\\\Important\" Caf&AOk-"
                + " \"a b (\\\"\" {3}\r\n) ( \"\" x) UID 4)");
    assertThat(items.marks().flags())
        .extracting(SourceText::octets)
        .containsExactlyInAnyOrder("\\Seen", "\\Inbox", "\\Important");
    assertThat(items.marks().labels())
        .extracting(SourceText::display)
        .containsExactlyInAnyOrder("Caf\u00e9", "a b (\"", ") (", "x");
    assertThat(items.uid()).isEqualTo(4);
    assertThat(read("(UID 4 X-GM-LABELS NIL)").labels()).isNull();
    assertThat(read("(X-GM-LABELS () UID 4)").labels()).isEmpty();
  }

  @Test
  void whatIsNotOfTheGrammarIsRefused() {
    for (String broken :
        List.of(
            "",
            "UID 1",
            "(",
            "(UID",
            "(UID 1",
            "(FLAGS \\Seen)",
            "(FLAGS (",
            "(X (((((",
            "(X \"",
            "(EMAILID (",
            "(EMAILID",
            "(X-GM-MSGID",
            "(X-GM-LABELS",
            "(X-GM-LABELS (",
            "(X-GM-LABELS (a",
            "(X-GM-LABELS (\"a",
            "(X-GM-LABELS (a (b)) UID 1)",
            "(X-GM-LABELS ({9999}\r\na) UID 1)",
            "(X-GM-LABELS (" + "l".repeat(2_000) + "))",
            "(X-GM-LABELS (" + manyLabels() + "))",
            "(BODY[]<x> {1}\r\na)",
            "(BODY[]<0 {1}\r\na",
            "(UID 1 FLAGS (" + "f".repeat(2_000) + "))",
            "(UID 1 FLAGS (" + manyFlags() + "))",
            "(" + "y".repeat(100) + " 1)")) {
      assertThatIllegalArgumentException().as(broken).isThrownBy(() -> read(broken));
    }
  }

  private static String manyFlags() {
    return IntStream.range(0, 2_000).mapToObj(i -> "f" + i).collect(Collectors.joining(" "));
  }

  private static String manyLabels() {
    return IntStream.range(0, 10_001).mapToObj(i -> "l" + i).collect(Collectors.joining(" "));
  }

  private static FetchItems read(String items) throws Exception {
    return FetchItems.read(new IMAPResponse("* 1 FETCH " + items, false));
  }

  private static String body(FetchItems items) throws Exception {
    if (items.body() == null) {
      throw new AssertionError("no body");
    }
    try (InputStream in = items.body().open()) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
