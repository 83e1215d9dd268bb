package org.muniment.server.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.Settings;

/// What stands behind a command: words, and options that begin with `--`. After `--` alone, all are
/// words.
///
/// @param words in order
/// @param options values by name, `""` for an option that has none
record Arguments(List<String> words, Map<String, String> options) {

  Arguments {
    words = List.copyOf(words);
    options = Map.copyOf(options);
  }

  /// @param known the options there are, such as `--json`, or `--role ROLE` for one with a value
  static Arguments parse(List<String> arguments, List<String> known) throws UsageException {
    List<String> words = new ArrayList<>();
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        words.addAll(arguments.subList(i + 1, arguments.size()));
        break;
      }
      if (!argument.startsWith("--")) {
        words.add(argument);
        continue;
      }
      String name = argument.split("=", 2)[0];
      String value = "";
      if (takesValue(name, known)) {
        if (argument.contains("=")) {
          value = argument.substring(name.length() + 1);
        } else if (i + 1 < arguments.size()) {
          value = arguments.get(++i);
        } else {
          throw new UsageException(name + " needs a value");
        }
      } else if (argument.contains("=")) {
        throw new UsageException(name + " takes no value");
      }
      if (options.put(name, value) != null) {
        throw new UsageException(name + " stands here twice");
      }
    }
    return new Arguments(words, options);
  }

  private static boolean takesValue(String name, List<String> known) throws UsageException {
    for (String option : known) {
      if (option.equals(name)) {
        return false;
      }
      if (option.startsWith(name + " ")) {
        return true;
      }
    }
    throw new UsageException(
        "there is no option " + name + " here" + (known.isEmpty() ? "" : ", only " + known));
  }

  boolean has(String option) {
    return options.containsKey(option);
  }

  Optional<String> value(String option) {
    return Optional.ofNullable(options.get(option));
  }

  /// The words, when there are as many as there are names.
  List<String> exactly(String... names) throws UsageException {
    if (words.size() < names.length) {
      throw new UsageException(names[words.size()] + " is missing");
    }
    if (words.size() > names.length) {
      throw new UsageException("\"" + words.get(names.length) + "\" is too much");
    }
    return words;
  }

  /// The accounts of config.yml that the words name, all of them when there is no word.
  List<AccountConfig> accounts(Settings settings) throws UsageException {
    Map<String, AccountConfig> known = new LinkedHashMap<>();
    settings.accounts().forEach(account -> known.put(account.name().value(), account));
    if (known.isEmpty()) {
      throw new UsageException("config.yml has no account");
    }
    for (String name : words) {
      if (!known.containsKey(name)) {
        throw new UsageException(
            "config.yml has no account \"" + name + "\", it has " + known.keySet());
      }
    }
    return words.isEmpty()
        ? List.copyOf(known.values())
        : words.stream().distinct().map(known::get).toList();
  }
}
