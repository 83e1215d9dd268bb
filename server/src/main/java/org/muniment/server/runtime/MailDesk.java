package org.muniment.server.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Uid;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.server.access.User;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.capture.imap.ImapTarget;
import org.muniment.server.capture.net.Traffic;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.Settings;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;
import org.muniment.server.export.Export;
import org.muniment.server.export.ExportOutcome;
import org.muniment.server.export.ExportRefusedException;
import org.muniment.server.export.ExportRequest;
import org.muniment.server.job.Job;
import org.muniment.server.job.Jobs;
import org.muniment.server.job.Jobs.BusyException;
import org.muniment.server.job.Jobs.JobException;
import org.muniment.server.job.Results;
import org.muniment.server.restore.Restore;
import org.muniment.server.restore.RestoreOutcome;
import org.muniment.server.restore.RestoreRequest;
import org.muniment.server.selection.Selection;
import org.muniment.server.view.ArchiveReadModels;
import org.muniment.server.view.MailWork;

/// Exports and restores of the running server.
final class MailDesk implements MailWork, AutoCloseable {

  /// Exports and restores at a time.
  private static final int MOST = 3;

  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final long ENDING_SECONDS = 10;
  private static final String EXPORT = "export";
  private static final String RESTORE = "restore";

  private final Installation installation;
  private final ArchiveReadModels models;
  private final Jobs jobs;
  private final Results results;
  private final Clock clock;
  private final Semaphore places = new Semaphore(MOST);
  private final Traffic traffic = new Traffic(0);
  private volatile boolean closed;

  MailDesk(
      Installation installation,
      ArchiveReadModels models,
      Jobs jobs,
      Results results,
      Clock clock) {
    this.installation = installation;
    this.models = models;
    this.jobs = jobs;
    this.results = results;
    this.clock = clock;
  }

  /// How far an export is.
  ///
  /// @param total octets in all
  public record Exporting(long messages, long octets, long total) {}

  /// @param files addresses to download from
  public record Exported(
      long planned,
      long exported,
      long identical,
      long octets,
      List<String> problems,
      List<String> files) {}

  /// How far a restore is.
  ///
  /// @param phase `append` or `read back`
  public record Restoring(String phase, long messages, long total, long octets) {}

  /// @param files addresses to download from, none after a dry run
  public record Restored(
      boolean complete,
      long planned,
      long restored,
      long identical,
      long octets,
      List<RestoreOutcome.MailboxStep> mailboxes,
      List<String> trouble,
      List<String> failures,
      List<String> files) {}

  @Override
  public Job export(User user, ExportRequest request) throws BusyException {
    return start(
        EXPORT, subject(user, request), user, progress -> exported(user, request, progress));
  }

  /// Different for different exports.
  private static String subject(User user, ExportRequest request) {
    return "%s, %s, %s, for %s"
        .formatted(
            request.format(),
            request.account() == null ? "every account" : "account " + request.account(),
            request.selection().words(),
            user.name());
  }

  private Object exported(User user, ExportRequest request, Consumer<Object> progress)
      throws JobException, IOException {
    String id = results.begin();
    boolean done = false;
    try {
      Set<AccountName> visible = installation.policy().visible(user).keySet();
      ExportOutcome outcome =
          new Export(
                  installation.archive(),
                  installation.catalogue(),
                  clock,
                  new Telling(progress),
                  () -> closed)
              .run(request, visible, numbers(user, request.selection()), results.folder(id));
      if (!outcome.finished()) {
        throw new JobException("the server ended");
      }
      Results.Result result = results.finish(id, user.name(), EXPORT);
      done = true;
      return new Exported(
          outcome.planned(),
          outcome.exported(),
          outcome.identical(),
          outcome.octets(),
          outcome.problems(),
          addresses(result));
    } catch (ExportRefusedException e) {
      throw new JobException(String.valueOf(e.getMessage()));
    } finally {
      if (!done) {
        results.abandon(id);
      }
    }
  }

  private static List<String> addresses(Results.Result result) {
    return result.files().stream()
        .map(file -> "/api/v1/results/" + result.id() + "/" + file)
        .toList();
  }

  /// Null without a query.
  private @Nullable BitSet numbers(User user, Selection selection)
      throws JobException, IOException {
    String query = selection.query();
    try {
      return query == null ? null : models.numbers(user, query, ZoneOffset.UTC);
    } catch (QuerySyntaxException e) {
      throw new JobException("the query is not understood: " + e.getMessage());
    }
  }

