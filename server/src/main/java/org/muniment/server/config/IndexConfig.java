package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the full-text index is.
///
/// @param path its folder
public record IndexConfig(Path path) {

  @JsonCreator
  static IndexConfig of(@JsonProperty("path") @Nullable String path) {
    return new IndexConfig(Path.of(BadValueException.required("path", path)));
  }
}
