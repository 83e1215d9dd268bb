package org.muniment.server.runtime;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.muniment.indexer.catalog.Shown;
import org.muniment.server.access.SignIn;
import org.muniment.server.capture.CaptureProgress;
import org.muniment.server.capture.CaptureSchedule;
import org.muniment.server.capture.CaptureService;
import org.muniment.server.capture.idle.Watched;
import org.muniment.server.capture.idle.Watching;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.ImapConfig;
import org.muniment.server.config.ImapConfig.Gone;
import org.muniment.server.config.ImapConfig.UserFlags;
import org.muniment.server.config.Settings;
import org.muniment.server.config.TlsConfig;
import org.muniment.server.credential.Credentials;
import org.muniment.server.job.Jobs;
import org.muniment.server.job.Results;
import org.muniment.server.job.Sweeping;
import org.muniment.server.publication.PublicationSchedule;
import org.muniment.server.restore.RestoreFiles;
import org.muniment.server.trust.Fingerprint;
import org.muniment.server.trust.SelfSigned;
import org.muniment.server.trust.ServerTls;
import org.muniment.server.view.AccountWork;
import org.muniment.server.view.ArchiveReadModels;
import org.muniment.server.view.MailWork;
import org.muniment.server.view.ReadModels;
import org.muniment.server.view.imap.ImapListener;
import org.muniment.server.view.imap.session.Limits;
import org.muniment.server.view.imap.session.Resources;
import org.muniment.server.view.rest.RestApi;
import org.quartz.SchedulerException;

/// The product, running: everything open, every window listening, captures on schedule.
public final class RunningServer implements AutoCloseable {

  /// Name of the control socket in the run folder.
  public static final String CONTROL_SOCKET = "control.sock";

  private final Parts parts = new Parts();
  private final Installation installation;
  private final Installation.Writing writing;
  private final Installation.FollowedIndex index;
  private final ImapListener imap;
  private final HttpServer http;
  private final Watching watching;

  private RunningServer(Settings settings, Consumer<String> say)
      throws IOException, CannotStartException {
    try {
      installation = parts.add(Installation.open(settings, say));
      writing = installation.openWriter();
      installation.follower().start();
      writing.sealing().start();
      index = installation.openIndex(say);
      ArchiveReadModels models =
          installation.readModels(index.index(), installation.policy(), index.texts());
      SignIn signIn = installation.signIn();
      watching = parts.add(watching(writing.capture(), settings));
      parts.add(
          ControlSocket.listen(
              settings.runFolder().resolve(CONTROL_SOCKET), calls(writing, watching)));
      imap =
          parts.add(
              imap(
                  settings,
                  tls(settings, say),
                  signIn,
                  models.withVirtual(installation.savedSearches(), installation.virtualNumbers())));
      CaptureSchedule schedule = parts.add(schedule(writing.capture(), settings));
      Jobs jobs = new Jobs(InstantSource.system());
      AccountDesk accounts = accounts(schedule, jobs);
      Results results =
          Results.open(settings.resultsFolder(), settings.results().keep(), InstantSource.system());
      parts.add(
          Sweeping.start(
              List.of(
                  results::sweep,
                  () ->
                      RestoreFiles.expire(
                          settings.restoreFolder(), settings.results().keep(), Instant.now()))));
      MailDesk mail =
          parts.add(new MailDesk(installation, models, jobs, results, Clock.systemUTC()));
      http =
          parts.add(
              HttpServer.start(
                  settings,
                  environment -> windows(environment, signIn, models, accounts, mail, jobs)));
      parts.add(jobs);
      schedule.start();
      watching.start();
      parts.add(new PublicationSchedule(writing.publication(), settings.publishSchedule())).start();
    } catch (SchedulerException e) {
      parts.close();
      throw new CannotStartException("the schedule does not start: " + e.getMessage(), e);
    } catch (IOException | RuntimeException | CannotStartException e) {
      parts.close();
      throw e;
    }
  }

  /// Starts everything; what has started is closed again when something does not.
  ///
  /// @param say told in a sentence what is made or takes long
  public static RunningServer start(Settings settings, Consumer<String> say)
      throws IOException, CannotStartException {
    return new RunningServer(settings, say);
  }

  private static ControlCalls calls(Installation.Writing writing, Watching watching) {
    return new ControlCalls(
        Map.of(
            CaptureCalls.NAME, new CaptureCalls(writing.capture()),
            WatchCalls.NAME, new WatchCalls(watching::watched),
            ImportCalls.NAME, new ImportCalls(writing.imports()),
            SealCalls.NAME, new SealCalls(writing.sealing()),
            PublicationCalls.NAME, new PublicationCalls(writing.publication())));
  }

  private static CaptureSchedule schedule(CaptureService capture, Settings settings)
      throws SchedulerException {
    return new CaptureSchedule(capture, settings.accounts());
  }

  private static Watching watching(CaptureService capture, Settings settings) {
    return new Watching(
        settings.accounts(),
        new Credentials(settings.tokenFolder(), InstantSource.system()),
        account -> capture.run(Set.of(account), CaptureProgress.NONE).getFirst());
  }

