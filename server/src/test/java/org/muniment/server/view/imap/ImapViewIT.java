package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import jakarta.mail.search.SubjectTerm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.capture.fixture.Requires;

/// Programs that people read their mail with.
class ImapViewIT {

  private static final String PLAIN =
      String.join(
          "\r\n",
          "From: Bob <bob@example.org>",
          "To: alice@example.org",
          "Subject: Quarterly report",
          "Date: Thu, 20 Jul 2017 10:09:10 +0200",
          "Message-ID: <1@example.org>",
          "",
          "Numbers attached.",
          "");

  private static final String MULTIPART =
      String.join(
          "\r\n",
          "From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>",
          "To: alice@example.org",
          "Subject: =?utf-8?q?Z=C3=BCrich?=",
          "Date: Fri, 21 Jul 2017 10:09:10 +0200",
          "Message-ID: <2@example.org>",
          "MIME-Version: 1.0",
          "Content-Type: multipart/mixed; boundary=\"=_b\"",
          "",
          "--=_b",
          "Content-Type: text/plain; charset=utf-8",
          "Content-Transfer-Encoding: base64",
          "",
          "R3LDvMOfZQ==",
          "--=_b",
          "Content-Type: application/pdf; name=r.pdf",
          "Content-Disposition: attachment; filename=r.pdf",
          "Content-Transfer-Encoding: base64",
          "",
          "JVBERi0=",
          "--=_b--",
          "");

  private final FakeArchive archive = new FakeArchive();
  private ImapListener server;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    MailboxId inbox = archive.mailbox("INBOX");
    archive.append(inbox, PLAIN, "\\Seen");
    archive.append(inbox, MULTIPART);
    archive.mailbox("Entw\u00fcrfe");
    server = TestServer.of(archive);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private int port() {
    return server.address().getPort();
  }

  @Test
  void curlListsFetchesAndSearches() throws Exception {
    String url = "imap://127.0.0.1:" + port() + "/";
    assertThat(run("curl", "-sS", "-u", "alice:secret", url))
        .contains("* LIST (\\HasNoChildren) \"/\" \"INBOX\"")
        .contains("\"Entw&APw-rfe\"");
    assertThat(run("curl", "-sS", "-u", "alice:secret", url + "INBOX;UID=10")).isEqualTo(PLAIN);
    assertThat(run("curl", "-sS", "-u", "alice:secret", url + "INBOX;UID=12;SECTION=2"))
        .startsWith("JVBERi0=");
    assertThat(run("curl", "-sS", "-u", "alice:secret", url + "INBOX?SUBJECT%20report"))
        .isEqualTo("* SEARCH 1\r\n");
    assertThat(run("curl", "-sS", "-u", "alice:secret", url + "INBOX", "-X", "UID SEARCH ALL"))
        .isEqualTo("* SEARCH 10 12\r\n");
  }

  @Test
  void pythonReads() throws Exception {
    Path script = folder.resolve("read.py");
    Files.writeString(
        script,
        """
        import email, imaplib, sys
        box = imaplib.IMAP4('127.0.0.1', int(sys.argv[1]))
        box.login('alice', 'secret')
        print(sorted(name.decode().split()[-1] for name in box.list()[1]))
        print(box.select('INBOX', readonly=True)[1][0].decode(), box.is_readonly)
        for uid in box.uid('SEARCH', 'ALL')[1][0].split():
            data = box.uid('FETCH', uid, '(RFC822)')[1]
            print(uid.decode(), email.message_from_bytes(data[0][1])['Message-ID'])
        print(box.search(None, 'SUBJECT', 'report')[1][0].decode())
        print(box.status('INBOX', '(MESSAGES UNSEEN)')[1][0].decode())
        print(box.append('INBOX', None, None, b'Subject: x\\r\\n\\r\\n')[0])
        box.close()
        print(box.logout()[0])
        """);
    assertThat(run("python3", script.toString(), Integer.toString(port())).split("\n"))
        .containsExactly(
            "['\"Entw&APw-rfe\"', '\"INBOX\"']",
            "2 True",
            "10 <1@example.org>",
            "12 <2@example.org>",
            "1",
            "\"INBOX\" (MESSAGES 2 UNSEEN 1)",
            "NO",
            "BYE");
  }

  @Test
  void pythonSortsThreadsAndSpeaksUtf8() throws Exception {
    Path script = folder.resolve("sort.py");
    Files.writeString(
        script,
        """
        import imaplib, sys
        box = imaplib.IMAP4('127.0.0.1', int(sys.argv[1]))
        box.login('alice', 'secret')
        print(box.enable('UTF8=ACCEPT')[0], box.utf8_enabled)
        print(box.select('"Entw\u00fcrfe"')[1][0].decode())
        print(box.select('INBOX')[1][0].decode())
        print(box.sort('(REVERSE SIZE)', 'UTF-8', 'ALL')[1][0].decode())
        print(box.uid('THREAD', 'REFERENCES', 'UTF-8', 'ALL')[1][0].decode())
        print(box.fetch('2', '(BINARY.PEEK[1])')[1][0])
        box.close()
        print(box.logout()[0])
        """);
    assertThat(run("python3", script.toString(), Integer.toString(port())).split("\n"))
        .containsExactly(
            "OK True",
            "0",
            "2",
            "2 1",
            "(10)(12)",
            "(b'2 (BINARY[1] {7}', b'Gr\\xc3\\xbc\\xc3\\x9fe')",
            "BYE");
  }

