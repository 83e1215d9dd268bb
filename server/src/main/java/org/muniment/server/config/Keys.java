package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The keys of a record of config.yml: the properties of its creator.
final class Keys {

  private Keys() {}

  /// Each key with its type; none for a type that is not a group of keys.
  static Map<String, Class<?>> of(Class<?> type) {
    Map<String, Class<?>> keys = new LinkedHashMap<>();
    Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(JsonCreator.class))
        .map(Method::getParameters)
        .flatMap(Arrays::stream)
        .filter(parameter -> parameter.isAnnotationPresent(JsonProperty.class))
        .forEach(parameter -> keys.put(key(parameter), parameter.getType()));
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
