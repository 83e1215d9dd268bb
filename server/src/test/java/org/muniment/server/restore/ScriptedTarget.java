package org.muniment.server.restore;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.muniment.server.Loopback;

/// An IMAP server on a loopback port that takes mail, and has the faults that a test gives it.
/// Keeps everything in memory.
final class ScriptedTarget implements AutoCloseable {

  String capabilities =
      "IMAP4rev1 LITERAL+ UIDPLUS UNSELECT NAMESPACE SPECIAL-USE CREATE-SPECIAL-USE";
  String delimiter = "/";
  String prefix = "";
  boolean ignoresCase;
  boolean readOnly;
  int longestName = 1_000;
  String permanentFlags = "\\Seen \\Answered \\Flagged \\Draft \\Deleted \\*";

  /// What the server says to an APPEND in place of taking it; `""` to take it.
  Function<Appended, String> refusal = message -> "";

  /// How it changes what it takes.
  UnaryOperator<String> storing = octets -> octets;

  /// A message that is appended.
  ///
  /// @param octets one character each
  record Appended(String mailbox, List<String> flags, String date, String octets) {}

  /// What the target was told, without literals.
  final List<String> commands = Collections.synchronizedList(new ArrayList<>());

  private final SortedMap<String, SortedMap<Long, Appended>> mailboxes = new TreeMap<>();
  private final TreeSet<String> subscribed = new TreeSet<>();
  private final SortedMap<String, String> uses = new TreeMap<>();
  private final Loopback listener;
  private long uidValidity = 7;
  private long lastUid = 100;

  ScriptedTarget() throws IOException {
    mailboxes.put("INBOX", new TreeMap<>());
    listener = new Loopback(this::serve);
  }

  int port() {
    return listener.port();
  }

  synchronized void make(String mailbox) {
    mailboxes.put(mailbox, new TreeMap<>());
  }

  /// Puts a message there as somebody else.
  synchronized void put(String mailbox, String octets) {
    box(mailbox)
        .put(++lastUid, new Appended(mailbox, List.of(), "01-Jan-2020 00:00:00 +0000", octets));
  }

  /// Everything is gone, and UIDs begin anew.
  synchronized void wipe() {
    mailboxes.clear();
    mailboxes.put("INBOX", new TreeMap<>());
    uidValidity++;
  }

  /// Removes one message of a mailbox.
  synchronized void removeFirst(String mailbox) {
    box(mailbox).remove(box(mailbox).firstKey());
  }

  synchronized List<String> names() {
    return List.copyOf(mailboxes.keySet());
  }

  synchronized List<String> subscriptions() {
    return List.copyOf(subscribed);
  }

  synchronized String use(String mailbox) {
    return uses.getOrDefault(mailbox, "");
  }

  synchronized List<Appended> in(String mailbox) {
    return List.copyOf(mailboxes.getOrDefault(mailbox, new TreeMap<>()).values());
  }

