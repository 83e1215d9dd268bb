package org.muniment.server.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;
import org.muniment.server.sasl.Mechanism.Login;

/// An access token is shown (RFC 7628, and XOAUTH2 which it grew from). A server that refuses it
/// says why in JSON, and waits for an answer before it fails.
final class BearerExchange implements Exchange {

  private static final char SEPARATOR = '\u0001';

  private final byte[] first;
  private final byte[] acknowledgement;
  private @Nullable String complaint;

  private BearerExchange(String first, String acknowledgement) {
    this.first = first.getBytes(UTF_8);
    this.acknowledgement = acknowledgement.getBytes(UTF_8);
  }

  /// RFC 7628 section 3.1: `gs2-header kvsep *kvpair kvsep`.
  static BearerExchange oauthBearer(Login login) {
    return new BearerExchange(
        String.join(
            String.valueOf(SEPARATOR),
            "n,a=" + saslName(login.username()) + ",",
            "host=" + login.host(),
            "port=" + login.port(),
            "auth=Bearer " + login.secret(),
            "",
            ""),
        String.valueOf(SEPARATOR));
  }

  /// `"user=" user ^A "auth=Bearer " token ^A ^A`
  static BearerExchange xoauth2(Login login) {
    return new BearerExchange(
        String.join(
            String.valueOf(SEPARATOR),
            "user=" + login.username(),
            "auth=Bearer " + login.secret(),
            "",
            ""),
        "");
  }

  /// RFC 5801 section 4.
  private static String saslName(String text) {
    return text.replace("=", "=3D").replace(",", "=2C");
  }

  @Override
  public byte[] first() {
    return first.clone();
  }

  @Override
  public byte[] answer(byte[] challenge) throws SaslException {
    if (complaint != null) {
      throw new SaslException("the server asks on after it has refused the token");
    }
    complaint = words(challenge);
    return acknowledgement.clone();
  }

  /// `status`, `scope` and the like, as the server names them; its octets when they are no JSON.
  private static String words(byte[] challenge) {
    List<String> words = new ArrayList<>();
    try {
      JsonNode said = new ObjectMapper().readTree(challenge);
      for (Map.Entry<String, JsonNode> entry : said.properties()) {
        words.add(entry.getKey() + " " + entry.getValue().asText());
      }
    } catch (IOException noJson) {
      words.add(new String(challenge, UTF_8));
    }
    return words.isEmpty() ? "the token is refused" : String.join(", ", words);
  }

  @Override
  public void succeeded() throws SaslException {
    if (complaint != null) {
      throw new SaslException("the server refuses the token and then accepts it");
    }
  }

  @Override
  public Optional<String> complaint() {
    return Optional.ofNullable(complaint);
  }
}
