package org.muniment.server.command;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.muniment.server.config.SourceConfig;

/// Where mail is restored to, as it stands on the command line.
///
/// ```
/// address = ("imap" / "imaps") "://" user [":" password] "@" host [":" port]
/// ```
///
/// User and password may be percent-encoded. `imaps` is TLS from the first octet; `imap` is
/// STARTTLS, and unprotected to loopback.
///
/// @param password null when there is none
record TargetAddress(
    SourceConfig.Security security, String user, @Nullable String password, String host, int port) {

  private static final int MAX_PORT = 65_535;
  private static final String EXPECTED = "--to wants imap[s]://user@host[:port]";

  static TargetAddress parse(String text) throws UsageException {
    boolean tls = text.startsWith("imaps://");
    if (!tls && !text.startsWith("imap://")) {
      throw new UsageException(EXPECTED);
    }
    String rest = text.substring(text.indexOf("://") + 3);
    int at = rest.lastIndexOf('@');
    if (at < 1) {
      throw new UsageException(EXPECTED + ": there is no user in it");
    }
    String who = rest.substring(0, at);
    int colon = who.indexOf(':');
    String where = rest.substring(at + 1);
    if (where.endsWith("/")) {
      where = where.substring(0, where.length() - 1);
    }
    int port = portAt(where);
    String host = host(where, port);
    SourceConfig.Security security =
        tls
            ? SourceConfig.Security.TLS
            : isLoopback(host) ? SourceConfig.Security.NONE : SourceConfig.Security.STARTTLS;
    return new TargetAddress(
        security,
        decoded(colon < 0 ? who : who.substring(0, colon)),
        colon < 0 ? null : decoded(who.substring(colon + 1)),
        host,
        port < 0 ? (tls ? 993 : 143) : number(where.substring(port + 1)));
  }

  /// Where the colon before the port is, -1 when there is none; an IPv6 address is in brackets.
  private static int portAt(String where) {
    int colon = where.lastIndexOf(':');
    return colon > where.lastIndexOf(']') ? colon : -1;
  }

  private static String host(String where, int port) throws UsageException {
    String host = port < 0 ? where : where.substring(0, port);
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    if (bare.isBlank() || bare.chars().anyMatch(c -> c <= ' ' || c == '/')) {
      throw new UsageException(EXPECTED + ": there is no host in it");
    }
    return bare;
  }

  private static int number(String port) throws UsageException {
    try {
      int number = Integer.parseInt(port);
      if (number >= 1 && number <= MAX_PORT) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new UsageException(EXPECTED + ": \"" + port + "\" is no port");
  }

  private static String decoded(String text) throws UsageException {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new UsageException(EXPECTED + ": a % in user and password is written %25");
    }
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }

  @Override
  public String toString() {
    return user + " at " + host + " port " + port;
  }
}
