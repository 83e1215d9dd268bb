package org.muniment.archive.crypto;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The root keys that somebody holds. New files are wrapped under the first, the current one; the
/// others open what a rotation has not re-wrapped yet.
///
/// ```
/// text    = *(line LF)
/// line    = "#" comment / *(key ",") key / ""
/// key     = "muniment-root-key-1:" 64hex        ; white space around it is ignored
/// ```
public final class RootKeys {

  /// No key at all: what reads and writes an archive that is not encrypted.
  public static final RootKeys NONE = new RootKeys(List.of());

  private final List<RootKey> keys;

  private RootKeys(List<RootKey> keys) {
    this.keys = keys;
  }

  /// @param keys the current one first; none twice
  public static RootKeys of(RootKey... keys) {
    return of(List.of(keys));
  }

  private static RootKeys of(List<? extends RootKey> keys) {
    if (keys.stream().map(RootKey::id).distinct().count() < keys.size()) {
      throw new IllegalArgumentException("a root key is given twice");
    }
    return new RootKeys(List.copyOf(keys));
  }

  /// One new key.
  public static RootKeys generate(SecureRandom random) {
    return of(SoftwareRootKey.generate(random));
  }

  /// Reads keys as a file or an environment variable holds them.
  ///
  /// @throws IllegalArgumentException when there is none, or one is no root key; the message says
  ///   in which line, and repeats nothing of the text
  public static RootKeys parse(String text) {
    List<SoftwareRootKey> keys = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().map(String::strip).toList()) {
      number++;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      for (String key : line.split(",", -1)) {
        keys.add(parse(key.strip(), number));
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no root key in it: expected a line " + SoftwareRootKey.TEXT_PREFIX + "...");
    }
    return of(keys);
  }

  private static SoftwareRootKey parse(String key, int line) {
    try {
      return SoftwareRootKey.parse(key);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("line " + line + " is no root key: " + e.getMessage(), e);
    }
  }

  /// Whether there is no key.
  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /// The key that wraps what is new. There must be one.
  public RootKey current() {
    return keys.getFirst();
  }

  /// The key of that id, or null when it is not among these.
  public @Nullable RootKey find(String id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst().orElse(null);
  }

  /// All keys, the current one first.
  public List<RootKey> all() {
    return keys;
  }

  /// The secrets, in the form that [#parse] reads, one key a line.
  ///
  /// @throws IllegalStateException when a key is in a device that it does not leave
  public String text() {
    return keys.stream().map(RootKeys::text).collect(Collectors.joining());
  }

  private static String text(RootKey key) {
    if (key instanceof SoftwareRootKey software) {
      return software.text() + "\n";
    }
    throw new IllegalStateException("root key " + key.id() + " does not leave its device");
  }

  /// The ids, never the secrets.
  @Override
  public String toString() {
    return keys.isEmpty()
        ? "no root key"
        : keys.stream().map(RootKey::id).collect(Collectors.joining(", ", "root keys ", ""));
  }
}
