package org.muniment.server.runtime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether the archive can still be read when its key file is lost.
///
/// @param id of the current root key; null when the archive is not encrypted
/// @param confirmed when somebody last showed a copy to be right; null for never
public record RootKeyState(@Nullable String id, @Nullable Instant confirmed) {

  /// Whether nothing has to be done.
  public boolean safe() {
    return id == null || confirmed != null;
  }

  /// In words.
  public String text() {
    if (id == null) {
      return "none, the archive is not encrypted";
    }
    return confirmed == null
        ? id
            + ", NO COPY IS CONFIRMED: without this key nobody can read the archive."
            + " \"scripts/muniment key export\" prints it as words to keep elsewhere, \"scripts/"
            + "muniment key confirm\" checks them"
        : id + ", a copy was confirmed on " + confirmed;
  }
}
