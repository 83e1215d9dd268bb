package org.muniment.server.view.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A request body that is a JSON object with known names only; what is wrong is a 400 that names
/// it.
record Body(JsonNode json) {

  private static final int MAX_OCTETS = 64 << 10;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// @param names that may stand in it
  static Body read(InputStream in, Set<String> names) throws IOException {
    byte[] octets = in.readNBytes(MAX_OCTETS + 1);
    if (octets.length > MAX_OCTETS) {
      throw Problem.of(Status.REQUEST_ENTITY_TOO_LARGE, "The body is too long.").exception();
    }
    return new Body(parse(octets)).only("", names);
  }

  private static JsonNode parse(byte[] octets) throws IOException {
    try {
      return MAPPER.readTree(octets);
    } catch (JsonProcessingException e) {
      throw Problem.of(Status.BAD_REQUEST, "The body is no JSON.").exception();
    }
  }

  private Body only(String within, Set<String> names) {
    if (!json.isObject()) {
      throw Problem.of(Status.BAD_REQUEST, "The body is not an object.").exception();
    }
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.contains(name)) {
                throw Problem.wrong(within + name, "There is no " + within + name + " here.");
              }
            });
    return this;
  }

  /// An object in it, which has to be there.
  Body object(String name, Set<String> names) {
    JsonNode inner = json.path(name);
    if (!inner.isObject()) {
      throw Problem.wrong(name, name + " is an object, and is missing.");
    }
    return new Body(inner).only(name + ".", names);
  }

  /// Null where it is not there.
  @Nullable String text(String name) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw Problem.wrong(name, name + " is a text.");
    }
    return value.textValue();
  }

  String required(String name) {
    String text = text(name);
    if (text == null || text.isEmpty()) {
      throw Problem.wrong(name, name + " is missing.");
    }
    return text;
  }

  /// False where it is not there.
  boolean flag(String name) {
    JsonNode value = json.path(name);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw Problem.wrong(name, name + " is true or false.");
    }
    return value.asBoolean(false);
  }

  /// Null where it is not there.
  @Nullable Integer number(String name) {
    JsonNode value = json.path(name);
    if (value.isMissingNode()) {
      return null;
    }
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw Problem.wrong(name, name + " is a number.");
    }
    return value.intValue();
  }

  /// Texts by name; none where it is not there.
  Map<String, String> texts(String name) {
    Map<String, String> texts = new TreeMap<>();
    JsonNode object = json.path(name);
    if (!object.isMissingNode() && !object.isObject()) {
      throw Problem.wrong(name, name + " is an object.");
    }
    object
        .properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isTextual() || entry.getValue().textValue().isEmpty()) {
                throw Problem.wrong(name, name + " has texts only.");
              }
              texts.put(entry.getKey(), entry.getValue().textValue());
            });
    return texts;
  }
}
