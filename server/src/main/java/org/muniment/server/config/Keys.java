package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// The keys of a record of config.yml: the properties of its creator, or of the record that its
/// creator takes.
final class Keys {

  private Keys() {}

  /// Each key with its type; none for a type that is not a group of keys.
  static Map<String, Class<?>> of(Class<?> type) {
    Map<String, Class<?>> keys = new LinkedHashMap<>();
    Stream.<Executable>concat(
            Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredConstructors()))
        .filter(creator -> creator.isAnnotationPresent(JsonCreator.class))
        .map(Executable::getParameters)
        .flatMap(Arrays::stream)
        .forEach(
            parameter -> {
              if (parameter.isAnnotationPresent(JsonProperty.class)) {
                keys.put(key(parameter), parameter.getType());
              } else {
                keys.putAll(of(parameter.getType()));
              }
            });
    return keys;
  }

  /// The record that `node` is to become: the variant that its `type` names, where there are
  /// variants.
  static Optional<Class<?>> variant(Class<?> type, JsonNode node) {
    JsonSubTypes variants = type.getAnnotation(JsonSubTypes.class);
    if (variants == null) {
      return Optional.of(type);
    }
    return Arrays.stream(variants.value())
        .filter(variant -> variant.name().equals(node.path("type").asText()))
        .<Class<?>>map(JsonSubTypes.Type::value)
        .findFirst();
  }

  private static String key(Parameter parameter) {
    return Objects.requireNonNull(parameter.getAnnotation(JsonProperty.class)).value();
  }
}