  @Override
  public boolean mayRestoreTo(AccountName account, SourceConfig.Imap target) {
    Settings settings = installation.settings();
    return settings.restore().permits(target.host(), target.port())
        || settings.accounts().stream()
            .filter(one -> one.name().equals(account))
            .anyMatch(
                one ->
                    one.source() instanceof SourceConfig.Imap own
                        && own.host().equalsIgnoreCase(target.host())
                        && own.port() == target.port());
  }

  @Override
  public Job restore(User user, RestoreRequest request, SourceConfig.Imap target, boolean dryRun)
      throws BusyException {
    String subject =
        "%s to %s at %s port %d"
            .formatted(request.account(), target.username(), target.host(), target.port());
    return start(
        RESTORE, subject, user, progress -> restored(user, request, target, dryRun, progress));
  }

  private Object restored(
      User user,
      RestoreRequest request,
      SourceConfig.Imap config,
      boolean dryRun,
      Consumer<Object> progress)
      throws JobException, IOException {
    Settings settings = installation.settings();
    ImapTarget target =
        new ImapTarget(
            config,
            settings.temporaryFolder(),
            new Credentials(settings.tokenFolder(), clock),
            ImapLimits.ofMessages(Uid.MAX, traffic));
    Restore restore =
        new Restore(
            installation.archive(),
            installation.catalogue(),
            settings.restoreFolder(),
            clock,
            PAUSE,
            (phase, done, total, octets) ->
                progress.accept(new Restoring(phase, done, total, octets)),
            () -> closed);
    BitSet numbers = numbers(user, request.selection());
    try {
      RestoreOutcome outcome =
          dryRun ? restore.dryRun(target, request, numbers) : restore.run(target, request, numbers);
      return new Restored(
          outcome.complete(),
          outcome.planned(),
          outcome.restored(),
          outcome.identical(),
          outcome.octets(),
          outcome.mailboxes(),
          outcome.trouble(),
          outcome.failures(),
          receipts(user, outcome));
    } catch (SourceException e) {
      throw new JobException(config.host() + ": " + e.words().display());
    }
  }

  /// Copies of the receipts, since the next restore of the same writes over them.
  private List<String> receipts(User user, RestoreOutcome outcome) throws IOException {
    Path text = outcome.receipt();
    Path lines = outcome.receiptJson();
    if (text == null || lines == null) {
      return List.of();
    }
    String id = results.begin();
    copy(text, results.folder(id).resolve("receipt.txt"));
    copy(lines, results.folder(id).resolve("receipt.jsonl"));
    return addresses(results.finish(id, user.name(), RESTORE));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createFile(
        to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var out = Files.newOutputStream(to)) {
      Files.copy(from, out);
    }
  }

  private interface Work {
    Object run(Consumer<Object> progress) throws JobException, IOException;
  }

  private Job start(String kind, String subject, User user, Work work) throws BusyException {
    return jobs.start(
        kind,
        subject,
        user.name(),
        progress -> {
          if (!places.tryAcquire()) {
            throw new JobException("too many exports and restores run: try again later");
          }
          try {
            return work.run(progress);
          } catch (IOException e) {
            throw new JobException(String.valueOf(e.getMessage()));
          } finally {
            places.release();
          }
        });
  }

  @Override
  public List<Results.Result> results(User user) throws IOException {
    return results.all(user.name());
  }

  @Override
  public Optional<Path> file(User user, String result, String name) throws IOException {
    return results.file(user.name(), result, name);
  }

  @Override
  public boolean delete(User user, String result) throws IOException {
    boolean there = results(user).stream().anyMatch(one -> one.id().equals(result));
    if (there) {
      results.abandon(result);
    }
    return there;
  }

  /// Brings what runs to an end, and waits for it a while.
  @Override
  public void close() {
    closed = true;
    traffic.cut("the server ends");
    try {
      if (places.tryAcquire(MOST, ENDING_SECONDS, TimeUnit.SECONDS)) {
        places.release(MOST);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Tells of octets, whose sum is known before.
  private static final class Telling implements Progress {
    private final Consumer<Object> progress;
    private long total;

    Telling(Consumer<Object> progress) {
      this.progress = progress;
    }

    @Override
    public void expect(long octets) {
      total = octets;
    }

    @Override
    public void at(long done, long octets) {
      progress.accept(new Exporting(done, octets, total));
    }
  }
}
