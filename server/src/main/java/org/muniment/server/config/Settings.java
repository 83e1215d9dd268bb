package org.muniment.server.config;

import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.logging.common.LoggingFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.muniment.archive.event.AccountName;

/// What config.yml says, one component per key, defaults filled in and paths absolute.
///
/// @param accounts in the order of config.yml, then of the files in accounts.d by name; names
///   differ, and a user has at most one primary one
/// @param publish where checkpoints are sent; names differ
/// @param publishSchedule when, a Quartz cron expression
/// @param server Dropwizard's: REST, web page and administration
/// @param logging Dropwizard's
public record Settings(
    ArchiveConfig archive,
    List<AccountConfig> accounts,
    CatalogueConfig catalogue,
    IndexConfig index,
    CaptureConfig capture,
    ImapConfig imap,
    List<TargetConfig> publish,
    String publishSchedule,
    ResultsConfig results,
    RestoreConfig restore,
    AbstractServerFactory server,
    LoggingFactory logging) {

  /// Every hour.
  public static final String DEFAULT_PUBLISH_SCHEDULE = "0 0 * * * ?";

  /// @throws BadValueException when two accounts, or two targets, do not go together
  public Settings {
    accounts = List.copyOf(accounts);
    publish = List.copyOf(publish);
    checkNames(accounts);
    checkPrimaries(accounts);
    checkTargets(publish);
    BadValueException.cron(
        "publishSchedule", publishSchedule, DEFAULT_PUBLISH_SCHEDULE, "every hour");
  }

  private static void checkTargets(List<TargetConfig> targets) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < targets.size(); i++) {
      String name = targets.get(i).name();
      if (!seen.add(name)) {
        throw new BadValueException("publish/" + i, "is the target \"" + name + "\" once more");
      }
    }
  }

  private static void checkNames(List<AccountConfig> accounts) {
    Map<AccountName, Integer> seen = new HashMap<>();
    for (int i = 0; i < accounts.size(); i++) {
      AccountName name = accounts.get(i).name();
      if (seen.put(name, i) != null) {
        throw new BadValueException(
            "accounts/" + i + "/name", "\"" + name + "\" is the name of an account above");
      }
    }
  }

  private static void checkPrimaries(List<AccountConfig> accounts) {
    Map<String, AccountName> primaries = new HashMap<>();
    for (int i = 0; i < accounts.size(); i++) {
      AccountConfig account = accounts.get(i);
      for (String owner : account.primary() ? account.owners() : List.<String>of()) {
        AccountName other = primaries.put(owner, account.name());
        if (other != null) {
          throw new BadValueException(
              "accounts/" + i + "/primary",
              "\"" + owner + "\" has a primary account already, \"" + other + "\": one is allowed");
        }
      }
    }
  }

  /// The archive proper.
  public Path archiveFolder() {
    return archive.path().resolve("archive");
  }

  /// Users, grants and tokens; cannot be rebuilt.
  public Path stateFile() {
    return archive.path().resolve("state.db");
  }

  /// What was read of attachments; can be rebuilt.
  public Path textFolder() {
    return archive.path().resolve("text");
  }

  /// For sockets and locks of the running server.
  public Path runFolder() {
    return archive.path().resolve("run");
  }

  /// For refresh tokens that providers gave; cannot be rebuilt.
  public Path tokenFolder() {
    return archive.path().resolve("tokens");
  }

  /// For the certificate that is made where config.yml names none.
  public Path tlsFolder() {
    return archive.path().resolve("tls");
  }

  /// For what came of exports and restores, until it is downloaded.
  public Path resultsFolder() {
    return archive.path().resolve("results");
  }

  /// For checkpoints and receipts of restores.
  public Path restoreFolder() {
    return archive.path().resolve("restores");
  }

  /// For files that may go at any time.
  public Path temporaryFolder() {
    return archive.path().resolve("tmp");
  }
}
