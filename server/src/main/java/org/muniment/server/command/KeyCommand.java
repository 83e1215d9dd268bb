package org.muniment.server.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.muniment.archive.crypto.RootKey;
import org.muniment.archive.crypto.RootKeyWords;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.crypto.SoftwareRootKey;
import org.muniment.server.access.KeyConfirmations;
import org.muniment.server.access.StateDatabase;
import org.muniment.server.config.EncryptionConfig;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.ArchiveKeys;
import org.muniment.server.runtime.CannotStartException;
import org.muniment.server.runtime.DataFolder;
import org.muniment.server.runtime.KeyRotation;

/// The root key of the archive: a copy on paper, proof that it is right, a new key.
final class KeyCommand implements Command {

  private static final int WORDS_IN_A_LINE = 4;

  @Override
  public String name() {
    return "key";
  }

  @Override
  public String summary() {
    return "root key: export, confirm, restore, rotate";
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment key export
               scripts/muniment key confirm
               scripts/muniment key restore
               scripts/muniment key rotate

        Every file of the archive is encrypted under a key of its own, and the root key opens all of
        them. It lies outside the data folder (archive.encryption in config.yml). Who has it and the
        archive can read all mail; who has lost it can read nothing, and nobody can help.

        export   prints the root key as 17 words to write down and keep elsewhere
        confirm  reads the words from standard input and compares; until that was done, the health
                 check "root-key" and "status" warn. Exits 1, and names the word, where one is wrong
        restore  reads the words from standard input and makes a key file that was lost
        rotate   puts a new key in place of the old one, and wraps the keys of all files anew; no data
                 is rewritten. Only while the server does not run; after a crash, run it again. Then
                 export and confirm the new key, and keep the old words as long as any backup from
                 before. Where the key is in a variable, set that to NEW,OLD before, to NEW after

        example: scripts/muniment key export | lpr
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    if (arguments.words().isEmpty()) {
      throw new UsageException("expected export, confirm, restore or rotate");
    }
    String work = arguments.words().getFirst();
    arguments.exactly(work);
    return switch (work) {
      case "export" -> export(settings, console);
      case "confirm" -> confirm(settings, console);
      case "restore" -> restore(settings, console);
      case "rotate" -> rotate(settings, console);
      default ->
          throw new UsageException("key " + work + ": expected export, confirm, restore or rotate");
    };
  }

  private static SoftwareRootKey current(Settings settings)
      throws IOException, CannotStartException {
    RootKeys keys = ArchiveKeys.of(settings);
    if (keys.isEmpty()) {
      throw new CannotStartException(
          "the archive in " + settings.archiveFolder() + " is not encrypted: it has no root key");
    }
    if (keys.all().size() > 1) {
      throw new CannotStartException(
          "more than one root key is given: \"scripts/muniment key rotate\" wraps everything under"
              + " the first; then that is the one to export and confirm");
    }
    RootKey current = keys.current();
    if (current instanceof SoftwareRootKey software) {
      return software;
    }
    throw new CannotStartException(
        "root key " + current.id() + " does not leave its device: it has no words");
  }

  private static ExitCode export(Settings settings, Console console)
      throws IOException, CannotStartException {
    SoftwareRootKey key = current(settings);
    List<String> words = RootKeyWords.of(key).words();
    console
        .out()
        .printf("Root key %s of the archive in %s%n%n", key.id(), settings.archiveFolder());
    for (int i = 0; i < words.size(); i += WORDS_IN_A_LINE) {
      console
          .out()
          .printf(
              "  %2d  %s%n",
              i + 1,
              String.join("  ", words.subList(i, Math.min(i + WORDS_IN_A_LINE, words.size()))));
    }
    console
        .out()
        .print(
            """

            Write the words down, or print them, and keep them away from this machine and from the
            backups: whoever has the words and the archive can read all mail, and without them it is
            lost with the key. Then show that they are right, reading from the paper:

              scripts/muniment key confirm
            """);
    return ExitCode.DONE;
  }

  private static ExitCode confirm(Settings settings, Console console) throws Exception {
    SoftwareRootKey key = current(settings);
    RootKeyWords words;
    try {
      words = words(console);
    } catch (IllegalArgumentException e) {
      return wrong(console, String.valueOf(e.getMessage()));
    }
    Optional<String> mistake = mistake(words, key);
    if (mistake.isPresent()) {
      return wrong(console, mistake.get());
    }
    DataFolder.prepare(settings);
    try (StateDatabase database = StateDatabase.open(settings.stateFile())) {
      KeyConfirmations.of(database).confirm(key.id());
    }
    console.out().println("the words are right: a copy of root key " + key.id() + " is confirmed");
    return ExitCode.DONE;
  }

  private static ExitCode wrong(Console console, String what) {
    console.out().println("NOT CONFIRMED: " + what);
    return ExitCode.FINDINGS;
  }

  private static RootKeyWords words(Console console) throws IOException {
    if (console.terminal()) {
      console
          .err()
          .println("The words of the root key, in any number of lines, then an empty line:");
    }
    return RootKeyWords.parse(console.paragraph());
  }

  private static Optional<String> mistake(RootKeyWords words, SoftwareRootKey key) {
    List<String> right = RootKeyWords.of(key).words();
    List<Integer> others =
        IntStream.range(0, right.size())
            .filter(i -> !words.words().get(i).equals(right.get(i)))
            .mapToObj(i -> i + 1)
            .toList();
    if (others.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        otherKey(words)
            .map(id -> "these are the words of root key " + id + ", not of " + key.id())
            .orElse("not the words that were exported: look at " + numbers(others)));
  }

  private static String numbers(List<Integer> words) {
    String numbers = words.toString();
    return (words.size() == 1 ? "word " : "words ") + numbers.substring(1, numbers.length() - 1);
  }

  /// The id of the key that words belong to which fit each other.
  private static Optional<String> otherKey(RootKeyWords words) {
    try {
      return Optional.of(words.key().id());
    } catch (IllegalArgumentException doNotFit) {
      return Optional.empty();
    }
  }

  private static ExitCode restore(Settings settings, Console console)
      throws IOException, CannotStartException {
    SoftwareRootKey key;
    try {
      key = words(console).key();
    } catch (IllegalArgumentException e) {
      throw new CannotStartException("these are not the words of a root key: " + e.getMessage(), e);
    }
    String file = ArchiveKeys.restore(settings, key);
    console.out().println("root key " + key.id() + " is in " + file + " again");
    return ExitCode.DONE;
  }

  private static ExitCode rotate(Settings settings, Console console)
      throws IOException, CannotStartException {
    KeyRotation.Outcome done = KeyRotation.run(settings);
    console
        .out()
        .printf(
            "%,d keys are wrapped anew under root key %s%n", done.rewrapped(), done.rootKeyId());
    console.out().println(next(settings.archive().encryption(), done));
    return ExitCode.DONE;
  }

  private static String next(EncryptionConfig encryption, KeyRotation.Outcome done) {
    return switch (encryption) {
      case EncryptionConfig.KeyVariable key when done.rewrapped() == 0 ->
          "nothing needs another key; for a new one, set " + key.name() + " to NEW,OLD and rotate";
      case EncryptionConfig.KeyVariable key ->
          key.name() + " needs the first key only now; export and confirm it";
      case EncryptionConfig.KeyFile key when done.resumed() ->
          "that ends a rotation which was cut short; export and confirm the key";
      case EncryptionConfig.KeyFile key ->
          "export and confirm the new key; keep the old words as long as any backup from before";
      case EncryptionConfig.Off off -> "";
    };
  }
}
