package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the full-text index is, and how attachments are read for it.
///
/// @param path its folder
public record IndexConfig(Path path, AttachmentsConfig attachments) {

  /// Of a file that does not say where it is.
  private static final Path UNSAID = Path.of("");

  @JsonCreator
  static IndexConfig of(
      @JsonProperty("path") @Nullable String path,
      @JsonProperty("attachments") @Nullable AttachmentsConfig attachments) {
    return new IndexConfig(
        path == null ? UNSAID : Path.of(path),
        attachments == null ? AttachmentsConfig.DEFAULT : attachments);
  }

  /// With an absolute path.
  ///
  /// @param folder what a path begins from
  /// @param data the folder in which the index is by default
  IndexConfig in(Path folder, Path data) {
    Path absolute = path.equals(UNSAID) ? data.resolve("index") : folder.resolve(path).normalize();
    return new IndexConfig(absolute, attachments);
  }
}
