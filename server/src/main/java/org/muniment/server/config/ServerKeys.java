package org.muniment.server.config;

import static com.fasterxml.jackson.annotation.JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.muniment.server.config.SourceConfig.Security;
import org.muniment.server.sasl.Mechanism;

/// The keys of a source that is a mail server, as they are written.
record ServerKeys(
    @JsonProperty("provider") @Nullable Provider provider,
    @JsonProperty("host") @Nullable String host,
    @JsonProperty("port") @Nullable Integer port,
    @JsonProperty("security") @Nullable Security security,
    @JsonProperty("ca") @Nullable String ca,
    @JsonProperty("pin") @JsonFormat(with = ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable List<String> pin,
    @JsonProperty("username") @Nullable String username,
    @JsonProperty("auth") @Nullable Auth auth,
    @JsonProperty("mechanism") @Nullable String mechanism,
    @JsonProperty("password") @Nullable Secret password,
    @JsonProperty("passwordFile") @Nullable String passwordFile,
    @JsonProperty("passwordCommand") @Nullable List<String> passwordCommand,
    @JsonProperty("tokenCommand") @Nullable List<String> tokenCommand,
    @JsonProperty("tokenUrl") @Nullable String tokenUrl,
    @JsonProperty("clientId") @Nullable String clientId,
    @JsonProperty("clientSecret") @Nullable Secret clientSecret,
    @JsonProperty("refreshToken") @Nullable Secret refreshToken,
    @JsonProperty("scope") @Nullable String scope) {

  @JsonCreator
  ServerKeys {}

  /// What a user signs in with.
  enum Auth {
    @JsonProperty("password")
    PASSWORD,
    @JsonProperty("xoauth2")
    XOAUTH2
  }

  Security protection() {
    return security == null ? Security.TLS : security;
  }

  TrustConfig trust() {
    return TrustConfig.of(ca, pin);
  }

  /// @throws BadValueException when keys are missing or do not go together
  Credential credential() {
    boolean token =
        auth == null ? tokenCommand != null || refreshToken != null : auth == Auth.XOAUTH2;
    return token ? tokenCredential() : passwordCredential();
  }

  private Credential passwordCredential() {
    String beside = "means nothing with auth: password";
    none(beside, "tokenCommand", tokenCommand);
    none(beside, "tokenUrl", tokenUrl);
    none(beside, "clientId", clientId);
    none(beside, "clientSecret", clientSecret);
    none(beside, "refreshToken", refreshToken);
    none(beside, "scope", scope);
    return new Credential.Password(passwordSource(), mechanism == null ? null : only(mechanism));
  }

  private SecretSource passwordSource() {
    if (password == null && passwordFile == null && passwordCommand == null) {
      throw new BadValueException("password", "is missing: it, passwordFile or passwordCommand");
    }
    String beside = "stands beside another: one of password, passwordFile and passwordCommand";
    if (password != null) {
      none(beside, "passwordFile", passwordFile);
      none(beside, "passwordCommand", passwordCommand);
      if (password.value().isEmpty()) {
        throw new BadValueException("password", "must not be empty");
      }
      return new SecretSource.Written(password);
    }
    if (passwordFile != null) {
      none(beside, "passwordCommand", passwordCommand);
      return new SecretSource.InFile(Path.of(passwordFile));
    }
    return command("passwordCommand", passwordCommand);
  }

  private static Mechanism only(String name) {
    List<String> known = Mechanism.forPasswords().stream().map(Mechanism::saslName).toList();
    return Mechanism.forPasswords().stream()
        .filter(mechanism -> mechanism.saslName().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadValueException(
                    "mechanism", "\"" + name + "\" is not allowed: expected one of " + known));
  }

  private Credential tokenCredential() {
    String beside = "means nothing with auth: xoauth2";
    none(beside, "password", password);
    none(beside, "passwordFile", passwordFile);
    none(beside, "passwordCommand", passwordCommand);
    none(beside, "mechanism", mechanism);
    if (tokenCommand == null && refreshToken == null) {
      throw new BadValueException("tokenCommand", "is missing: it, or refreshToken");
    }
    if (tokenCommand == null) {
      return refreshing();
    }
    String alone = "means nothing with tokenCommand";
    none(alone, "tokenUrl", tokenUrl);
    none(alone, "clientId", clientId);
    none(alone, "clientSecret", clientSecret);
    none(alone, "refreshToken", refreshToken);
    none(alone, "scope", scope);
    return new Credential.TokenCommand(command("tokenCommand", tokenCommand));
  }

  private Credential refreshing() {
    Optional<Provider> known = Optional.ofNullable(provider);
    return new Credential.RefreshToken(
        tokenUri(preset(tokenUrl, known.map(by -> by.tokenUrl))),
        BadValueException.required("clientId", clientId),
        clientSecret,
        BadValueException.required("refreshToken", refreshToken),
        preset(scope, known.map(by -> by.imapScope)));
  }

  /// The value as written, else the provider's.
  static @Nullable String preset(@Nullable String written, Optional<String> preset) {
    return written == null ? preset.orElse(null) : written;
  }

  private static URI tokenUri(@Nullable String written) {
    String text = BadValueException.required("tokenUrl", written);
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new BadValueException("tokenUrl", "\"" + text + "\" is no URL");
    }
    String host = uri.getHost();
    boolean open = "http".equals(uri.getScheme()) && host != null && Hosts.isLoopback(host);
    if (host == null || uri.getUserInfo() != null || !(open || "https".equals(uri.getScheme()))) {
      throw new BadValueException(
          "tokenUrl", "is not allowed: expected https:// and a host, without a user name");
    }
    return uri;
  }

  private static SecretSource.Command command(String key, @Nullable List<String> words) {
    List<String> command = BadValueException.required(key, words);
    if (command.isEmpty() || command.getFirst().isBlank()) {
      throw new BadValueException(key, "must name a program: [program, argument, ...]");
    }
    return new SecretSource.Command(command);
  }

  private static void none(String why, String key, @Nullable Object value) {
    if (value != null) {
      throw new BadValueException(key, why);
    }
  }
}
