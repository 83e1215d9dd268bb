package org.muniment.server.capture.pop3;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.SourceConfig;

/// A maildrop on a POP3 server. Is only ever read: nothing is deleted.
///
/// Signs in with AUTH PLAIN (RFC 5034) where that is offered, else with USER and PASS, in both
/// cases over TLS or to this very machine. APOP (RFC 1939 section 7) is not used: it is MD5 over a
/// password that the server must keep as it is, it proves nothing about the server, and whoever is
/// on the way can choose the challenge so as to learn the password bit by bit; under TLS it has no
/// use.
///
/// @param temporary folder for what is too large for memory
public record Pop3Source(SourceConfig.Pop3 config, Path temporary, Pop3Limits limits) {

  private static final int MAX_CAPABILITIES = 100;

  public Pop3Source(SourceConfig.Pop3 config, Path temporary) {
    this(config, temporary, Pop3Limits.USUAL);
  }

  /// How a message that comes from here is said to have come.
  public Event.Provenance provenance() {
    return new Event.Provenance("pop3", config.host(), config.username());
  }

  /// Connects and signs in.
  public Pop3Session connect() throws SourceException {
    Pop3Connection connection =
        Pop3Connection.open(
            config.host(), config.port(), config.security() == SourceConfig.Security.TLS, limits);
    try {
      Set<String> capabilities = secure(connection);
      signIn(connection, capabilities);
      return new Pop3Session(connection, capabilities.contains("UIDL"), temporary);
    } catch (SourceException e) {
      connection.abandon();
      throw e;
    }
  }

  /// Leaves the connection fit for a password: encrypted, or to this very machine.
  ///
  /// @return the capabilities, in upper case
  private Set<String> secure(Pop3Connection connection) throws SourceException {
    if (config.security() == SourceConfig.Security.NONE && !connection.isLoopback()) {
      throw refused("not signed in: security is none and the server is not on this machine");
    }
    Set<String> capabilities = capabilities(connection);
    if (config.security() != SourceConfig.Security.STARTTLS) {
      return capabilities;
    }
    if (!capabilities.contains("STLS")) {
      throw refused("not signed in: the server does not offer STLS");
    }
    connection.command("STLS");
    connection.startTls();
    // What was said before TLS may be another's words (RFC 2595 section 4).
    return capabilities(connection);
  }

  /// The words of each line of CAPA (RFC 2449): its name, and for SASL the mechanisms. Empty for a
  /// server that does not know the command.
  private static Set<String> capabilities(Pop3Connection connection) throws SourceException {
    Set<String> capabilities = new HashSet<>();
    try {
      connection.lines("CAPA", line -> addCapability(line, capabilities));
    } catch (SourceException e) {
      if (e.lost()) {
        throw e;
      }
    }
    return capabilities;
  }

  private static void addCapability(String line, Set<String> capabilities) throws SourceException {
    String[] words = line.strip().toUpperCase(Locale.ROOT).split(" ", MAX_CAPABILITIES);
    capabilities.add(words[0]);
    if (words[0].equals("SASL")) {
      for (int i = 1; i < words.length; i++) {
        capabilities.add("SASL " + words[i]);
      }
    }
    if (capabilities.size() > MAX_CAPABILITIES) {
      throw refused("the server lists more than " + MAX_CAPABILITIES + " capabilities");
    }
  }

  private void signIn(Pop3Connection connection, Set<String> capabilities) throws SourceException {
    String password = config.password().value();
    if (!isLine(config.username()) || !isLine(password)) {
      throw refused("not signed in: username or password has a control character");
    }
    String plain =
        Base64.getEncoder()
            .encodeToString(
                ("\0" + config.username() + "\0" + password).getBytes(StandardCharsets.UTF_8));
    try {
      if (capabilities.contains("SASL PLAIN")) {
        connection.answer("AUTH PLAIN", plain);
      } else {
        connection.command("USER " + config.username());
        connection.command("PASS " + password);
      }
    } catch (SourceException e) {
      throw withoutSecret(e, plain);
    }
  }

  /// RFC 1939 has no quoting: an end of line in a password would be a command.
  private static boolean isLine(String text) {
    return text.chars().noneMatch(c -> c < ' ' || c == 0x7F);
  }

  /// There are servers that repeat what they refuse.
  private SourceException withoutSecret(SourceException e, String plain) {
    String words = e.words().display();
    String password = config.password().value();
    boolean tells = words.contains(plain) || (!password.isEmpty() && words.contains(password));
    return tells ? refused("the server refuses, and repeats the password in its words") : e;
  }

  private static SourceException refused(String reason) {
    return SourceException.lost(SourceText.of(reason), null);
  }
}
