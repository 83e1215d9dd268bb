package org.muniment.server.capture.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.muniment.server.capture.FolderFilter;
import org.muniment.server.capture.imap.ImapProbe;
import org.muniment.server.capture.pop3.Pop3Session;
import org.muniment.server.capture.pop3.Pop3Source;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.Credential;
import org.muniment.server.config.DeleteAtSource;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.config.SourceConfig.Security;
import org.muniment.server.credential.CredentialException;
import org.muniment.server.credential.Credentials;
import org.muniment.server.trust.CertificateNames;
import org.muniment.server.trust.Fingerprint;
import org.muniment.server.trust.TlsLayer;

/// Goes the way of a capture run up to the first message, and ends at the first step that fails:
/// name, connection, TLS, greeting, capabilities, sign-in, mailboxes, messages. Reads only.
public final class AccountCheck {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// A certificate that expires sooner is worth a word.
  private static final Duration SOON = Duration.ofDays(30);

  private static final int MOST_NAMED = 3;

  private static final String IMAP_PORTS = "993 with tls, 143 with starttls";
  private static final String POP3_PORTS = "995 with tls, 110 with starttls";

  /// Nothing is fetched, so nothing is written.
  private static final Path NO_FILES = Path.of("");

  private static final String OTHER_SECURITY =
      "see security: and port: (tls is for port 993, starttls for port 143; with POP3 995 and 110)";

  private final AccountConfig account;
  private final Credentials credentials;
  private final InstantSource clock;
  private final Consumer<Step> listener;
  private final List<Step> steps = new ArrayList<>();

  private AccountCheck(
      AccountConfig account,
      Credentials credentials,
      InstantSource clock,
      Consumer<Step> listener) {
    this.account = account;
    this.credentials = credentials;
    this.clock = clock;
    this.listener = listener;
  }

  /// Checks an account.
  ///
  /// @param listener hears of each step as soon as it is done
  /// @return all steps that were taken, in order; only the last one may have failed
  public static List<Step> run(
      AccountConfig account,
      Credentials credentials,
      InstantSource clock,
      Consumer<Step> listener) {
    AccountCheck check = new AccountCheck(account, credentials, clock, listener);
    switch (account.source()) {
      case SourceConfig.Imap imap -> check.imap(imap);
      case SourceConfig.Pop3 pop3 -> check.pop3(pop3);
      case SourceConfig.Unusable unusable ->
          check.take(
              Step.failed(
                  "configuration",
                  unusable.reason(),
                  "set it for the process that captures, and for this one"));
    }
    return List.copyOf(check.steps);
  }

  private boolean take(Step step) {
    steps.add(step);
    listener.accept(step);
    return step.ok();
  }

  private void imap(SourceConfig.Imap config) {
    if (take(name(config.host())) && take(connection(config.host(), config.port(), IMAP_PORTS))) {
      try {
        session(config, TlsLayer.trusting(config.trust()));
      } catch (IOException e) {
        take(Step.failed("TLS", words(e), "see ca: and pin:"));
      }
    }
  }

  /// A maildrop has one mailbox, and is signed in to in one step.
  private void pop3(SourceConfig.Pop3 config) {
    if (take(name(config.host())) && take(connection(config.host(), config.port(), POP3_PORTS))) {
      try {
        maildrop(config, TlsLayer.trusting(config.trust()));
      } catch (IOException e) {
        take(Step.failed("TLS", words(e), "see ca: and pin:"));
      }
    }
  }

  private void maildrop(SourceConfig.Pop3 config, TlsLayer tls) {
    try (Pop3Session session =
        new Pop3Source(config, NO_FILES, credentials, AccountConfig.MAX_MESSAGE_SIZE)
            .connect(tls)) {
      take(
          config.security() == Security.NONE
              ? Step.ok("TLS", "none: the server is on this machine")
              : protection(tls));
      take(Step.ok("sign-in", config.username()));
      if (account.deleteAtSource() != null) {
        take(deletion(account.deleteAtSource(), ""));
      }
      take(counted(session));
    } catch (SourceException e) {
      take(
          isTls(e)
              ? refused(e, tls)
              : Step.failed("sign-in", e.words().display(), advice(e, config.credential())));
    }
  }

  private static Step counted(Pop3Session session) {
    try {
      return Step.ok("messages", "%,d".formatted(session.messages()));
    } catch (SourceException e) {
      return Step.failed("messages", e.words().display(), "");
    }
  }

  private static Step name(String host) {
    try {
      return Step.ok(
          "name",
          host
              + " is "
              + Arrays.stream(InetAddress.getAllByName(host))
                  .map(InetAddress::getHostAddress)
                  .collect(Collectors.joining(", ")));
    } catch (UnknownHostException e) {
      return Step.failed(
          "name", "there is no host " + host, "see host:, and the name service of this machine");
    }
  }

