package org.muniment.server.view;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What was asked for most recently, as much of it as there is room for. Safe for use by many
/// threads.
final class Recent<K, V> {

  private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);
  private final long most;
  private final ToLongFunction<V> size;
  private long octets;

  /// @param most octets of all values together, but for one that is larger by itself
  /// @param size octets of a value, always the same for one value
  Recent(long most, ToLongFunction<V> size) {
    this.most = most;
    this.size = size;
  }

  synchronized @Nullable V get(K key) {
    return values.get(key);
  }

  /// What was asked for least recently makes room.
  synchronized void put(K key, V value) {
    forget(key);
    octets += size.applyAsLong(value);
    while (octets > most && !values.isEmpty()) {
      forget(values.keySet().iterator().next());
    }
    values.put(key, value);
  }

  private void forget(K key) {
    @Nullable V before = values.remove(key);
    octets -= before == null ? 0 : size.applyAsLong(before);
  }
}
