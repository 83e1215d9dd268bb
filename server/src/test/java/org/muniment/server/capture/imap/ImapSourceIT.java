package org.muniment.server.capture.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.Uid;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.RecordingProxy;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;

class ImapSourceIT {

  @TempDir Path folder;
  @TempDir Path temporary;
  private Dovecot dovecot;

  @BeforeEach
  void start() throws Exception {
    Requires.dovecot();
    dovecot = Dovecot.start(folder);
  }

  @AfterEach
  void stop() {
    if (dovecot != null) {
      dovecot.close();
    }
  }

  @Test
  void everyLengthAroundAPieceArrivesWhole() throws Exception {
    SampleMaildir mail = new SampleMaildir(dovecot.maildir("lena"), 1);
    int piece = ImapSession.PIECE;
    for (int length : List.of(piece - 1, piece, piece + 1, 2 * piece - 1, 2 * piece, 30_000_000)) {
      mail.add("", "", mail.ofLength(length));
    }
    mail.addAwkward("");
    Dovecot.own(dovecot.maildir("lena"));
    Map<Uid, byte[]> fetched = fetch("lena");
    assertThat(fetched).hasSize(17);
    try (RawImap judge = new RawImap(dovecot.port(), "lena", Dovecot.PASSWORD)) {
      judge.command("EXAMINE INBOX");
      for (Map.Entry<Uid, byte[]> message : fetched.entrySet()) {
        assertThat(message.getValue())
            .as("UID %s", message.getKey())
            .isEqualTo(judge.octets(message.getKey().value()));
      }
    }
    assertThat(temporary).isEmptyDirectory();
  }

  private ImapSource source(SourceConfig.Imap config) {
    return new ImapSource(
        config,
        temporary,
        new Credentials(temporary.resolve("tokens"), InstantSource.system()),
        ImapLimits.ofMessages(1L << 30));
  }

  private Map<Uid, byte[]> fetch(String user) throws Exception {
    Map<Uid, byte[]> fetched = new HashMap<>();
    try (Source.Session session = source(dovecot.source(user)).connect()) {
      session.examine(session.mailboxes().getFirst());
      session.fetch(
          session.uids(),
          message -> {
            try (Octets octets = message.octets();
                InputStream in = octets.open()) {
              fetched.put(message.uid(), in.readAllBytes());
            }
          });
    }
    return fetched;
  }

  @Test
  void aWrongPasswordIsToldInTheServersWords() {
    SourceConfig.Imap wrong =
        new SourceConfig.Imap(
            "127.0.0.1", dovecot.port(), SourceConfig.Security.NONE, "lena", new Secret("x"));
    assertThatThrownBy(() -> source(wrong).connect())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("Authentication failed");
  }

  @Test
  void aServerWithoutStartTlsGetsNoPassword() throws Exception {
    try (RecordingProxy proxy = new RecordingProxy(dovecot.port())) {
      SourceConfig.Imap strict =
          new SourceConfig.Imap(
              "127.0.0.1",
              proxy.port(),
              SourceConfig.Security.STARTTLS,
              "lena",
              new Secret(Dovecot.PASSWORD));
      assertThatThrownBy(() -> source(strict).connect())
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("does not offer STARTTLS");
      assertThat(proxy.commands()).noneMatch(command -> command.startsWith("AUTH"));
    }
  }
}
