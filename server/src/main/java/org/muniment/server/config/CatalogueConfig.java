package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the catalogue is.
///
/// @param url JDBC URL of an SQLite file
public record CatalogueConfig(String url) {

  private static final String SQLITE = "jdbc:sqlite:";

  /// @throws BadValueException when the URL is not one of SQLite
  public CatalogueConfig {
    if (!url.startsWith(SQLITE) || url.length() == SQLITE.length()) {
      throw new BadValueException(
          "url", "\"" + url + "\" is not allowed: expected " + SQLITE + " and a file");
    }
  }

  @JsonCreator
  static CatalogueConfig of(@JsonProperty("url") @Nullable String url) {
    return new CatalogueConfig(BadValueException.required("url", url));
  }

  /// The catalogue in `file`.
  static CatalogueConfig in(Path file) {
    return new CatalogueConfig(SQLITE + file);
  }

  /// The SQLite file.
  public Path file() {
    return Path.of(url.substring(SQLITE.length()));
  }
}
