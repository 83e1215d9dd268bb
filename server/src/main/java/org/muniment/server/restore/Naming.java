package org.muniment.server.restore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.muniment.archive.event.MailboxId;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.server.capture.imap.ImapTargetSession;

/// Which names the mailboxes of an account get at a target. Those that have the same name at the
/// source, and those that are mapped to one name, come together; any others that would are kept
/// apart by a number.
final class Naming {

  /// Where everything goes that the target has no mailbox for.
  static final TargetName FALLBACK = new TargetName(List.of("Restored"));

  /// Characters of a level that every server takes.
  private static final int SHORT = 40;

  private static final String INBOX = "INBOX";

  private final ImapTargetSession.Style style;
  private final Map<String, String> map;

  /// @param map names for names, levels separated by `/`
  Naming(ImapTargetSession.Style style, Map<String, String> map) {
    this.style = style;
    this.map = Map.copyOf(map);
  }

  Map<MailboxId, TargetName> names(List<Mailbox> mailboxes) {
    boolean below = allBelowInbox(mailboxes);
    Map<String, String> takenBy = new HashMap<>();
    Map<MailboxId, TargetName> names = new LinkedHashMap<>();
    for (Mailbox mailbox : mailboxes) {
      List<String> source = source(mailbox, below);
      List<String> mapped = mapped(source);
      TargetName name = allowed(mapped);
      if (mapped.equals(source)) {
        name = apart(name, mailbox.name().octets(), takenBy);
      }
      names.put(mailbox.id(), name);
    }
    return names;
  }

  /// Servers with the personal namespace `INBOX.` have every mailbox below INBOX, which says
  /// nothing of the mail.
  private static boolean allBelowInbox(List<Mailbox> mailboxes) {
    List<Mailbox> others =
        mailboxes.stream()
            .filter(mailbox -> !mailbox.name().octets().equalsIgnoreCase(INBOX))
            .toList();
    return !others.isEmpty()
        && others.stream()
            .map(Mailbox::path)
            .allMatch(path -> path.size() > 1 && path.getFirst().equalsIgnoreCase(INBOX));
  }

  private static List<String> source(Mailbox mailbox, boolean below) {
    List<String> path = mailbox.path();
    return below && path.size() > 1 ? path.subList(1, path.size()) : path;
  }

  /// By the longest name of the map that it is, or is below of.
  private List<String> mapped(List<String> path) {
    for (int levels = path.size(); levels > 0; levels--) {
      String other = map.get(String.join("/", path.subList(0, levels)));
      if (other != null) {
        List<String> renamed = new ArrayList<>(List.of(other.split("/")));
        renamed.removeIf(String::isEmpty);
        renamed.addAll(path.subList(levels, path.size()));
        return renamed.isEmpty() ? path : renamed;
      }
    }
    return path;
  }

  /// No level holds the delimiter, or what a LIST pattern is made of.
  private TargetName allowed(List<String> path) {
    List<String> levels = new ArrayList<>();
    char instead = style.delimiter().equals("_") ? '-' : '_';
    for (String level : path) {
      String clean =
          style.delimiter().isEmpty()
              ? level
              : level.replace(style.delimiter(), String.valueOf(instead));
      StringBuilder text = new StringBuilder();
      clean.codePoints().map(c -> isRefused(c) ? instead : c).forEach(text::appendCodePoint);
      levels.add(text.toString());
    }
    return style.delimiter().isEmpty()
        ? new TargetName(List.of(String.join("_", levels)))
        : new TargetName(levels);
  }

  private static boolean isRefused(int c) {
    return c == '*' || c == '%' || Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF);
  }

  private static TargetName apart(TargetName name, String source, Map<String, String> takenBy) {
    TargetName free = name;
    String owner = source.equalsIgnoreCase(INBOX) ? INBOX : source;
    for (int number = 2; ; number++) {
      String key = free.isInbox() ? INBOX : free.display();
      if (takenBy.computeIfAbsent(key, absent -> owner).equals(owner)) {
        return free;
      }
      free = name.and(" (" + number + ")");
    }
  }

  /// A name that a target may take which refuses `name`: short levels of ordinary characters.
  static TargetName simple(TargetName name) {
    List<String> levels = new ArrayList<>();
    for (String level : name.path()) {
      StringBuilder text = new StringBuilder();
      level
          .codePoints()
          .limit(SHORT)
          .map(c -> c < 0x80 && (Character.isLetterOrDigit(c) || " -".indexOf(c) >= 0) ? c : '_')
          .forEach(text::appendCodePoint);
      String plain = text.toString().strip();
      levels.add(plain.isEmpty() ? "_" : plain);
    }
    return new TargetName(levels);
  }
}