  /// They read the mailbox, limit the list by a search on the server, and pipe each message that is
  /// left through a program.
  @ParameterizedTest
  @ValueSource(strings = {"mutt", "neomutt"})
  void muttsListAndOpenMessages(String mutt) throws Exception {
    Requires.program(mutt, mutt);
    Path read = folder.resolve("read");
    Path rc = folder.resolve("muttrc");
    Files.writeString(
        rc,
        String.join(
            "\n",
            "set imap_user=alice imap_pass=secret ssl_starttls=no ssl_force_tls=no",
            "set folder=imap://127.0.0.1:" + port() + "/ spoolfile=+INBOX",
            "set wait_key=no pipe_decode=no mark_old=no confirmappend=no quit=yes read_inc=0",
            "set sleep_time=0 pipe_split=yes tmpdir=" + folder,
            "unset header_cache record",
            "push '<limit>~A<enter><tag-pattern>~A<enter><tag-prefix><pipe-message>cat >> "
                + read
                + "<enter><exit>'",
            ""));
    run(
        "script",
        "-qec",
        mutt + " -n -F " + rc + " -f imap://127.0.0.1:" + port() + "/INBOX",
        "/dev/null");
    assertThat(Files.readString(read, StandardCharsets.UTF_8))
        .contains("Subject: Quarterly report")
        .contains("Numbers attached.")
        .contains("Message-ID: <2@example.org>")
        .contains("JVBERi0=");
  }

