package org.muniment.server.view.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class OpenApiTest {

  private static JsonNode description() throws IOException {
    return new ObjectMapper().readTree(new OpenApiResource().openApi());
  }

  @Test
  void theDescriptionHasEveryRouteAndNoOther() throws IOException {
    Set<String> described = new TreeSet<>();
    description()
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    assertThat(described).isEqualTo(Routes.all());
  }

  @Test
  void everyReferenceLeadsSomewhere() throws IOException {
    JsonNode description = description();
    List<JsonNode> references = description.findValues("$ref");
    assertThat(references).isNotEmpty();
    for (JsonNode reference : references) {
      assertThat(description.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  @Test
  void everyPathParameterIsDescribed() throws IOException {
    JsonNode description = description();
    description
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .forEach(
                        operation -> {
                          Set<String> names = new TreeSet<>();
                          StreamSupport.stream(operation.get("parameters").spliterator(), false)
                              .map(
                                  p ->
                                      p.has("$ref")
                                          ? description.at(p.get("$ref").asText().substring(1))
                                          : p)
                              .filter(p -> p.get("in").asText().equals("path"))
                              .forEach(p -> names.add(p.get("name").asText()));
                          assertThat(names).as(path.getKey()).isEqualTo(inBraces(path.getKey()));
                        }));
  }

  private static Set<String> inBraces(String path) {
    Set<String> names = new TreeSet<>();
    for (int open; (open = path.indexOf('{')) >= 0; ) {
      int close = path.indexOf('}', open);
      names.add(path.substring(open + 1, close));
      path = path.substring(close + 1);
    }
    return names;
  }
}
