package org.muniment.server.view.imap;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.muniment.archive.event.MailboxId;

/// For each test a server over an archive with an empty INBOX, and a client of alice.
abstract class ServedArchive {

  final FakeArchive archive = new FakeArchive();
  final MailboxId inbox = archive.mailbox("INBOX");
  ImapListener server;
  TestClient client;

  @BeforeEach
  void serve() throws IOException {
    server = TestServer.of(archive);
    client = TestClient.signedIn(server.address());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }
}
