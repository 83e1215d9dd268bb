package org.muniment.server.demo;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A read-only IMAP4rev1 server (RFC 3501) for [SampleMail], on a free loopback port, that knows
/// the commands that capture uses and no others. It gives every message octet for octet, and the
/// same UIDs and UIDVALIDITY at every start, so that a second start of the demonstration finds
/// nothing new; a ready-made test server takes its UIDVALIDITY from the clock.
final class DemoServer implements Closeable {

  static final String PASSWORD = "demo";

  /// Any fixed number will do.
  static final long UID_VALIDITY = 1_554_105_600;

  private final Map<String, Map<String, List<SampleMail.Mail>>> accounts = new LinkedHashMap<>();
  private final ServerSocket listener;

  private DemoServer(ServerSocket listener) {
    this.listener = listener;
    SampleMail.accounts().forEach((name, mailboxes) -> accounts.put(name, encoded(mailboxes)));
  }

  /// Starts to listen.
  static DemoServer start() throws IOException {
    DemoServer server = new DemoServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().start(server::accept);
    return server;
  }

  private static Map<String, List<SampleMail.Mail>> encoded(
      Map<String, List<SampleMail.Mail>> mailboxes) {
    Map<String, List<SampleMail.Mail>> encoded = new LinkedHashMap<>();
    mailboxes.forEach((name, mails) -> encoded.put(modifiedUtf7(name), mails));
    return encoded;
  }

  /// RFC 3501 section 5.1.3.
  static String modifiedUtf7(String name) {
    StringBuilder text = new StringBuilder();
    StringBuilder run = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 0x20 && c <= 0x7E) {
        shift(run, text);
        text.append(c == '&' ? "&-" : String.valueOf(c));
      } else {
        run.append(c);
      }
    }
    shift(run, text);
    return text.toString();
  }

  private static void shift(StringBuilder run, StringBuilder text) {
    if (!run.isEmpty()) {
      byte[] utf16 = run.toString().getBytes(StandardCharsets.UTF_16BE);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(utf16);
      text.append('&').append(base64.replace('/', ',')).append('-');
      run.setLength(0);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /// Names of the accounts; all have [#PASSWORD].
  List<String> accounts() {
    return List.copyOf(accounts.keySet());
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        OutputStream out = new BufferedOutputStream(client.getOutputStream(), 1 << 16)) {
      new DemoSession(accounts, in, out).run();
    } catch (IOException gone) {
      // the client left
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
