package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a listener of this program shows for a certificate.
///
/// @param certificate PEM file of the certificate, with those that vouch for it behind it
/// @param key PEM file of its private key, not encrypted
public record TlsConfig(Path certificate, Path key) {

  @JsonCreator
  static TlsConfig of(
      @JsonProperty("certificate") @Nullable String certificate,
      @JsonProperty("key") @Nullable String key) {
    return new TlsConfig(file("certificate", certificate), file("key", key));
  }

  private static Path file(String name, @Nullable String written) {
    if (written == null || written.isBlank()) {
      throw new BadValueException(name, "is missing: certificate: and key: name PEM files");
    }
    return Path.of(written);
  }

  TlsConfig in(Path folder) {
    return new TlsConfig(folder.resolve(certificate).normalize(), folder.resolve(key).normalize());
  }
}
