package org.muniment.server.restore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.lucene.util.IOUtils;
import org.muniment.archive.event.ContentId;
import org.muniment.server.Shell;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.SampleMaildir;

/// The day after the crash, rehearsed: a real server with generated mail is captured and destroyed,
/// an empty one gets everything back, and an independent client compares what the two gave: every
/// folder, and of every message octets, flags, date and place. What `scripts/drill` runs.
final class Drill {

  private static final String USER = "lena";
  private static final int LARGE = 30_000_000;
  private static final int MOST_TOLD = 20;

  private final Path folder;
  private final Shell shell;
  private final PrintStream out;

  private Drill(Path folder, PrintStream out) {
    this.folder = folder;
    this.shell = new Shell(folder.resolve("config.yml"));
    this.out = out;
  }

  /// Ends with 0 when all is the same, else with 1.
  ///
  /// @param arguments messages
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("muniment-drill");
    boolean same;
    try {
      same = run(folder, Integer.parseInt(arguments[0]), System.nanoTime(), System.out);
    } finally {
      IOUtils.rm(folder);
    }
    System.exit(same ? 0 : 1);
  }

  /// Rehearses.
  ///
  /// @param folder an empty one
  /// @param messages about as many as there are to be
  /// @param out is told what happens
  /// @return whether everything came back
  static boolean run(Path folder, int messages, long seed, PrintStream out) throws Exception {
    return new Drill(folder, out).run(messages, seed);
  }

  private boolean run(int messages, long seed) throws Exception {
    // The user that Dovecot keeps mail as has to come through.
    folder.toFile().setExecutable(true, false);
    Path before = Files.createDirectory(folder.resolve("before"));
    Map<String, List<String>> expected;
    try (Dovecot old = Dovecot.start(before)) {
      fill(old, messages, seed);
      expected = content(old.port());
      out.printf("a server with %s (seed %d)%n", size(expected), seed);
      configure(old.port());
      require(shell.run("capture", USER), "capture");
      out.println("captured");
    }
    IOUtils.rm(before);
    out.println("the server is destroyed, an empty one started");
    try (Dovecot fresh = Dovecot.start(Files.createDirectory(folder.resolve("after")))) {
      String to = "imap://" + USER + "@127.0.0.1:" + fresh.port();
      int exit =
          shell.runWith(
              Dovecot.PASSWORD + "\n",
              "restore",
              "--account",
              USER,
              "--to",
              to,
              "--password-stdin");
      out.print(shell.out());
      require(exit, "restore");
      return compare(expected, content(fresh.port()));
    }
  }

  private static void fill(Dovecot server, int messages, long seed) throws Exception {
    SampleMaildir mail = new SampleMaildir(server.maildir(USER), seed);
    mail.fill("", messages * 7 / 10, 2_000);
    mail.add("", "FS", mail.ofLength(LARGE));
    mail.fill(".Projekte.&ANw-bersicht", messages / 10, 20_000);
    mail.fill(".Sent", messages / 10, 500);
    mail.fill(".A &- B", messages / 10, 500);
    Files.createDirectories(server.maildir(USER).resolve(".Empty").resolve("cur"));
    Dovecot.own(server.maildir(USER));
  }

  private void configure(int port) throws IOException {
    Files.writeString(
        folder.resolve("config.yml"),
        Shell.FREE_PORTS
            + """
            accounts:
              - name: %1$s
                source: { type: imap, host: 127.0.0.1, port: %2$d, security: none, username: %1$s, password: %3$s }
            """
                .formatted(USER, port, Dovecot.PASSWORD));
  }

  private void require(int exit, String command) throws IOException {
    if (exit != 0) {
      throw new IOException(command + " ended with " + exit + ": " + shell.out() + shell.err());
    }
  }

  private boolean compare(Map<String, List<String>> expected, Map<String, List<String>> found) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> mailboxes = new TreeSet<>(expected.keySet());
    mailboxes.addAll(found.keySet());
    for (String mailbox : mailboxes) {
      List<String> was = expected.get(mailbox);
      List<String> is = found.get(mailbox);
      if (was == null || is == null) {
        differences.add(mailbox + (was == null ? " was not there before" : " is not there"));
        continue;
      }
      for (int i = 0; i < Math.max(was.size(), is.size()); i++) {
        String one = i < was.size() ? was.get(i) : "nothing";
        String other = i < is.size() ? is.get(i) : "nothing";
        if (!one.equals(other)) {
          differences.add("%s, message %d: was %s, is %s".formatted(mailbox, i + 1, one, other));
        }
      }
    }
    differences.stream().limit(MOST_TOLD).forEach(out::println);
    out.printf(
        "%s: %s before, %s after, %d differences in octets, flags, dates, order and folders%n",
        differences.isEmpty() ? "PASSED" : "FAILED",
        size(expected),
        size(found),
        differences.size());
    return differences.isEmpty();
  }

  private static String size(Map<String, List<String>> content) {
    return "%d messages in %d folders"
        .formatted(content.values().stream().mapToInt(List::size).sum(), content.size());
  }

  /// By mailbox, in order: flags, date and SHA-256 of each message.
  static Map<String, List<String>> content(int port) throws IOException {
    Map<String, List<String>> content = new TreeMap<>();
    try (RawImap judge = new RawImap(port, USER, Dovecot.PASSWORD)) {
      for (RawImap.Line listed : judge.command("LIST \"\" \"*\"")) {
        if (listed.text().contains("\\Noselect")) {
          continue;
        }
        String name = listed.text().substring(listed.text().indexOf("\"/\" ") + 4);
        List<String> messages = new ArrayList<>();
        judge.command("EXAMINE " + name);
        for (RawImap.Line line : judge.command("UID FETCH 1:* (FLAGS INTERNALDATE BODY.PEEK[])")) {
          if (line.text().contains("FETCH (")) {
            messages.add(message(line));
          }
        }
        content.put(name, messages);
      }
    }
    return content;
  }

  private static String message(RawImap.Line line) throws IOException {
    byte[] octets =
        line.literals().isEmpty()
            ? "".getBytes(StandardCharsets.US_ASCII)
            : line.literals().getFirst();
    String text = line.text();
    return text.substring(text.indexOf("FLAGS"), text.indexOf(" BODY[]"))
            .replace(" \\Recent", "")
            .replace("\\Recent", "")
        + " "
        + ContentId.sha256(new ByteArrayInputStream(octets));
  }
}
