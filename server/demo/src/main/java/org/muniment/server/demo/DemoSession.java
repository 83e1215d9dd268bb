package org.muniment.server.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One connection to the [DemoServer]. UIDs are sequence numbers, for nothing is ever removed.
final class DemoSession {

  private static final DateTimeFormatter INTERNAL_DATE =
      DateTimeFormatter.ofPattern("dd-MMM-uuuu HH:mm:ss Z", Locale.ENGLISH);
  private static final String PARTIAL = "BODY.PEEK[]<";

  private final Map<String, Map<String, List<SampleMail.Mail>>> accounts;
  private final BufferedReader in;
  private final OutputStream out;
  private Map<String, List<SampleMail.Mail>> mailboxes = Map.of();
  private List<SampleMail.Mail> selected = List.of();

  DemoSession(
      Map<String, Map<String, List<SampleMail.Mail>>> accounts,
      BufferedReader in,
      OutputStream out) {
    this.accounts = accounts;
    this.in = in;
    this.out = out;
  }

  void run() throws IOException {
    say("* OK [CAPABILITY IMAP4rev1 LITERAL+ AUTH=PLAIN] sample mail");
    out.flush();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 3);
      if (words.length < 2) {
        return;
      }
      command(words[0], words[1].toUpperCase(Locale.ROOT), words.length < 3 ? "" : words[2]);
      out.flush();
      if (words[1].equalsIgnoreCase("LOGOUT")) {
        return;
      }
    }
  }

  private void command(String tag, String command, String rest) throws IOException {
    String answer =
        switch (command) {
          case "CAPABILITY" -> {
            say("* CAPABILITY IMAP4rev1 LITERAL+ AUTH=PLAIN");
            yield "OK";
          }
          case "NOOP" -> "OK";
          case "LOGOUT" -> {
            say("* BYE");
            yield "OK";
          }
          case "AUTHENTICATE" -> authenticate();
          case "LIST", "LSUB" -> list(command);
          case "STATUS" -> status(rest);
          case "EXAMINE", "SELECT" -> examine(rest);
          case "UID" -> fetch(rest);
          default -> "BAD not a command of this server";
        };
    say(tag + " " + answer + (answer.equals("OK") ? " done" : ""));
  }

  /// SASL PLAIN (RFC 4616): authorization identity, name and password with NUL between.
  private String authenticate() throws IOException {
    say("+ ");
    out.flush();
    String[] parts =
        new String(Base64.getDecoder().decode(in.readLine()), StandardCharsets.UTF_8)
            .split("\0", -1);
    Map<String, List<SampleMail.Mail>> known = parts.length == 3 ? accounts.get(parts[1]) : null;
    if (known == null || !parts[2].equals(DemoServer.PASSWORD)) {
      return "NO [AUTHENTICATIONFAILED] wrong name or password";
    }
    mailboxes = known;
    return "OK";
  }

  private String list(String command) throws IOException {
    for (String name : mailboxes.keySet()) {
      String attributes = name.equals("Gesendet") ? "\\Sent" : "";
      say("* " + command + " (" + attributes + ") \"/\" \"" + name + "\"");
    }
    return "OK";
  }

  private String examine(String rest) throws IOException {
    List<SampleMail.Mail> mailbox = mailboxes.get(unquoted(rest));
    if (mailbox == null) {
      return "NO [NONEXISTENT] no such mailbox";
    }
    selected = mailbox;
    say("* FLAGS (\\Seen \\Flagged)");
    say("* " + mailbox.size() + " EXISTS");
    say("* OK [UIDVALIDITY " + DemoServer.UID_VALIDITY + "]");
    say("* OK [UIDNEXT " + (mailbox.size() + 1) + "]");
    return "OK";
  }

  /// `mailbox SP "(" items ")"`; always all that it knows.
  private String status(String rest) throws IOException {
    String name = rest.substring(0, Math.max(0, rest.indexOf(" ("))).strip();
    List<SampleMail.Mail> mailbox = mailboxes.get(unquoted(name));
    if (mailbox == null) {
      return "NO [NONEXISTENT] no such mailbox";
    }
    say(
        "* STATUS %s (MESSAGES %d UIDNEXT %d UIDVALIDITY %s)"
            .formatted(name, mailbox.size(), mailbox.size() + 1, DemoServer.UID_VALIDITY));
    return "OK";
  }

  private static String unquoted(String name) {
    return name.startsWith("\"") && name.endsWith("\"")
        ? name.substring(1, name.length() - 1)
        : name;
  }

  /// `"FETCH" SP sequence-set SP items`
  private String fetch(String rest) throws IOException {
    String[] words = rest.split(" ", 3);
    if (words.length < 3 || !words[0].equalsIgnoreCase("FETCH")) {
      return "BAD only UID FETCH is known";
    }
    for (String range : words[1].split(",", -1)) {
      int colon = range.indexOf(':');
      int first = number(colon < 0 ? range : range.substring(0, colon));
      int last = colon < 0 ? first : number(range.substring(colon + 1));
      for (int uid = Math.max(1, first); uid <= Math.min(last, selected.size()); uid++) {
        message(uid, words[2]);
      }
    }
    return "OK";
  }

  private int number(String text) {
    return text.equals("*") ? selected.size() : Integer.parseInt(text);
  }

  private void message(int uid, String items) throws IOException {
    SampleMail.Mail mail = selected.get(uid - 1);
    StringBuilder line = new StringBuilder("* " + uid + " FETCH (UID " + uid);
    if (items.contains("RFC822.SIZE")) {
      line.append(" RFC822.SIZE ").append(mail.octets().length);
    }
    if (items.contains("FLAGS")) {
      line.append(" FLAGS (").append(flags(mail)).append(')');
    }
    if (items.contains("INTERNALDATE")) {
      line.append(" INTERNALDATE \"")
          .append(INTERNAL_DATE.format(mail.internalDate().atOffset(ZoneOffset.UTC)))
          .append('"');
    }
    write(line.toString());
    if (items.contains(PARTIAL)) {
      body(mail.octets(), items);
    }
    say(")");
  }

  private void body(byte[] octets, String items) throws IOException {
    int begin = items.indexOf(PARTIAL) + PARTIAL.length();
    String[] piece = items.substring(begin, items.indexOf('>', begin)).split("\\.", 2);
    int offset = Math.min(octets.length, Integer.parseInt(piece[0]));
    int length = Math.min(octets.length - offset, Integer.parseInt(piece[1]));
    write(" BODY[]<" + piece[0] + "> {" + length + "}\r\n");
    out.write(octets, offset, length);
  }

  private static String flags(SampleMail.Mail mail) {
    String seen = mail.seen() ? "\\Seen" : "";
    return mail.flagged() ? (seen + " \\Flagged").strip() : seen;
  }

  private void say(String line) throws IOException {
    write(line + "\r\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
