package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.capture.fixture.RecordingProxy;

/// Programs that keep a copy of all there is, awkward mail too: it is what was archived, and the
/// second time there is nothing to fetch.
class MailCopiesIT {

  private final FakeArchive archive = new FakeArchive();

  /// OfflineIMAP takes a message without any octet for one that is not there.
  private final List<TortureMail> mails =
      TortureMail.all().stream().filter(mail -> !mail.text().isEmpty()).toList();

  private ImapListener server;
  private RecordingProxy proxy;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    MailboxId inbox = archive.mailbox("INBOX");
    for (TortureMail mail : mails) {
      archive.append(inbox, mail.octets(), "\\Seen");
    }
    archive.append(archive.mailbox("Entw\u00fcrfe", "R&D"), "Subject: draft\r\n\r\nx\r\n");
    archive.mailbox("empty");
    server = TestServer.of(archive);
    proxy = new RecordingProxy(server.address().getPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  @Test
  void mbsyncHasAllAndIsIdleTheSecondTime() throws Exception {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    Path rc =
        Files.writeString(
            folder.resolve("mbsyncrc"),
            """
            IMAPStore archive
            Host 127.0.0.1
            Port %d
            User alice
            Pass secret
            SSLType None
            DisableExtension COMPRESS=DEFLATE

            MaildirStore copy
            Path %2$s/
            Inbox %2$s/INBOX
            SubFolders Verbatim

            Channel archive
            Far :archive:
            Near :copy:
            Patterns *
            Create Near
            Sync Pull PushFlags
            SyncState *
            """
                .formatted(proxy.port(), copy));
    ClientProgram.run(folder, "isync", "mbsync", "-c", rc.toString(), "archive");
    assertThat(copies(copy.resolve("INBOX")))
        .containsExactlyInAnyOrderElementsOf(
            mails.stream().filter(MailCopiesIT::hasWholeHeader).map(MailCopiesIT::inCopy).toList());
    assertThat(copies(copy.resolve("Entw&APw-rfe/R&-D"))).hasSize(1);
    proxy.commands();
    ClientProgram.run(folder, "isync", "mbsync", "-c", rc.toString(), "archive");
    assertIdle();
  }

  @Test
  void offlineImapHasAllAndIsIdleTheSecondTime() throws Exception {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    Path rc =
        Files.writeString(
            folder.resolve("offlineimaprc"),
            """
            [general]
            accounts = archive
            metadata = %1$s/metadata
            ui = basic

            [Account archive]
            localrepository = copy
            remoterepository = archive

            [Repository copy]
            type = Maildir
            localfolders = %2$s

            [Repository archive]
            type = IMAP
            remotehost = 127.0.0.1
            remoteport = %3$d
            remoteuser = alice
            remotepass = secret
            ssl = no
            starttls = no
            readonly = True
            """
                .formatted(folder, copy, proxy.port()));
    String said =
        ClientProgram.run(folder, "offlineimap3", "offlineimap", "-o", "-c", rc.toString());
    assertThat(said).doesNotContainIgnoringCase("error");
    assertThat(copies(copy.resolve("INBOX"))).hasSize(mails.size());
    proxy.commands();
    said = ClientProgram.run(folder, "offlineimap3", "offlineimap", "-o", "-c", rc.toString());
    assertThat(said).doesNotContainIgnoringCase("error").doesNotContain("Copy message");
    assertIdle();
  }

  private void assertIdle() {
    assertThat(proxy.commands())
        .hasSizeLessThan(60)
        .anyMatch(command -> command.startsWith("SELECT") || command.startsWith("EXAMINE"))
        .noneMatch(command -> command.contains("FETCH") && command.contains("BODY"))
        .noneMatch(command -> command.contains("STORE ") || command.startsWith("APPEND"));
  }

  /// mbsync leaves out the others.
  private static boolean hasWholeHeader(TortureMail mail) {
    return mail.text().startsWith("\r\n") || mail.text().contains("\r\n\r\n");
  }

  /// As mbsync writes it: without CR. NUL comes as another octet.
  private static String inCopy(TortureMail mail) {
    return mail.text().replace("\r", "").replace('\0', '\u0080');
  }

  private static List<String> copies(Path maildir) throws IOException {
    List<String> copies = new ArrayList<>();
    for (String part : List.of("cur", "new")) {
      try (Stream<Path> files = Files.list(maildir.resolve(part))) {
        for (Path file : files.toList()) {
          String copy = Files.readString(file, StandardCharsets.ISO_8859_1);
          // mbsync's own field
          copies.add(copy.replaceFirst("X-TUID: .{12}\n", ""));
        }
      }
    }
    return copies;
  }
}