  @Test
  void angusMailReads() throws Exception {
    try (Store store = store()) {
      assertThat(Arrays.stream(store.getDefaultFolder().list("*")).map(Folder::getName))
          .containsExactlyInAnyOrder("INBOX", "Entw\u00fcrfe");
      try (Folder inbox = store.getFolder("INBOX")) {
        inbox.open(Folder.READ_ONLY);
        Message[] messages = inbox.getMessages();
        FetchProfile profile = new FetchProfile();
        profile.add(FetchProfile.Item.ENVELOPE);
        profile.add(FetchProfile.Item.CONTENT_INFO);
        profile.add(FetchProfile.Item.FLAGS);
        profile.add(UIDFolder.FetchProfileItem.UID);
        inbox.fetch(messages, profile);

        assertThat(messages).hasSize(2);
        assertThat(((UIDFolder) inbox).getUID(messages[1])).isEqualTo(12);
        assertThat(messages[0].isSet(Flags.Flag.SEEN)).isTrue();
        assertThat(messages[1].isSet(Flags.Flag.SEEN)).isFalse();
        assertThat(messages[1].getSubject()).isEqualTo("Z\u00fcrich");
        assertThat(messages[0].getReceivedDate()).isEqualTo(Instant.parse("2017-07-20T08:09:10Z"));
        Multipart parts = (Multipart) messages[1].getContent();
        assertThat(parts.getBodyPart(0).getContent()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(parts.getBodyPart(1).getFileName()).isEqualTo("r.pdf");
        assertThat(octets(messages[0])).isEqualTo(PLAIN);
        assertThat(octets(messages[1])).isEqualTo(MULTIPART);
        assertThat(inbox.search(new SubjectTerm("z\u00fcrich"))).containsExactly(messages[1]);
      }
    }
  }

  @Test
  void curlSpeaksTlsEitherWay() throws Exception {
    String pem = Files.writeString(folder.resolve("server.pem"), TestTls.pem()).toString();
    String url = "imap://127.0.0.1:" + port() + "/INBOX;UID=10";
    String encrypted = "imaps://127.0.0.1:" + server.encryptedAddress().getPort() + "/INBOX;UID=10";
    assertThat(run("curl", "-sS", "--ssl-reqd", "--cacert", pem, "-u", "alice:secret", url))
        .isEqualTo(PLAIN);
    assertThat(run("curl", "-sS", "--cacert", pem, "-u", "alice:secret", encrypted))
        .isEqualTo(PLAIN);
  }

  @Test
  void pythonMarksAsSeenOverTls() throws Exception {
    Path pem = Files.writeString(folder.resolve("server.pem"), TestTls.pem());
    Path script = folder.resolve("seen.py");
    Files.writeString(
        script,
        """
        import imaplib, ssl, sys
        trusted = ssl.create_default_context(cafile=sys.argv[2])
        box = imaplib.IMAP4('127.0.0.1', int(sys.argv[1]))
        box.starttls(trusted)
        box.login('alice', 'secret')
        print(box.select('INBOX')[1][0].decode(), box.is_readonly)
        print(box.uid('STORE', '10', '-FLAGS', '(\\Seen)')[1][0].decode())
        print(box.uid('FETCH', '12', '(RFC822)')[0])
        print(box.uid('SEARCH', 'UNSEEN')[1][0].decode())
        print(box.myrights('INBOX')[1][0].decode())
        print(box.unsubscribe('INBOX')[0], box.lsub()[1][0].decode())
        print(box.logout()[0])
        """);
    assertThat(
            run("python3", script.toString(), Integer.toString(port()), pem.toString()).split("\n"))
        .containsExactly(
            "2 False",
            "1 (UID 10 FLAGS ())",
            "OK",
            "10",
            "\"INBOX\" lrs",
            "OK (\\HasNoChildren) \"/\" \"Entw&APw-rfe\"",
            "BYE");
  }

  /// mbsync copies the mailbox, finds nothing new the second time, and brings back what was read.
  @Test
  void mbsyncKeepsACopyAndBringsBackWhatWasRead() throws Exception {
    Files.writeString(folder.resolve("server.pem"), TestTls.pem());
    Path near = Files.createDirectory(folder.resolve("near"));
    Path rc =
        Files.writeString(
            folder.resolve("mbsyncrc"),
            String.join(
                "\n",
                "IMAPStore far",
                "Host 127.0.0.1",
                "Port " + port(),
                "User alice",
                "Pass secret",
                "SSLType STARTTLS",
                "SystemCertificates no",
                "CertificateFile " + folder.resolve("server.pem"),
                "",
                "MaildirStore near",
                "Path " + near + "/",
                "Inbox " + near + "/INBOX",
                "SubFolders Verbatim",
                "",
                "Channel all",
                "Far :far:",
                "Near :near:",
                "Create Near",
                "Sync Pull PushFlags",
                "SyncState *",
                ""));
    run("mbsync", "-c", rc.toString(), "all");
    run("mbsync", "-c", rc.toString(), "all");
    List<Path> copies = messages(near.resolve("INBOX"));
    assertThat(copies).hasSize(2);
    for (Path copy : copies) {
      String name = copy.getFileName().toString();
      String[] halves = name.split(":2,", 2);
      if (halves.length == 1 || !halves[1].contains("S")) {
        Files.move(copy, near.resolve("INBOX/cur").resolve(halves[0] + ":2,S"));
      }
    }
    run("mbsync", "-c", rc.toString(), "all");
    try (TestClient client = TestClient.signedIn(server.address())) {
      client.command("SELECT INBOX");
      assertThat(client.command("SEARCH SEEN")).contains("* SEARCH 1 2");
    }
  }

  private static List<Path> messages(Path maildir) throws IOException {
    List<Path> messages = new ArrayList<>();
    for (String part : List.of("cur", "new")) {
      try (var files = Files.list(maildir.resolve(part))) {
        files.forEach(messages::add);
      }
    }
    return messages;
  }

  /// 300 MB go through the server without ever being in memory.
  @Test
  void aLargeMessageIsStreamed() throws Exception {
    byte[] head = "Subject: large\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    long length = 300L << 20;
    MailboxId large = archive.mailbox("Large");
    archive.append(
        large, offset -> new Counted(head, length, offset), Instant.EPOCH, Set.of("\\Seen"));
    Runtime runtime = Runtime.getRuntime();
    try (TestClient client = TestClient.signedIn(server.address())) {
      client.command("EXAMINE Large");
      client.send("a FETCH 1 BODY[TEXT]\r\n");
      long before = used(runtime);
      long most = 0;
      for (long left = length - head.length; left > 0; ) {
        left -= client.drain(Math.min(left, 30L << 20));
        most = Math.max(most, used(runtime) - before);
      }
      assertThat(most).isLessThan(30L << 20);
    }
  }

  private static long used(Runtime runtime) {
    System.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /// A header and lines of `x` behind it.
  private static final class Counted extends InputStream {
    private final byte[] head;
    private final long length;
    private long at;

    Counted(byte[] head, long length, long at) {
      this.head = head;
      this.length = length;
      this.at = at;
    }

    @Override
    public int read() {
      if (at >= length) {
        return -1;
      }
      long octet = at++;
      if (octet < head.length) {
        return head[(int) octet];
      }
      return octet % 80 == 0 ? '\n' : 'x';
    }

    @Override
    public int read(byte[] octets, int offset, int count) {
      int read = 0;
      for (int c = 0; read < count && (c = read()) >= 0; read++) {
        octets[offset + read] = (byte) c;
      }
      return read == 0 ? -1 : read;
    }
  }

  private static String octets(Message message) throws IOException, MessagingException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    message.writeTo(octets);
    return octets.toString(StandardCharsets.US_ASCII);
  }

  private Store store() throws MessagingException {
    Properties properties = new Properties();
    properties.put("mail.imap.connectiontimeout", "20000");
    properties.put("mail.imap.timeout", "20000");
    Store store = Session.getInstance(properties).getStore("imap");
    store.connect("127.0.0.1", port(), "alice", "secret");
    return store;
  }

  private String run(String... command) throws Exception {
    return ClientProgram.run(folder, command[0].equals("mbsync") ? "isync" : command[0], command);
  }
}
