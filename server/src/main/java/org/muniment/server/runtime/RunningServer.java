package org.muniment.server.runtime;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.server.capture.CaptureSchedule;
import org.muniment.server.capture.CaptureService;
import org.muniment.server.config.Settings;
import org.quartz.SchedulerException;

/// The product, running: everything open, every window listening, captures on schedule.
public final class RunningServer implements AutoCloseable {

  /// Name of the control socket in the run folder.
  public static final String CONTROL_SOCKET = "control.sock";

  private final Parts parts = new Parts();
  private final Installation installation;
  private final CaptureService capture;
  private final FullTextIndex index;
  private final HttpServer http;

  private RunningServer(Settings settings, Consumer<String> say)
      throws IOException, CannotStartException {
    try {
      installation = parts.add(Installation.open(settings, say));
      capture = installation.openCapture();
      installation.follower().start();
      index = installation.openIndex(say);
      parts.add(
          ControlSocket.listen(
              settings.runFolder().resolve(CONTROL_SOCKET), new CaptureCalls(capture)));
      http = parts.add(HttpServer.start(settings, this::windows));
      parts.add(schedule(capture, settings)).start();
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

  private static CaptureSchedule schedule(CaptureService capture, Settings settings)
      throws SchedulerException {
    return new CaptureSchedule(capture, settings.accounts());
  }

  private void windows(Environment environment) {
    environment.healthChecks().register("catalogue", new FollowerHealth(installation.follower()));
  }

  /// What is open.
  public Installation installation() {
    return installation;
  }

  /// What can be searched.
  public FullTextIndex index() {
    return index;
  }

  /// Captures now.
  public CaptureService capture() {
    return capture;
  }

  /// Where REST and web page listen.
  public URI web() {
    return http.addresses().getFirst();
  }

  /// Where HTTP listens: REST first, then administration.
  public List<URI> addresses() {
    return http.addresses();
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

  private static final class FollowerHealth extends HealthCheck {
    private final CatalogueFollower follower;

    FollowerHealth(CatalogueFollower follower) {
      this.follower = follower;
    }

    @Override
    protected Result check() {
      return follower.failure().map(Result::unhealthy).orElseGet(Result::healthy);
    }
  }
}