  private void serve(BufferedReader in, OutputStream out) throws IOException {
    say(out, "* OK ready");
    String[] open = {""};
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int space = line.indexOf(' ');
      String tag = line.substring(0, space);
      String command = line.substring(space + 1);
      commands.add(command);
      if (command.startsWith("APPEND ")) {
        append(tag, command, in, out);
      } else {
        StringBuilder untagged = new StringBuilder();
        String end = answer(command, open, untagged);
        out.write(untagged.toString().getBytes(StandardCharsets.ISO_8859_1));
        say(out, tag + " " + end);
      }
      if (command.equals("LOGOUT")) {
        return;
      }
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /// APPEND of one message, or of several (RFC 3502).
  private void append(String tag, String command, BufferedReader in, OutputStream out)
      throws IOException {
    String[] name = {""};
    String rest = astring(command.substring("APPEND ".length()), name);
    List<Appended> messages = new ArrayList<>();
    while (rest.endsWith("}")) {
      int brace = rest.lastIndexOf('{');
      boolean unasked = rest.endsWith("+}");
      int length = Integer.parseInt(rest.substring(brace + 1, rest.length() - (unasked ? 2 : 1)));
      if (!unasked) {
        say(out, "+ go on");
      }
      int end = rest.indexOf(')');
      String flags = rest.substring(rest.indexOf('(') + 1, end);
      int quote = rest.indexOf('"', end);
      messages.add(
          new Appended(
              name[0],
              flags.isEmpty() ? List.of() : List.of(flags.split(" ", -1)),
              rest.substring(quote + 1, rest.indexOf('"', quote + 1)),
              octets(length, in)));
      rest = in.readLine();
      if (rest == null) {
        throw new EOFException();
      }
    }
    say(out, tag + " " + store(messages));
  }

  private static String octets(int length, BufferedReader in) throws IOException {
    char[] octets = new char[length];
    for (int at = 0; at < length; ) {
      int read = in.read(octets, at, length - at);
      if (read < 0) {
        throw new EOFException();
      }
      at += read;
    }
    return new String(octets);
  }

  private synchronized String store(List<Appended> messages) {
    for (Appended message : messages) {
      String refused = refusal.apply(message);
      if (!refused.isEmpty()) {
        return refused;
      }
    }
    SortedMap<Long, Appended> mailbox = mailboxes.get(known(messages.getFirst().mailbox));
    if (mailbox == null) {
      return "NO [TRYCREATE] no such mailbox";
    }
    long first = lastUid + 1;
    for (Appended message : messages) {
      String stored = storing.apply(message.octets);
      mailbox.put(++lastUid, new Appended(message.mailbox, message.flags, message.date, stored));
    }
    String uids = first == lastUid ? "" + first : first + ":" + lastUid;
    return capabilities.contains("UIDPLUS")
        ? "OK [APPENDUID " + uidValidity + " " + uids + "] done"
        : "OK done";
  }

  private SortedMap<Long, Appended> box(String name) {
    return Objects.requireNonNull(mailboxes.get(known(name)), name);
  }

  private String known(String name) {
    return ignoresCase
        ? mailboxes.keySet().stream()
            .filter(other -> other.equalsIgnoreCase(name))
            .findFirst()
            .orElse(name)
        : name;
  }

  /// Reads an astring.
  ///
  /// @return what stands behind it
  private static String astring(String text, String[] value) {
    if (!text.startsWith("\"")) {
      int end = text.indexOf(' ');
      value[0] = end < 0 ? text : text.substring(0, end);
      return end < 0 ? "" : text.substring(end + 1);
    }
    StringBuilder read = new StringBuilder();
    int at = 1;
    while (text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 1 : 0;
      read.append(text.charAt(at++));
    }
    value[0] = read.toString();
    return text.substring(Math.min(text.length(), at + 1)).strip();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private synchronized String answer(String command, String[] open, StringBuilder out) {
    String[] words = command.split(" ", 2);
    String[] name = {""};
    switch (words[0]) {
      case "CAPABILITY" -> out.append("* CAPABILITY ").append(capabilities).append("\r\n");
      case "NAMESPACE" ->
          out.append("* NAMESPACE ((%s %s)) NIL NIL\r%n".formatted(quoted(prefix), delimiter()));
      case "LIST", "LSUB" -> list(words[0], words[1], out);
      case "STATUS" -> {
        astring(words[1], name);
        out.append(
            "* STATUS %s (MESSAGES %d UIDNEXT %d UIDVALIDITY %d)\r%n"
                .formatted(quoted(name[0]), box(name[0]).size(), lastUid + 1, uidValidity));
      }
      case "CREATE" -> {
        return create(astring(words[1], name), name[0]);
      }
      case "SUBSCRIBE" -> {
        astring(words[1], name);
        subscribed.add(name[0]);
      }
      case "SELECT", "EXAMINE" -> {
        astring(words[1], name);
        return open(words[0], known(name[0]), open, out);
      }
      case "UID" -> {
        return fetch(words[1].substring("FETCH ".length()), box(open[0]), out);
      }
      default -> {}
    }
    return "OK done";
  }

  private String delimiter() {
    return delimiter.isEmpty() ? "NIL" : quoted(delimiter);
  }

  private void list(String command, String arguments, StringBuilder out) {
    if (arguments.endsWith("\"\"")) {
      out.append("* LIST (\\Noselect) ").append(delimiter()).append(" \"\"\r\n");
      return;
    }
    for (String mailbox : command.equals("LIST") ? mailboxes.keySet() : subscribed) {
      out.append(
          "* %s (%s) %s %s\r%n".formatted(command, use(mailbox), delimiter(), quoted(mailbox)));
    }
  }

  private String create(String rest, String name) {
    if (mailboxes.containsKey(known(name))) {
      return "NO [ALREADYEXISTS] it is there";
    }
    if (name.length() > longestName) {
      return "NO [CANNOT] the name is too long";
    }
    if (rest.startsWith("(USE (")) {
      uses.put(name, rest.substring("(USE (".length(), rest.length() - 2));
    }
    make(name);
    return "OK done";
  }

  private String open(String command, String name, String[] open, StringBuilder out) {
    SortedMap<Long, Appended> mailbox = mailboxes.get(name);
    if (mailbox == null) {
      return "NO [NONEXISTENT] no such mailbox";
    }
    open[0] = name;
    out.append("* " + mailbox.size() + " EXISTS\r\n");
    out.append("* OK [UIDVALIDITY " + uidValidity + "] ok\r\n");
    out.append("* OK [UIDNEXT " + (lastUid + 1) + "] ok\r\n");
    out.append("* OK [PERMANENTFLAGS (" + permanentFlags + ")] ok\r\n");
    return command.equals("EXAMINE") || readOnly ? "OK [READ-ONLY] done" : "OK [READ-WRITE] done";
  }

  private static String fetch(
      String arguments, SortedMap<Long, Appended> mailbox, StringBuilder out) {
    String[] words = arguments.split(" ", 2);
    for (String range : words[0].split(",", -1)) {
      String[] bounds = range.split(":", 2);
      String last = bounds[bounds.length - 1];
      mailbox
          .subMap(
              Long.parseLong(bounds[0]),
              last.equals("*") ? Long.MAX_VALUE : Long.parseLong(last) + 1)
          .forEach((uid, message) -> fetched(uid, message, words[1], out));
    }
    return "OK done";
  }

  private static void fetched(long uid, Appended message, String items, StringBuilder out) {
    out.append("* 1 FETCH (UID ").append(uid);
    if (items.contains("RFC822.SIZE")) {
      out.append(" RFC822.SIZE ").append(message.octets.length());
    }
    if (items.contains("FLAGS")) {
      out.append(" FLAGS (").append(String.join(" ", message.flags)).append(')');
    }
    if (items.contains("INTERNALDATE")) {
      out.append(" INTERNALDATE ").append(quoted(message.date));
    }
    int peek = items.indexOf("BODY.PEEK[");
    if (peek >= 0) {
      String section = items.substring(peek + "BODY.PEEK[".length(), items.indexOf(']'));
      String[] piece = items.substring(items.indexOf('<') + 1, items.indexOf('>')).split("\\.", 2);
      int blank = message.octets.indexOf("\r\n\r\n");
      String whole =
          section.equals("HEADER") && blank >= 0
              ? message.octets.substring(0, blank + 4)
              : message.octets;
      int from = Math.min(Integer.parseInt(piece[0]), whole.length());
      int to = Math.min(from + Integer.parseInt(piece[1]), whole.length());
      out.append(" BODY[%s]<%s> {%d}\r%n".formatted(section, piece[0], to - from));
      out.append(whole, from, to);
    }
    out.append(")\r\n");
  }

  /// The flags of a message in lower case, sorted.
  static List<String> flags(Appended message) {
    return message.flags.stream().map(flag -> flag.toLowerCase(Locale.ROOT)).sorted().toList();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