  private static Step connection(String host, int port, String usual) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
      return Step.ok("connection", "port " + port + " is open");
    } catch (IOException e) {
      return Step.failed(
          "connection",
          "port " + port + ": " + words(e),
          "see port: (" + usual + "); is a firewall between?");
    }
  }

  private void session(SourceConfig.Imap config, TlsLayer tls) {
    try (ImapProbe probe = ImapProbe.open(config, credentials, tls)) {
      if (config.security() == Security.TLS) {
        take(protection(tls));
      }
      take(Step.ok("greeting", probe.greeting()));
      if (config.security() != Security.TLS && !secured(probe, config, tls)) {
        return;
      }
      take(Step.ok("capabilities", String.join(" ", probe.capabilities())));
      if (signedIn(probe, config)) {
        wishes(probe);
        mailboxes(probe);
      }
    } catch (SourceException e) {
      take(notOpened(e, tls));
    }
  }

  private boolean secured(ImapProbe probe, SourceConfig.Imap config, TlsLayer tls) {
    try {
      probe.secure();
      return take(
          config.security() == Security.NONE
              ? Step.ok("TLS", "none: the server is on this machine")
              : protection(tls));
    } catch (SourceException e) {
      return take(
          isTls(e) ? refused(e, tls) : Step.failed("TLS", e.words().display(), OTHER_SECURITY));
    }
  }

  private static Step notOpened(SourceException e, TlsLayer tls) {
    if (isTls(e)) {
      return refused(e, tls);
    }
    return Step.failed("greeting", e.words().display(), OTHER_SECURITY);
  }

  private static boolean isTls(SourceException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return true;
      }
    }
    return false;
  }

  private static Step refused(SourceException e, TlsLayer tls) {
    return Step.failed(
        "TLS",
        e.words().display() + (tls.shown().isEmpty() ? "" : "; " + certificate(tls)),
        tls.shown().isEmpty() ? OTHER_SECURITY : "see host:, ca: and pin:");
  }

  private Step protection(TlsLayer tls) {
    String protocol = tls.session().map(session -> session.getProtocol() + ", ").orElse("");
    Instant end = tls.shown().getFirst().getNotAfter().toInstant();
    return new Step(
        "TLS",
        true,
        protocol + certificate(tls),
        end.isBefore(clock.instant().plus(SOON))
            ? "the certificate expires at " + end + ": ask the server's operator for a new one"
            : "");
  }

  private static String certificate(TlsLayer tls) {
    X509Certificate own = tls.shown().getFirst();
    return "certificate for %s, valid until %s, chain of %d, pin: %s"
        .formatted(
            CertificateNames.of(own), own.getNotAfter().toInstant(), tls.shown().size(), pin(own));
  }

  private static String pin(X509Certificate certificate) {
    try {
      return Fingerprint.of(certificate);
    } catch (CertificateException e) {
      return "none: " + e.getMessage();
    }
  }

  private boolean signedIn(ImapProbe probe, SourceConfig.Imap config) {
    try {
      return take(Step.ok("sign-in", config.username() + " by " + probe.signIn()));
    } catch (SourceException e) {
      return take(Step.failed("sign-in", e.words().display(), advice(e, config.credential())));
    }
  }

  private static String advice(SourceException e, Credential credential) {
    if (e.getCause() instanceof CredentialException) {
      return "see source: of the account";
    }
    if (e.later()) {
      return "the server asks to come again later; nothing is wrong with the account";
    }
    if (e.lost()) {
      return "see auth: and security:";
    }
    return switch (credential) {
      case Credential.Password _ ->
          "see username: and the password. Some providers want a password made for this program, or"
              + " auth: xoauth2. If a mail client signs in with the same, try mechanism: PLAIN";
      case Credential.TokenCommand _ -> "see username:, and what tokenCommand: writes";
      case Credential.RefreshToken _ ->
          "see username: and scope:, and whether the user has allowed IMAP";
    };
  }

  /// What the account asks for beyond capture.
  private void wishes(ImapProbe probe) {
    if (account.deleteAtSource() != null) {
      take(
          deletion(
              account.deleteAtSource(),
              probe.deletesByUid()
                  ? ""
                  : "the server does not offer UIDPLUS, so nothing is deleted: leave out"
                      + " deleteAtSource:"));
    }
    if (!account.idle().isEmpty()) {
      take(
          new Step(
              "IDLE",
              true,
              String.join(", ", account.idle()),
              probe.offersIdle()
                  ? ""
                  : "the server does not offer IDLE: what changes is captured by schedule: only"));
    }
  }

  private static Step deletion(DeleteAtSource policy, String advice) {
    return new Step(
        "deletion",
        true,
        "ON: mail is deleted at the server %s after it was archived".formatted(policy.text()),
        advice);
  }

  private void mailboxes(ImapProbe probe) {
    try {
      List<Source.Mailbox> all = probe.mailboxes(account.folders().shared());
      FolderFilter filter = new FolderFilter(account.folders());
      List<Source.Mailbox> captured =
          all.stream().filter(mailbox -> filter.excludes(mailbox).isEmpty()).toList();
      if (take(listed(all.size(), captured.size()))) {
        take(counted(probe, captured));
      }
    } catch (SourceException e) {
      take(Step.failed("mailboxes", e.words().display(), ""));
    }
  }

  private static Step listed(int all, int captured) {
    String text = "%,d, of which %,d are captured".formatted(all, captured);
    return captured > 0
        ? Step.ok("mailboxes", text)
        : Step.failed("mailboxes", text, "see folders:: no mailbox matches");
  }

  private static Step counted(ImapProbe probe, List<Source.Mailbox> mailboxes)
      throws SourceException {
    long messages = 0;
    List<String> refused = new ArrayList<>();
    for (Source.Mailbox mailbox : mailboxes) {
      try {
        messages += probe.messages(mailbox);
      } catch (SourceException e) {
        if (e.lost()) {
          throw e;
        }
        refused.add(mailbox.name().display() + " (" + e.words().display() + ")");
      }
    }
    String text = "%,d in %,d mailboxes".formatted(messages, mailboxes.size() - refused.size());
    return refused.isEmpty()
        ? Step.ok("messages", text)
        : new Step(
            "messages",
            true,
            text
                + "; not counted: "
                + String.join(", ", refused.stream().limit(MOST_NAMED).toList()),
            "%,d mailboxes cannot be read: may the user read them?".formatted(refused.size()));
  }

  private static String words(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
