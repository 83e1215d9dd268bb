package org.muniment.server.config;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which certificates a server may show: those that the authorities of this machine's Java vouch
/// for, those of an authority of one's own, or certain ones only.
///
/// @param ca PEM file of the only authorities that count, null for those of Java
/// @param pins SHA-256 of the certificates that count, 64 lower-case hexadecimal digits each; empty
///   when authorities decide
public record TrustConfig(@Nullable Path ca, Set<String> pins) {

  /// The authorities that Java trusts.
  public static final TrustConfig JAVA = new TrustConfig(null, Set.of());

  private static final int PIN_OCTETS = 32;

  /// @throws BadValueException when both are given
  public TrustConfig {
    pins = Set.copyOf(pins);
    if (ca != null && !pins.isEmpty()) {
      throw new BadValueException(
          "pin", "stands beside ca: a pin names the certificate itself, whoever vouches for it");
    }
  }

  /// @param pins as written: hexadecimal, with or without colons and `sha256:`
  static TrustConfig of(@Nullable String ca, @Nullable List<String> pins) {
    return new TrustConfig(
        ca == null ? null : Path.of(ca),
        pins == null
            ? Set.of()
            : pins.stream().map(TrustConfig::pin).collect(Collectors.toUnmodifiableSet()));
  }

  private static String pin(String written) {
    String text = written.strip().toLowerCase(Locale.ROOT);
    String digits = (text.startsWith("sha256:") ? text.substring(7) : text).replace(":", "");
    try {
      if (HexFormat.of().parseHex(digits).length == PIN_OCTETS) {
        return digits;
      }
    } catch (IllegalArgumentException notHexadecimal) {
      // said below
    }
    throw new BadValueException(
        "pin",
        "\""
            + written
            + "\" is no SHA-256 fingerprint of a certificate: 64 hexadecimal digits are expected,"
            + " as scripts/muniment check shows them");
  }

  TrustConfig in(Path folder) {
    return ca == null ? this : new TrustConfig(folder.resolve(ca).normalize(), pins);
  }
}
