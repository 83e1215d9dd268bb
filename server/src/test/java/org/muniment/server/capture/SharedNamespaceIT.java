package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.event.Event;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.RecordingProxy;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.ScriptedServer;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.SourceConfig;

/// Mailboxes in namespaces that are not the user's own (RFC 2342).
class SharedNamespaceIT {

  @TempDir Path served;
  @TempDir Path data;

  private String moreNamespaces() {
    return """
      namespace public {
        type = public
        prefix = "Public Mail."
        separator = .
        list = no
        subscriptions = no
        location = maildir:%1$s/mail/public
      }
      namespace others {
        type = shared
        prefix = Others.%%%%u.
        separator = .
        list = no
        subscriptions = no
        location = maildir:%1$s/mail/%%%%u
      }
      """
        .formatted(served);
  }

  private static AccountConfig account(SourceConfig source, boolean shared) {
    return TestArchive.account(
        "eve", source, new AccountConfig.Folders(List.of("*"), List.of(), List.of(), shared));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "imap_capability = IMAP4rev1 NAMESPACE"})
  void sharedMailboxesAreCapturedWhenTheAccountAsksForThem(String capabilities) throws Exception {
    Requires.dovecot();
    String settings = moreNamespaces() + "protocol imap {\n  " + capabilities + "\n}";
    try (Dovecot dovecot = Dovecot.startWith(served, settings);
        RecordingProxy proxy = new RecordingProxy(dovecot.port());
        TestArchive archive = new TestArchive(data)) {
      try (RawImap imap = new RawImap(dovecot.port(), "eve", Dovecot.PASSWORD)) {
        imap.append("INBOX", message(1));
        imap.command("CREATE \"Public Mail.Notices.2024\"");
        imap.append("Public Mail.Notices.2024", message(2));
        imap.command("CREATE \"Public Mail.Caf&AOk-\"");
      }
      SourceConfig.Imap source = Dovecot.source("eve", proxy.port());
      CaptureOutcome.Finished own = archive.capture(account(source, false));
      assertThat(own.complete()).isTrue();
      assertThat(proxy.commands()).isNotEmpty().noneMatch(c -> c.startsWith("NAMESPACE"));
      assertThat(archive.events(Event.MailboxCreated.class)).hasSize(1);

      CaptureOutcome.Finished all = archive.capture(account(source, true));
      assertThat(all.complete()).as("%s", all.receipt()).isTrue();
      Map<String, String> delimiters =
          archive.events(Event.MailboxCreated.class).stream()
              .collect(
                  Collectors.toMap(
                      mailbox -> mailbox.name().display(), Event.MailboxCreated::delimiter));
      assertThat(delimiters)
          .containsEntry("INBOX", "/")
          .containsEntry("Public Mail.Notices.2024", ".")
          .containsEntry("Public Mail.Caf\u00e9", ".");
      assertThat(archive.events(Event.Placement.class)).hasSize(2);

      CaptureOutcome.Finished ownAgain = archive.capture(account(source, false));
      assertThat(ownAgain.complete()).isTrue();
      assertThat(archive.events(Event.Placement.class)).hasSize(2);
    }
  }

  private static byte[] message(int number) {
    return ("Subject: " + number + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static Function<String, Optional<String>> namespaces(String answer) {
    return command ->
        ScriptedServer.on(
                Map.of(
                    "CAPABILITY",
                    "* CAPABILITY IMAP4rev1 NAMESPACE\r\nOK",
                    "NAMESPACE",
                    answer,
                    "LIST \"\" \"*\"",
                    "* LIST () \"/\" INBOX\r\nOK",
                    "LIST \"\" \"#shared/*\"",
                    "* LIST () \"/\" \"#shared/one\"\r\n* LIST () \"/\" INBOX\r\nOK",
                    "LIST \"\" \"~\\\"o.*\"",
                    "* LIST () NIL \"~\\\"o.two\"\r\nOK"))
            .apply(command);
  }

  @Test
  void namespacesOfAnyFormAreListedOnce() throws Exception {
    String answer =
        "* NAMESPACE ((\"\" \"/\")(\"x/\" \"/\" \"X-PARAM\" (\"a\" \"b)\"))) ((\"~\\\"o.\" NIL))"
            + " ((\"#shared/\" \"/\")(\"#shared/\" \"/\" \"X\" ((\"(\")))(\"\" \"/\"))\r\nOK";
    try (ScriptedServer server = new ScriptedServer(namespaces(answer));
        TestArchive archive = new TestArchive(data)) {
      archive.capture(account(server.source(), true));
      assertThat(archive.events(Event.MailboxCreated.class))
          .extracting(mailbox -> mailbox.name().display())
          .containsExactly("INBOX", "~\"o.two", "#shared/one");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "* NAMESPACE",
        "* NAMESPACE NIL",
        "* NAMESPACE NIL NIL",
        "* NAMESPACE NIL ((",
        "* NAMESPACE NIL (()) NIL",
        "* NAMESPACE NIL ((\"a",
        "* NAMESPACE ((((((((",
        "* NAMESPACE NIL (a b) NIL",
        "NO not today"
      })
  void anAnswerThatIsNoneFailsTheRunAndNothingIsGone(String answer) throws Exception {
    String whole = answer.startsWith("*") ? answer + "\r\nOK" : answer;
    try (ScriptedServer server = new ScriptedServer(namespaces(whole));
        TestArchive archive = new TestArchive(data)) {
      archive.capture(account(server.source(), false));
      CaptureOutcome.Finished run = archive.capture(account(server.source(), true));
      assertThat(run.receipt().failure().octets()).isNotEmpty();
      assertThat(archive.events(Event.MailboxObserved.class))
          .allMatch(Event.MailboxObserved::listed);
    }
  }
}
