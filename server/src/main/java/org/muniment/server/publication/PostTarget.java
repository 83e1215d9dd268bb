package org.muniment.server.publication;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.server.config.TargetConfig;

/// A web address that gets the signed note as the body of a POST request. It has confirmed when it
/// answered 2xx; redirects are not followed.
///
/// @param patience longest wait for the connection and for the answer
record PostTarget(TargetConfig.Post config, Duration patience) implements Target {

  static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public void send(SignedCheckpoint checkpoint) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(config.uri())
            .timeout(patience)
            .header("Content-Type", "text/plain; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofByteArray(checkpoint.octets()))
            .build();
    int status = status(request);
    if (status < 200 || status > 299) {
      throw new IOException("answered " + status);
    }
  }

  private int status(HttpRequest request) throws IOException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(patience).build()) {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      // What it says is not read: it may be without end.
      response.body().close();
      return response.statusCode();
    } catch (HttpTimeoutException e) {
      throw new IOException("did not answer within " + patience.toSeconds() + " s", e);
    } catch (ConnectException e) {
      throw new IOException("cannot be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("was broken off", e);
    }
  }

  @Override
  public boolean outside() {
    return true;
  }
}
