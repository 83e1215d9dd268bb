package org.muniment.server.capture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.muniment.server.Loopback;
import org.muniment.server.config.SourceConfig;

/// An IMAP server on a loopback port that behaves, but where a test says otherwise.
final class ScriptedServer implements AutoCloseable {

  /// What a script answers to have the connection cut.
  static final String CUT = "cut";

  private final Loopback listener;
  private final SortedMap<Long, byte[]> messages =
      Collections.synchronizedSortedMap(new TreeMap<>());
  private final Function<String, Optional<String>> script;

  /// @param script for a command without its tag, what to answer: untagged lines and then, without
  ///   tag, the end of the command; empty where the server is to behave
  ScriptedServer(Function<String, Optional<String>> script) throws IOException {
    this.script = script;
    listener = new Loopback(this::serve);
  }

  ScriptedServer with(long uid, String octets) {
    messages.put(uid, octets.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  SourceConfig.Imap source() {
    return Dovecot.source("eve", listener.port());
  }

  private void serve(BufferedReader in, OutputStream out) throws IOException {
    out.write("* OK ready\r\n".getBytes(StandardCharsets.ISO_8859_1));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int space = line.indexOf(' ');
      String command = line.substring(space + 1);
      String answer = script.apply(command).orElseGet(() -> answer(command));
      if (answer.equals(CUT)) {
        return;
      }
      int last = answer.lastIndexOf("\r\n") < 0 ? 0 : answer.lastIndexOf("\r\n") + 2;
      String tagged =
          answer.substring(0, last) + line.substring(0, space + 1) + answer.substring(last);
      out.write((tagged + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private String answer(String command) {
    if (command.startsWith("CAPABILITY")) {
      return "* CAPABILITY IMAP4rev1\r\nOK";
    } else if (command.startsWith("LIST")) {
      return "* LIST () \"/\" INBOX\r\n* LIST (\\Noselect) \"/\" top\r\n* LIST () \"/\" Other\r\nOK";
    } else if (command.startsWith("EXAMINE")) {
      return "* " + messages.size() + " EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\nOK";
    } else if (command.equals("UID FETCH 1:* (UID)")) {
      StringBuilder lines = new StringBuilder();
      messages.keySet().forEach(uid -> lines.append("* 1 FETCH (UID ").append(uid).append(")\r\n"));
      return lines + "OK";
    } else if (command.startsWith("UID FETCH ")) {
      return fetch(command);
    }
    return "OK";
  }

  private String fetch(String command) {
    String[] words = command.split(" ", 4);
    int begin = command.indexOf('<');
    String[] piece = command.substring(begin + 1, command.indexOf('>')).split("\\.", 2);
    StringBuilder lines = new StringBuilder();
    for (String range : words[2].split(",", -1)) {
      String[] bounds = range.split(":", 2);
      messages
          .subMap(Long.parseLong(bounds[0]), Long.parseLong(bounds[bounds.length - 1]) + 1)
          .forEach(
              (uid, octets) ->
                  lines.append(
                      message(
                          uid, octets, Integer.parseInt(piece[0]), Integer.parseInt(piece[1]))));
    }
    return lines + "OK";
  }

  /// The FETCH response for a message whose size is not told truly.
  private static String message(long uid, byte[] octets, int offset, int length) {
    int from = Math.min(offset, octets.length);
    int count = Math.min(length, octets.length - from);
    return "* 1 FETCH (UID %d RFC822.SIZE 1 FLAGS () BODY[]<%d> {%d}\r\n%s)\r\n"
        .formatted(
            uid, offset, count, new String(octets, from, count, StandardCharsets.ISO_8859_1));
  }

  /// A script that knows one beginning of a command.
  static Function<String, Optional<String>> on(Map<String, String> answers) {
    return command ->
        answers.entrySet().stream()
            .filter(entry -> command.startsWith(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
  }

  /// One that has nothing to say.
  static Function<String, Optional<String>> behave() {
    return command -> Optional.empty();
  }

  /// UIDs of the messages.
  List<Long> uids() {
    return List.copyOf(messages.keySet());
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
