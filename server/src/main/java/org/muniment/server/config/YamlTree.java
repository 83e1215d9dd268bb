package org.muniment.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// A YAML document as a tree in which every scalar is the text as written, `${NAME}` replaced from
/// the environment; and the line of every key. `${NAME:-text}` gives the text when NAME is not set.
final class YamlTree {

  /// Deeper than any key there is.
  private static final int MAX_DEPTH = 30;

  private final Function<String, @Nullable String> environment;
  private final Map<String, Integer> lines = new HashMap<>();
  private final TreeMap<String, String> unset = new TreeMap<>();
  private JsonNode root = JsonNodeFactory.instance.objectNode();

  /// @param environment the value of a variable, null when it is not set
  YamlTree(Function<String, @Nullable String> environment) {
    this.environment = environment;
  }

  /// @throws BadValueException when the document has what no configuration has; its key is the path
  void read(@Nullable Node document) {
    if (document != null) {
      root = convert(document, "", 0);
    }
  }

  JsonNode root() {
    return root;
  }

  /// The 1-based line of the key at `path`, else of the nearest key above it.
  ///
  /// @param path keys and indices from the root, each after a `/`
  int line(String path) {
    String above = path;
    while (!above.isEmpty()) {
      Integer line = lines.get(above);
      if (line != null) {
        return line;
      }
      above = above.substring(0, above.lastIndexOf('/'));
    }
    return 1;
  }

  /// The variables that are not set, by the path of the value that names them.
  Map<String, String> unset() {
    return Map.copyOf(unset);
  }

  private JsonNode convert(Node node, String path, int depth) {
    lines.putIfAbsent(path, line(node));
    if (depth > MAX_DEPTH) {
      throw new BadValueException(path, "is nested too deep");
    }
    return switch (node) {
      case MappingNode mapping -> object(mapping, path, depth);
      case SequenceNode sequence -> array(sequence, path, depth);
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> NullNode.getInstance();
      case ScalarNode scalar -> TextNode.valueOf(substitute(scalar.getValue(), path));
      default ->
          throw new BadValueException(path, "is neither a value, a list nor a group of keys");
    };
  }

  private ObjectNode object(MappingNode mapping, String path, int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      String below = path + "/" + key;
      if (object.has(key)) {
        lines.put(below, line(tuple.getKeyNode()));
        throw new BadValueException(below, "stands here for the second time");
      }
      lines.put(below, line(tuple.getKeyNode()));
      object.set(key, convert(tuple.getValueNode(), below, depth + 1));
    }
    return object;
  }

  private ArrayNode array(SequenceNode sequence, String path, int depth) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Node element : sequence.getValue()) {
      array.add(convert(element, path + "/" + array.size(), depth + 1));
    }
    return array;
  }

  private String substitute(String text, String path) {
    StringBuilder result = new StringBuilder();
    int at = 0;
    for (int start = text.indexOf("${"); start >= 0; start = text.indexOf("${", at)) {
      int end = text.indexOf('}', start);
      if (end < 0) {
        throw new BadValueException(path, "has a ${ without its }");
      }
      result.append(text, at, start).append(variable(text.substring(start + 2, end), path));
      at = end + 1;
    }
    return result.append(text, at, text.length()).toString();
  }

  private String variable(String expression, String path) {
    int dash = expression.indexOf(":-");
    String name = dash < 0 ? expression : expression.substring(0, dash);
    String value = environment.apply(name);
    if (value != null) {
      return value;
    }
    if (dash < 0) {
      unset.put(path, name);
      return "";
    }
    return expression.substring(dash + 2);
  }

  private static int line(Node node) {
    Mark mark = node.getStartMark();
    return mark == null ? 1 : mark.getLine() + 1;
  }
}
