package org.muniment.server.runtime;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheckRegistry;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.muniment.server.config.Settings;

/// Dropwizard's HTTP server: REST and web page, and their administration.
final class HttpServer implements AutoCloseable {

  private final Server jetty;

  private HttpServer(Server jetty) {
    this.jetty = jetty;
  }

  /// Starts to listen.
  ///
  /// @param windows puts resources and health checks in
  /// @throws CannotStartException when an address is taken
  static HttpServer start(Settings settings, Consumer<Environment> windows)
      throws CannotStartException {
    Environment environment =
        new Environment(
            "muniment",
            Jackson.newObjectMapper(),
            Validators.newValidatorFactory(),
            new MetricRegistry(),
            HttpServer.class.getClassLoader(),
            new HealthCheckRegistry(),
            new Configuration());
    settings.server().configure(environment);
    windows.accept(environment);
    Server jetty = settings.server().build(environment);
    jetty.setStopAtShutdown(false);
    try {
      jetty.start();
    } catch (Exception e) {
      stop(jetty);
      throw cannotStart(e);
    }
    return new HttpServer(jetty);
  }

  private static CannotStartException cannotStart(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return new CannotStartException(
            e.getMessage()
                + " ("
                + cause.getMessage()
                + "): end what listens there, or change server: in config.yml",
            e);
      }
    }
    return new CannotStartException("the HTTP server does not start: " + e.getMessage(), e);
  }

  /// Where it listens: REST first, then administration.
  List<URI> addresses() {
    return Stream.of(jetty.getConnectors())
        .filter(NetworkConnector.class::isInstance)
        .map(NetworkConnector.class::cast)
        .map(
            connector ->
                URI.create("http://" + connector.getHost() + ":" + connector.getLocalPort() + "/"))
        .toList();
  }

  /// Waits until it has ended.
  void join() throws InterruptedException {
    jetty.join();
  }

  private static void stop(Server jetty) {
    try {
      jetty.stop();
    } catch (Exception e) {
      // It did not start; that is what the caller hears of.
    }
  }

  @Override
  public void close() throws IOException {
    try {
      jetty.stop();
    } catch (Exception e) {
      throw new IOException("the HTTP server did not end cleanly", e);
    }
  }
}
