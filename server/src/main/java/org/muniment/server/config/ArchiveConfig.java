package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where everything is kept.
///
/// @param path the data folder
public record ArchiveConfig(Path path) {

  @JsonCreator
  static ArchiveConfig of(@JsonProperty("path") @Nullable String path) {
    return new ArchiveConfig(Path.of(path == null ? "data" : path));
  }
}
