package org.muniment.server.export;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.server.capture.imap.ModifiedUtf7;

/// Gives each mailbox a folder of its own below `mail/`, for people to recognise. The same
/// mailboxes in the same order get the same.
final class Folders {

  private static final String TOP = "mail";

  /// Octets of a path at most: Windows takes 260 with the folder it lies in and the file's name.
  private static final int MAX_PATH = 160;

  /// Octets of a Maildir++ name at most; a file system takes 255.
  private static final int MAX_MAILDIR = 200;

  private final ExportFormat format;

  /// Given names by folder and by what they are for.
  private final Map<String, Map<String, String>> given = new HashMap<>();

  private final Map<String, Set<String>> taken = new HashMap<>();
  private final Set<String> own = new HashSet<>();

  Folders(ExportFormat format) {
    this.format = format;
  }

  /// Of a mailbox that was not asked for before: levels separated by `/`.
  String of(Mailbox mailbox) {
    String account = level(TOP, mailbox.account().value());
    return format == ExportFormat.MAILDIR
        ? maildir(account, mailbox)
        : folder(account, mailbox.path(), mailbox);
  }

  private String folder(String account, List<String> path, Mailbox mailbox) {
    String folder = account;
    for (String level : path) {
      folder = level(folder, level);
    }
    if (SafeName.octets(folder) > MAX_PATH) {
      folder = account + "/mailbox-" + mailbox.id().value();
    }
    return apart(folder);
  }

  /// A level below a folder: the same for the same name, another one for every other name.
  private String level(String folder, String name) {
    Map<String, String> here = given.computeIfAbsent(folder, absent -> new HashMap<>());
    String known = here.get(name);
    if (known == null) {
      known = free(taken.computeIfAbsent(folder, absent -> new HashSet<>()), SafeName.of(name));
      here.put(name, known);
    }
    return folder + "/" + known;
  }

  private static String free(Set<String> taken, String name) {
    String free = name;
    for (int number = 2; !taken.add(SafeName.folded(free)); number++) {
      free = name + " (" + number + ")";
    }
    return free;
  }

  /// Another one where a mailbox has it that is called the same.
  private String apart(String folder) {
    int slash = folder.lastIndexOf('/');
    String parent = folder.substring(0, slash);
    String apart = folder;
    while (!own.add(SafeName.folded(apart))) {
      Set<String> names = taken.computeIfAbsent(parent, absent -> new HashSet<>());
      apart = parent + "/" + free(names, folder.substring(slash + 1));
    }
    return apart;
  }

  private String maildir(String account, Mailbox mailbox) {
    List<String> path = mailbox.path();
    if (path.size() == 1 && path.getFirst().equalsIgnoreCase("INBOX") && own.add(account)) {
      return account;
    }
    StringBuilder name = new StringBuilder();
    for (String level : path) {
      name.append('.').append(ModifiedUtf7.encode(SafeName.of(level).replace('.', '_')));
    }
    String folder =
        name.length() > MAX_MAILDIR ? ".mailbox-" + mailbox.id().value() : name.toString();
    Set<String> names = taken.computeIfAbsent(account, absent -> new HashSet<>());
    return account + "/" + free(names, folder);
  }
}
