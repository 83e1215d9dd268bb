package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How much of its server an account takes.
///
/// @param connections at the same time
/// @param bandwidth octets per second, 0 for as many as come
/// @param perDay octets in any 24 hours, 0 for as many as come
/// @param hours when it is captured, null for at any time
public record AccountLimits(int connections, long bandwidth, long perDay, @Nullable Hours hours) {

  /// Of a file that says nothing, until the server is known.
  private static final long UNSAID = -1;

  private static final int CONNECTIONS = 3;
  private static final int MOST_CONNECTIONS = 100;

  /// Slower, and nothing would come to an end within the deadlines.
  private static final long LEAST_BANDWIDTH = 1_000;

  private static final long LEAST_PER_DAY = 1_000_000;

  /// Those of a file that says nothing.
  static final AccountLimits UNWRITTEN = new AccountLimits(CONNECTIONS, 0, UNSAID, null);

  /// None but the number of connections.
  public static final AccountLimits NONE = new AccountLimits(CONNECTIONS, 0, 0, null);

  /// @throws BadValueException when a value is not allowed
  public AccountLimits {
    if (connections < 1 || connections > MOST_CONNECTIONS) {
      throw new BadValueException("connections", "must be 1 to " + MOST_CONNECTIONS);
    }
    if (bandwidth != 0 && bandwidth < LEAST_BANDWIDTH) {
      throw new BadValueException("bandwidth", "must be 1KB/s or more");
    }
    if (perDay != UNSAID && perDay != 0 && perDay < LEAST_PER_DAY) {
      throw new BadValueException("perDay", "must be 1MB or more");
    }
  }

  @JsonCreator
  static AccountLimits of(
      @JsonProperty("connections") @Nullable Integer connections,
      @JsonProperty("bandwidth") @Nullable String bandwidth,
      @JsonProperty("perDay") @Nullable String perDay,
      @JsonProperty("hours") @Nullable String hours,
      @JsonProperty("timeZone") @Nullable String timeZone) {
    return new AccountLimits(
        connections == null ? CONNECTIONS : connections,
        bandwidth == null ? 0 : bandwidth(bandwidth),
        perDay == null ? UNSAID : octets("perDay", perDay),
        hours == null ? null : Hours.parse(hours, zone(timeZone)));
  }

  /// With what is known of the server, where the file says nothing.
  AccountLimits at(SourceConfig source) {
    return perDay != UNSAID
        ? this
        : new AccountLimits(connections, bandwidth, usualPerDay(source), hours);
  }

  static long usualPerDay(SourceConfig source) {
    return source instanceof SourceConfig.Imap imap ? Provider.perDay(imap.host()) : 0;
  }

  /// `size "/s"`
  private static long bandwidth(String text) {
    String rate = text.strip();
    if (!rate.toLowerCase(Locale.ROOT).endsWith("/s")) {
      throw new BadValueException(
          "bandwidth", "\"" + text + "\" is no rate: one is written 500KB/s or 2MB/s");
    }
    return octets("bandwidth", rate.substring(0, rate.length() - 2).strip());
  }

  private static long octets(String key, String size) {
    try {
      long octets = DataSize.parse(size).toBytes();
      if (octets > 0) {
        return octets;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new BadValueException(key, "\"" + size + "\" is no size: one is written 500MB or 2GB");
  }

  private static ZoneId zone(@Nullable String name) {
    try {
      return name == null ? ZoneId.systemDefault() : ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new BadValueException(
          "timeZone", "\"" + name + "\" is no time zone: one is written Europe/Berlin");
    }
  }
}
