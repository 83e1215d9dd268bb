package org.muniment.server.view.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.muniment.server.access.Role;
import org.muniment.server.access.SignIn;
import org.muniment.server.access.User;
import org.muniment.server.config.Secret;
import org.muniment.server.view.ReadModels;
import org.muniment.server.view.SystemStatus;

/// The interface in a real HTTP server on a port of its own. The users alice, bob, auditor and
/// admin have the password `pässwort:` and their name, and the token `token-` and their name.
final class RestServer implements AutoCloseable {

  private final HttpClient client = HttpClient.newHttpClient();
  private final DropwizardTestSupport<Configuration> support;

  RestServer(ReadModels models, SystemStatus status) {
    this(models, status, new FakeWork());
  }

  RestServer(ReadModels models, SystemStatus status, FakeWork work) {
    support =
        new DropwizardTestSupport<>(
            Served.class,
            (String) null,
            ConfigOverride.config("server.applicationConnectors[0].port", "0"),
            ConfigOverride.config("server.applicationConnectors[0].bindHost", "127.0.0.1"),
            ConfigOverride.config("server.adminConnectors[0].port", "0"),
            ConfigOverride.config("server.adminConnectors[0].bindHost", "127.0.0.1"),
            ConfigOverride.config("logging.level", "OFF")) {
          @Override
          public Application<Configuration> newApplication() {
            return new Served(models, status, work);
          }
        };
    try {
      support.before();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + support.getLocalPort() + path);
  }

  int port() {
    return support.getLocalPort();
  }

  /// @param fields names and values in turn
  HttpResponse<byte[]> send(String method, String path, String... fields) {
    return send(method, path, HttpRequest.BodyPublishers.noBody(), fields);
  }

  HttpResponse<byte[]> send(
      String method, String path, HttpRequest.BodyPublisher body, String... fields) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address(path)).method(method, body);
    if (fields.length > 0) {
      request.headers(fields);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<byte[]> get(String user, String path, String... fields) {
    String[] all = Arrays.copyOf(fields, fields.length + 2);
    all[fields.length] = "Authorization";
    all[fields.length + 1] = basic(user, password(user));
    return send("GET", "/api/v1" + path, all);
  }

  JsonNode json(String user, String path) {
    HttpResponse<byte[]> response = get(user, path);
    if (response.statusCode() != 200) {
      throw new AssertionError(path + ": " + response.statusCode() + " " + text(response));
    }
    return json(response);
  }

  static JsonNode json(HttpResponse<byte[]> response) {
    try {
      return new ObjectMapper().readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(text(response), e);
    }
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  static String field(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  static String password(String user) {
    return "pässwort:" + user;
  }

  static String basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Override
  public void close() {
    support.after();
    client.close();
  }

  private static final class Served extends Application<Configuration> {
    private final ReadModels models;
    private final SystemStatus status;
    private final FakeWork work;

    Served(ReadModels models, SystemStatus status, FakeWork work) {
      this.work = work;
      this.models = models;
      this.status = status;
    }

    @Override
    public void run(Configuration configuration, Environment environment) {
      RestApi.register(
          (AbstractServerFactory) configuration.getServerFactory(),
          environment,
          models,
          status,
          work,
          new FakeMailWork(work.jobs),
          work.jobs,
          TemporaryState.searches(),
          new FakeSignIn());
    }
  }

  private static final class FakeSignIn implements SignIn {
    @Override
    public Optional<User> withPassword(String name, Secret password, InetAddress peer) {
      return user(name).filter(user -> password.value().equals(password(name)));
    }

    @Override
    public Optional<User> withToken(Secret token) {
      return token.value().startsWith("token-")
          ? user(token.value().substring("token-".length()))
          : Optional.empty();
    }

    private static Optional<User> user(String name) {
      return switch (name) {
        case "alice", "bob" -> Optional.of(new User(name, Role.USER));
        case "auditor" -> Optional.of(new User(name, Role.AUDITOR));
        case "admin" -> Optional.of(new User(name, Role.ADMIN));
        default -> Optional.empty();
      };
    }
  }
}
