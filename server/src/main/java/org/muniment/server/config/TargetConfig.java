package org.muniment.server.config;

import static com.fasterxml.jackson.annotation.JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where checkpoints of the log are sent: `{ folder: PATH }`, `{ post: URL }` or `{ mail: ... }`.
public sealed interface TargetConfig {

  /// What it is called, and known by in `state.db`. Holds nothing secret.
  String name();

  @JsonCreator
  static TargetConfig of(
      @JsonProperty("folder") @Nullable String folder,
      @JsonProperty("post") @Nullable String post,
      @JsonProperty("mail") @Nullable Mail mail) {
    if (Stream.of(folder, post, mail).filter(key -> key != null).count() > 1) {
      throw new BadValueException(
          post == null ? "mail" : "post", "is too much: a target is one of folder, post and mail");
    }
    if (folder != null) {
      return new Folder(Path.of(folder));
    }
    return post == null
        ? BadValueException.required("folder, post or mail", mail)
        : new Post(Post.uri(post));
  }

  /// A target that cannot be used as config.yml stands: it fails with `reason`, the others go on.
  ///
  /// @param name the place in config.yml, such as `publish[0]`
  record Unusable(String name, String reason) implements TargetConfig {}

  /// A folder, best on a disk of another machine.
  record Folder(Path path) implements TargetConfig {
    @Override
    public String name() {
      return "folder " + path;
    }
  }

  /// A web address that takes a POST request.
  ///
  /// @param uri may be http: what is sent is public
  record Post(URI uri) implements TargetConfig {

    private static final Set<String> SCHEMES = Set.of("http", "https");

    /// @throws BadValueException which does not repeat `text`: it may hold a token
    private static URI uri(String text) {
      URI uri;
      try {
        uri = URI.create(text);
      } catch (IllegalArgumentException e) {
        throw new BadValueException("post", "is no URL");
      }
      if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme()) || uri.getHost() == null) {
        throw new BadValueException(
            "post", "is not allowed: expected http:// or https:// and a host");
      }
      if (uri.getUserInfo() != null) {
        throw new BadValueException("post", "has a user name, which would not be sent");
      }
      return uri;
    }

    /// Without the query, which may hold a token.
    @Override
    public String name() {
      return "post " + uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /// Mail addresses, through a server that relays.
  ///
  /// @param to at least one
  /// @param port 1 to 65535
  /// @param security `NONE` without a password, or to this machine
  /// @param username null to send without signing in
  /// @param password null exactly when `username` is
  record Mail(
      List<String> to,
      String from,
      String host,
      int port,
      SourceConfig.Security security,
      TrustConfig trust,
      @Nullable String username,
      @Nullable Secret password)
      implements TargetConfig {

    /// @throws BadValueException when a value is not allowed
    public Mail {
      to = List.copyOf(to);
      if (to.isEmpty()) {
        throw new BadValueException("to", "must not be empty");
      }
      to.forEach(address -> checkAddress("to", address));
      checkAddress("from", from);
      if (host.isBlank()) {
        throw new BadValueException("host", "must not be empty");
      }
      BadValueException.port("port", port);
      if ((username == null) != (password == null)) {
        throw new BadValueException(
            username == null ? "username" : "password", "is missing: both are needed, or none");
      }
      if (security == SourceConfig.Security.NONE && password != null && !Hosts.isLoopback(host)) {
        throw new BadValueException(
            "security",
            "none would send the password to "
                + host
                + " for everybody to read: use tls,"
                + " starttls, or no password");
      }
    }

    /// One whose certificate the authorities of Java vouch for.
    public Mail(
        List<String> to,
        String from,
        String host,
        int port,
        SourceConfig.Security security,
        @Nullable String username,
        @Nullable Secret password) {
      this(to, from, host, port, security, TrustConfig.JAVA, username, password);
    }

    @JsonCreator
    static Mail of(
        @JsonProperty("to") @JsonFormat(with = ACCEPT_SINGLE_VALUE_AS_ARRAY)
            @Nullable List<String> to,
        @JsonProperty("from") @Nullable String from,
        @JsonProperty("host") @Nullable String host,
        @JsonProperty("port") @Nullable Integer port,
        @JsonProperty("security") SourceConfig.@Nullable Security security,
        @JsonProperty("ca") @Nullable String ca,
        @JsonProperty("pin") @JsonFormat(with = ACCEPT_SINGLE_VALUE_AS_ARRAY)
            @Nullable List<String> pin,
        @JsonProperty("username") @Nullable String username,
        @JsonProperty("password") @Nullable Secret password) {
      SourceConfig.Security protection = security == null ? SourceConfig.Security.TLS : security;
      return new Mail(
          BadValueException.required("to", to),
          BadValueException.required("from", from),
          BadValueException.required("host", host),
          port == null ? protection.smtpPort : port,
          protection,
          TrustConfig.of(ca, pin),
          username,
          password);
    }

    /// The target with relative paths below `folder`.
    Mail in(Path folder) {
      return new Mail(to, from, host, port, security, trust.in(folder), username, password);
    }

    private static void checkAddress(String key, String address) {
      try {
        new InternetAddress(address, true).validate();
      } catch (AddressException e) {
        throw new BadValueException(key, "\"" + address + "\" is no mail address");
      }
    }

    @Override
    public String name() {
      return "mail to " + String.join(", ", to);
    }
  }
}
