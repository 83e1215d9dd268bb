package org.muniment.server.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.server.config.Credential;
import org.muniment.server.config.Secret;

/// Asks a provider for an access token with a refresh token (RFC 6749 sections 6 and 5).
final class TokenEndpoint {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Octets of an answer; a longer one is an error.
  private static final long LONGEST_ANSWER = 64 << 10;

  private static final Duration LONGEST_LIFETIME = Duration.ofDays(1);

  private TokenEndpoint() {}

  /// What the provider gave.
  ///
  /// @param lifetime of the access token, zero when the provider does not say
  /// @param refreshToken to be used from now on; null when the one before stays
  record Grant(String accessToken, Duration lifetime, @Nullable String refreshToken) {}

  static Grant ask(Credential.RefreshToken config, String refreshToken) throws CredentialException {
    String host = config.tokenUrl().getHost();
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      HttpResponse<byte[]> response =
          client.send(
              request(config, refreshToken),
              BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
      JsonNode said = json(response.body());
      if (response.statusCode() != 200 || !said.path("access_token").isTextual()) {
        throw refused(host, response.statusCode(), said, config, refreshToken);
      }
      return grant(said);
    } catch (IOException e) {
      throw new CredentialException("tokenUrl: " + host + " cannot be asked: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CredentialException("tokenUrl: " + host + " did not answer in time", e);
    }
  }

  private static HttpRequest request(Credential.RefreshToken config, String refreshToken) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", refreshToken);
    form.put("client_id", config.clientId());
    Secret clientSecret = config.clientSecret();
    if (clientSecret != null) {
      form.put("client_secret", clientSecret.value());
    }
    String scope = config.scope();
    if (scope != null) {
      form.put("scope", scope);
    }
    return HttpRequest.newBuilder(config.tokenUrl())
        .timeout(PATIENCE)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                form.entrySet().stream()
                    .map(entry -> entry.getKey() + '=' + URLEncoder.encode(entry.getValue(), UTF_8))
                    .collect(Collectors.joining("&"))))
        .build();
  }

  private static JsonNode json(byte[] body) throws IOException {
    try {
      return new ObjectMapper().readTree(body);
    } catch (JsonProcessingException e) {
      return new ObjectMapper().createObjectNode();
    }
  }

  private static Grant grant(JsonNode said) {
    // Some providers write the number as text.
    long seconds = Math.max(0, said.path("expires_in").asLong(0));
    return new Grant(
        said.path("access_token").asText(),
        Duration.ofSeconds(Math.min(seconds, LONGEST_LIFETIME.toSeconds())),
        said.path("refresh_token").textValue());
  }

  /// RFC 6749 section 5.2.
  private static CredentialException refused(
      String host, int status, JsonNode said, Credential.RefreshToken config, String refreshToken) {
    String error = said.path("error").asText("");
    String description = lasting(said.path("error_description").asText(""));
    String words =
        (error.isEmpty() ? "HTTP status " + status : error)
            + (description.isEmpty() ? "" : ": " + description);
    Secret clientSecret = config.clientSecret();
    return new CredentialException(
        "tokenUrl: "
            + host
            + " gives no access token: "
            + Redacted.words(
                words,
                List.of(
                    refreshToken,
                    config.refreshToken().value(),
                    clientSecret == null ? "" : clientSecret.value()))
            + advice(error),
        null);
  }

  /// Without the numbers and the time that Microsoft adds: the same trouble is to be told in the
  /// same words, or each run would leave a receipt of its own.
  private static String lasting(String description) {
    int trace = description.indexOf("Trace ID:");
    return (trace < 0 ? description : description.substring(0, trace)).strip();
  }

  private static String advice(String error) {
    return switch (error) {
      case "invalid_grant" ->
          ". The refresh token has expired or was withdrawn: get a new one and write it under"
              + " refreshToken:";
      case "invalid_client", "unauthorized_client" -> ". See clientId: and clientSecret:";
      case "invalid_scope" -> ". See scope:";
      default -> "";
    };
  }
}
