package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.server.capture.TestArchive.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Entry;
import org.muniment.archive.event.Event;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;

/// Capture of a maildrop of a real server, with what the same server gives over IMAP as the judge.
class Pop3DovecotIT {

  private static final int LARGE = 30_000_000;

  @TempDir Path served;
  @TempDir Path data;

  @BeforeEach
  void requireDovecot() {
    Requires.dovecotWithPop3();
  }

  @Test
  void theOctetsAreThoseThatImapGives() throws Exception {
    try (Dovecot dovecot = Dovecot.start(served)) {
      SampleMaildir mail = new SampleMaildir(dovecot.maildir("lena"), 21);
      mail.fill("", 300, 3_000);
      mail.addAwkward("");
      mail.add("", "", mail.ofLength(LARGE));
      mail.fill(".Sent", 7, 500);
      Dovecot.own(dovecot.maildir("lena"));
      try (TestArchive archive = new TestArchive(data)) {
        CaptureOutcome.Finished outcome = archive.capture(account("lena", dovecot.pop3("lena")));
        assertThat(outcome.complete()).as("%s", outcome).isTrue();
        assertThat(outcome.messages()).isEqualTo(312);
        assertThat(compare(archive, dovecot)).isEqualTo(312);
        CaptureOutcome.Finished second = archive.capture(account("lena", dovecot.pop3("lena")));
        assertThat(second.complete()).isTrue();
        assertThat(second.messages()).isZero();
      }
    }
  }

  private static int compare(TestArchive archive, Dovecot dovecot) throws IOException {
    int compared = 0;
    try (RawImap judge = new RawImap(dovecot.port(), "lena", Dovecot.PASSWORD)) {
      judge.command("EXAMINE INBOX");
      for (Entry entry : archive.entries()) {
        if (entry.event() instanceof Event.Placement placement
            && placement.source() instanceof Event.Uidl uidl) {
          // Dovecot makes a unique-id of the UID, eight hexadecimal digits, and the UIDVALIDITY.
          long uid = Long.parseLong(uidl.uniqueId().octets().substring(0, 8), 16);
          assertThat(overImap(archive.octets(entry)))
              .as("UID %d", uid)
              .isEqualTo(withLineEnd(judge.octets(uid)));
          compared++;
        }
      }
    }
    return compared;
  }

  /// Over IMAP, which has no NUL, Dovecot sends 0x80 in its place.
  private static byte[] overImap(byte[] octets) {
    for (int i = 0; i < octets.length; i++) {
      octets[i] = octets[i] == 0 ? (byte) 0x80 : octets[i];
    }
    return octets;
  }

  /// A message ends with its last line over POP3.
  private static byte[] withLineEnd(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    return (text.endsWith("\r\n") ? text : text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatOneProtocolBroughtIsNotStoredAgainByTheOther() throws Exception {
    try (Dovecot dovecot = Dovecot.start(served)) {
      SampleMaildir mail = new SampleMaildir(dovecot.maildir("lena"), 22);
      mail.fill("", 50, 20_000);
      Dovecot.own(dovecot.maildir("lena"));
      try (TestArchive archive = new TestArchive(data)) {
        archive.capture(account("lena", dovecot.source("lena")));
        long size = archive.journalSize();
        archive.capture(account("lena", dovecot.pop3("lena")));
        assertThat(archive.journalSize() - size).isLessThan(size / 10);
        List<Event.Placement> placements = archive.events(Event.Placement.class);
        assertThat(placements).hasSize(100);
        assertThat(placements.stream().map(Event.Placement::content).distinct()).hasSize(50);
      }
    }
  }
}