  private ImapListener imap(Settings settings, ServerTls tls, SignIn signIn, ReadModels models)
      throws IOException, CannotStartException {
    Resources resources =
        new Resources(
            signIn,
            models,
            settings.imap().userFlags() == UserFlags.SEEN ? installation.seenMarks() : null,
            installation.subscriptions(),
            settings.imap().gone() == Gone.SHOW ? Shown.NOT_MOVED : Shown.THERE);
    try {
      return ImapListener.open(settings.imap(), tls, Limits.DEFAULT, resources);
    } catch (BindException e) {
      throw new CannotStartException(
          "the IMAP view cannot listen on "
              + e.getMessage()
              + ": end what listens there, or change imap: in config.yml",
          e);
    }
  }

  private static ServerTls tls(Settings settings, Consumer<String> say)
      throws IOException, CannotStartException {
    TlsConfig files = settings.imap().tls();
    if (files == null) {
      return selfSigned(settings, say);
    }
    try {
      return ServerTls.of(files.certificate(), files.key());
    } catch (NoSuchFileException e) {
      throw new CannotStartException(
          "there is no file " + e.getFile() + ": change imap.tls: in config.yml", e);
    } catch (IOException e) {
      throw new CannotStartException(e.getMessage() + ": change imap.tls: in config.yml", e);
    }
  }

  private static ServerTls selfSigned(Settings settings, Consumer<String> say) throws IOException {
    ServerTls tls = SelfSigned.in(settings.tlsFolder(), names(settings.imap()), Instant.now());
    try {
      say.accept(
          "the IMAP view shows a certificate that it made itself; its SHA-256 fingerprint: "
              + Fingerprint.of(tls.certificate()));
    } catch (CertificateEncodingException e) {
      throw new IOException(e);
    }
    return tls;
  }

  private static Set<String> names(ImapConfig config) throws UnknownHostException {
    Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
    if (!InetAddress.getByName(config.bind()).isAnyLocalAddress()) {
      names.add(config.bind());
    }
    try {
      names.add(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      // Then this machine has no name to be called by.
    }
    return names;
  }

  private AccountDesk accounts(CaptureSchedule schedule, Jobs jobs) {
    return new AccountDesk(
        installation.settings().accounts().stream()
            .collect(Collectors.toMap(AccountConfig::name, Function.identity())),
        installation.policy(),
        writing.capture(),
        schedule,
        writing.credentials(),
        jobs,
        InstantSource.system());
  }

  private void windows(
      Environment environment,
      SignIn signIn,
      ArchiveReadModels models,
      AccountWork accounts,
      MailWork mail,
      Jobs jobs) {
    RestApi.register(
        installation.settings().server(),
        environment,
        models,
        models,
        accounts,
        mail,
        jobs,
        installation.savedSearches(),
        signIn);
    environment.healthChecks().register("capture", new CaptureHealth(writing.capture()));
    environment
        .healthChecks()
        .register("catalogue", new FollowerHealth(installation.follower()::failure));
    environment.healthChecks().register("publication", installation.publicationHealth());
    environment.healthChecks().register("root-key", new RootKeyHealth(installation::rootKey));
    environment.healthChecks().register("index", new FollowerHealth(index.follower()::failure));
    environment
        .healthChecks()
        .register("attachments", new FollowerHealth(index.attachments()::failure));
    environment.healthChecks().register("sealing", new FollowerHealth(writing.sealing()::failure));
  }

  /// What is open.
  public Installation installation() {
    return installation;
  }

  /// Where the IMAP view listens.
  public InetSocketAddress imap() {
    return imap.address();
  }

  /// Where the IMAP view listens for those who begin with TLS.
  public InetSocketAddress imaps() {
    return imap.encryptedAddress();
  }

  /// Captures now.
  public CaptureService capture() {
    return writing.capture();
  }

  /// Mailboxes that are watched, so that what changes is captured at once.
  public List<Watched> watched() {
    return watching.watched();
  }

  /// Where REST and web page listen.
  public URI web() {
    return http.addresses().getFirst();
  }

  /// Where HTTP listens: REST first, then administration.
  public List<URI> addresses() {
    return http.addresses();
  }

  /// Waits until all that is archived now can be searched.
  ///
  /// @param longest how long to wait
  /// @return whether it can
  public boolean awaitSearchable(Duration longest) throws IOException, InterruptedException {
    long size = installation.archive().size();
    long end = System.nanoTime() + longest.toNanos();
    while (index.index().position() < size) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.sleep(20);
    }
    return true;
  }

  /// Waits until it is closed, by another thread.
  public void join() throws InterruptedException {
    http.join();
  }

  /// Ends in the reverse order of the start: no new captures, no new requests, then what runs.
  @Override
  public void close() {
    parts.close();
  }

  private static final class RootKeyHealth extends HealthCheck {
    private final Supplier<RootKeyState> state;

    RootKeyHealth(Supplier<RootKeyState> state) {
      this.state = state;
    }

    @Override
    protected Result check() {
      RootKeyState now = state.get();
      return now.safe() ? Result.healthy(now.text()) : Result.unhealthy(now.text());
    }
  }

  private static final class FollowerHealth extends HealthCheck {
    private final Supplier<Optional<Exception>> failure;

    FollowerHealth(Supplier<Optional<Exception>> failure) {
      this.failure = failure;
    }

    @Override
    protected Result check() {
      return failure.get().map(Result::unhealthy).orElseGet(Result::healthy);
    }
  }
}
