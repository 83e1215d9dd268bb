package org.muniment.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.logging.common.LoggingFactory;
import jakarta.validation.ConstraintViolation;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/// Reads config.yml, and the accounts in `accounts.d/*.yml` beside it. Every error names the file,
/// the line, the key, and what is allowed.
public final class ConfigFile {

  static final Set<String> KEYS =
      Arrays.stream(Settings.class.getRecordComponents())
          .map(component -> component.getName())
          .collect(Collectors.toCollection(LinkedHashSet::new));

  private static final String ACCOUNTS_FOLDER = "accounts.d";

  private final Path file;
  private final YamlTree tree;
  private final Function<String, @Nullable String> environment;
  private final ObjectMapper mapper;

  private ConfigFile(Path file, YamlTree tree, Function<String, @Nullable String> environment) {
    this.file = file;
    this.tree = tree;
    this.environment = environment;
    this.mapper =
        Jackson.newObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }

  /// Reads `file`.
  ///
  /// @param environment the value of a variable, null when it is not set. A variable missing inside
  ///   an account makes its source [SourceConfig.Unusable], inside a target the target
  ///   [TargetConfig.Unusable]; anywhere else it is an error.
  public static Settings load(Path file, Function<String, @Nullable String> environment)
      throws ConfigException {
    return read(file, environment).settings();
  }

  private static ConfigFile read(Path file, Function<String, @Nullable String> environment)
      throws ConfigException {
    YamlTree tree = new YamlTree(environment);
    try (Reader reader = Files.newBufferedReader(file)) {
      tree.read(new Yaml(new LoaderOptions()).compose(reader));
    } catch (NoSuchFileException e) {
      throw new ConfigException(file, "there is no such file");
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (MarkedYAMLException e) {
      throw new ConfigException(
          file, e.getProblemMark().getLine() + 1, "not YAML: " + e.getProblem());
    } catch (YAMLException e) {
      if (e.getCause() instanceof IOException unreadable) {
        throw unreadable(file, unreadable);
      }
      throw new ConfigException(file, "not YAML: " + e.getMessage());
    } catch (BadValueException e) {
      throw new ConfigFile(file, tree, environment).at(e.key(), e.getMessage());
    }
    return new ConfigFile(file, tree, environment);
  }

  private static ConfigException unreadable(Path file, IOException e) {
    return new ConfigException(
        file,
        e instanceof CharacterCodingException
            ? "cannot be read: it is not UTF-8"
            : "cannot be read: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
  }

  private Settings settings() throws ConfigException {
    checkKeys();
    checkVariables();
    checkType("server", List.of("default", "simple"));
    checkType("logging", List.of("default", "external"));
    Path folder = folder();
    ArchiveConfig archive = archive(folder);
    List<Written> accounts = new ArrayList<>(accounts());
    for (Path other : accountFiles(folder)) {
      accounts.addAll(read(other, environment).accountsOnly());
    }
    try {
      return new Settings(
          archive,
          accounts.stream().map(Written::account).toList(),
          has("catalogue")
              ? relativeTo(folder, bind("catalogue", CatalogueConfig.class))
              : CatalogueConfig.in(archive.path().resolve("catalogue.db")),
          bind("index", IndexConfig.class).in(folder, archive.path()),
          bind("capture", CaptureConfig.class),
          bind("imap", ImapConfig.class).in(folder),
          targets(folder),
          publishSchedule(),
          bind("results", ResultsConfig.class),
          bind("restore", RestoreConfig.class),
          valid(
              "server",
              (AbstractServerFactory)
                  bind(ServerDefaults.in(section("server")), "/server", ServerFactory.class)),
          valid(
              "logging",
              bind(LoggingDefaults.in(section("logging")), "/logging", LoggingFactory.class)));
    } catch (BadValueException e) {
      throw inItsFile(e, accounts);
    }
  }

  private Path folder() {
    return Objects.requireNonNull(file.toAbsolutePath().getParent()).normalize();
  }

  private ConfigException inItsFile(BadValueException e, List<Written> accounts) {
    String[] keys = e.key().split("/", 3);
    if (!keys[0].equals("accounts")) {
      return at("/" + e.key(), e.getMessage());
    }
    Written account = accounts.get(Integer.parseInt(keys[1]));
    return account.file().at(account.path() + "/" + keys[2], e.getMessage());
  }

  /// In order of their names.
  private List<Path> accountFiles(Path folder) throws ConfigException {
    Path accounts = folder.resolve(ACCOUNTS_FOLDER);
    if (!Files.isDirectory(accounts)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(accounts)) {
      return files
          .filter(other -> other.getFileName().toString().endsWith(".yml"))
          .sorted(Comparator.comparing(other -> other.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw unreadable(accounts, e);
    }
  }

  /// What a file of accounts holds: one account, or a list `accounts:` and nothing else.
  private List<Written> accountsOnly() throws ConfigException {
    if (!tree.root().isObject() || tree.root().isEmpty()) {
      throw new ConfigException(file, 1, "expected an account, or a list accounts:");
    }
    if (!has("accounts")) {
      String nameless = tree.unset().get("/name");
      if (nameless != null) {
        throw isUnset("/name", nameless);
      }
      return List.of(account(tree.root(), ""));
    }
    for (Map.Entry<String, JsonNode> key : tree.root().properties()) {
      if (!key.getKey().equals("accounts")) {
        throw at("/" + key.getKey(), "is not allowed beside accounts: in a file of accounts");
      }
    }
    checkVariables();
    return accounts();
  }

  /// An account, and where it stands.
  private record Written(ConfigFile file, String path, AccountConfig account) {}

  private ArchiveConfig archive(Path folder) throws ConfigException {
    try {
      return bind("archive", ArchiveConfig.class).in(folder, environment);
    } catch (BadValueException e) {
      throw at("/archive/" + e.key(), e.getMessage());
    }
  }

  private static CatalogueConfig relativeTo(Path folder, CatalogueConfig catalogue) {
    return CatalogueConfig.in(folder.resolve(catalogue.file()).normalize());
  }

  private void checkKeys() throws ConfigException {
    if (!tree.root().isObject()) {
      throw new ConfigException(file, 1, "expected keys such as " + KEYS);
    }
    for (Map.Entry<String, JsonNode> section : tree.root().properties()) {
      if (!KEYS.contains(section.getKey())) {
        throw unknown("/" + section.getKey(), section.getKey(), KEYS);
      }
    }
  }

  /// Dropwizard takes a type that it does not know for `default`.
  private void checkType(String section, List<String> known) throws ConfigException {
    String type = tree.root().path(section).path("type").asText("default");
    if (!known.contains(type)) {
      throw at(
          "/" + section + "/type", "\"" + type + "\" is not allowed: expected one of " + known);
    }
  }

  private void checkVariables() throws ConfigException {
    for (Map.Entry<String, String> variable : tree.unset().entrySet()) {
      String path = variable.getKey();
      boolean account = path.startsWith("/accounts/") && !path.endsWith("/name");
      if (!account && !path.startsWith("/publish/")) {
        throw isUnset(path, variable.getValue());
      }
    }
  }

  private ConfigException isUnset(String path, String variable) {
    return at(path, "the environment variable " + variable + " is not set");
  }

  private List<TargetConfig> targets(Path folder) throws ConfigException {
    JsonNode list = tree.root().path("publish");
    if (!list.isArray() && !isAbsent(list)) {
      throw at("/publish", "expected a list: each target begins with \"- folder:\" or the like");
    }
    List<TargetConfig> targets = new ArrayList<>();
    for (JsonNode node : list) {
      targets.add(target(node, "/publish/" + targets.size(), folder));
    }
    return targets;
  }

  private TargetConfig target(JsonNode node, String path, Path folder) throws ConfigException {
    Optional<String> unset = unset(path);
    if (unset.isPresent()) {
      return new TargetConfig.Unusable(keyName(path), unset.get());
    }
    return switch (bind(node, path, TargetConfig.class)) {
      case TargetConfig.Folder(Path relative) ->
          new TargetConfig.Folder(folder.resolve(relative).normalize());
      case TargetConfig.Mail mail -> mail.in(folder);
      case TargetConfig.Post post -> post;
      case TargetConfig.Unusable unusable -> unusable;
    };
  }

  /// Which variables that are not set stand below `path`; empty when none does.
  private Optional<String> unset(String path) {
    return tree.unset().entrySet().stream()
        .filter(variable -> variable.getKey().startsWith(path + "/"))
        .sorted(Map.Entry.comparingByKey())
        .map(
            variable ->
                "the environment variable "
                    + variable.getValue()
                    + " ("
                    + keyName(variable.getKey().substring(path.length()))
                    + ") is not set")
        .reduce((one, other) -> one + "; " + other);
  }

  private String publishSchedule() throws ConfigException {
    JsonNode node = tree.root().path("publishSchedule");
    if (!node.isTextual() && !isAbsent(node)) {
      throw at("/publishSchedule", "is not allowed: expected one value");
    }
    return node.asText(Settings.DEFAULT_PUBLISH_SCHEDULE);
  }

  private List<Written> accounts() throws ConfigException {
    JsonNode list = tree.root().path("accounts");
    if (!list.isArray() && !isAbsent(list)) {
      throw at("/accounts", "expected a list: each account begins with \"- name:\"");
    }
    List<Written> accounts = new ArrayList<>();
    for (JsonNode account : list) {
      accounts.add(account(account, "/accounts/" + accounts.size()));
    }
    return accounts;
  }

  private Written account(JsonNode node, String path) throws ConfigException {
    Optional<String> unset = unset(path);
    if (unset.isEmpty()) {
      return new Written(this, path, bind(node, path, AccountConfig.class).in(folder()));
    }
    try {
      return new Written(this, path, unusable(node, unset.get()));
    } catch (BadValueException e) {
      throw at(path + "/" + e.key(), e.getMessage());
    }
  }

  /// An account that keeps its name, title and owners, and has no source. An owner that is not
  /// known sees nothing; nobody else does in their place.
  private static AccountConfig unusable(JsonNode node, String reason) {
    AccountName name = AccountConfig.accountName(node.path("name").textValue());
    String title = node.path("title").asText("");
    return new AccountConfig(
        name,
        title.isBlank() ? name.value() : title,
        owners(node.path("owner"), name),
        node.path("primary").asBoolean(),
        new SourceConfig.Unusable(reason),
        AccountConfig.Folders.ALL,
        AccountConfig.DEFAULT_SCHEDULE,
        AccountConfig.DEFAULT_MAX_MESSAGE_SIZE);
  }

  private static Set<String> owners(JsonNode owner, AccountName name) {
    if (isAbsent(owner)) {
      return Set.of(name.value());
    }
    Stream<JsonNode> nodes = owner.isArray() ? owner.valueStream() : Stream.of(owner);
    return nodes.map(JsonNode::asText).filter(AccountName::isValid).collect(Collectors.toSet());
  }

  private boolean has(String key) {
    return !isAbsent(tree.root().path(key));
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private JsonNode section(String key) {
    return has(key) ? tree.root().path(key) : JsonNodeFactory.instance.objectNode();
  }

  private <T> T bind(String key, Class<T> type) throws ConfigException {
    return bind(section(key), "/" + key, type);
  }

  private <T> T bind(JsonNode node, String path, Class<T> type) throws ConfigException {
    if (!node.isObject()) {
      throw at(path, "expected keys and values below it");
    }
    checkKeys(node, path, type);
    try {
      return mapper.treeToValue(node, type);
    } catch (UnrecognizedPropertyException e) {
      throw unknown(
          path(path, e),
          e.getPropertyName(),
          e.getKnownPropertyIds().stream().map(Object::toString).toList());
    } catch (JsonMappingException e) {
      throw bad(path, e);
    } catch (JsonProcessingException e) {
      throw at(path, Objects.requireNonNullElse(e.getOriginalMessage(), "cannot be read"));
    }
  }

  /// Before the values are read: a mistyped key is not to be called a missing one.
  private void checkKeys(JsonNode node, String path, Class<?> type) throws ConfigException {
    Map<String, Class<?>> known = Keys.variant(type, node).map(Keys::of).orElse(Map.of());
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String key = entry.getKey();
      Class<?> below = known.get(key);
      if (below != null) {
        checkKeys(entry.getValue(), path + "/" + key, below);
      } else if (!known.isEmpty() && !key.equals("type")) {
        throw unknown(path + "/" + key, key, known.keySet());
      }
    }
  }

  private ConfigException bad(String path, JsonMappingException e) {
    String at = path(path, e);
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadValueException bad) {
        return at(at + "/" + bad.key(), bad.getMessage());
      }
    }
    return switch (e) {
      case InvalidTypeIdException type -> at(at + "/type", wrongType(type));
      case InvalidFormatException format ->
          at(at, "\"" + format.getValue() + "\" is not allowed: expected " + allowed(format));
      case MismatchedInputException mismatch when mismatch.getTargetType() != null ->
          at(at, "is not allowed: expected " + shape(mismatch.getTargetType()));
      default -> at(at, Objects.requireNonNullElse(e.getOriginalMessage(), "is not allowed"));
    };
  }

  private String wrongType(InvalidTypeIdException e) {
    Collection<String> known =
        mapper
            .getSubtypeResolver()
            .collectAndResolveSubtypesByClass(
                mapper.getDeserializationConfig(),
                mapper
                    .getDeserializationConfig()
                    .introspectClassAnnotations(e.getBaseType())
                    .getClassInfo())
            .stream()
            .filter(type -> type.hasName())
            .map(type -> type.getName())
            .sorted()
            .toList();
    String written = e.getTypeId();
    return (written == null ? "is missing" : "\"" + written + "\" is not allowed")
        + ": expected one of "
        + known;
  }

  private static String allowed(InvalidFormatException e) {
    Class<?> type = e.getTargetType();
    if (type.isEnum()) {
      return "one of " + names(type);
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    return type.isPrimitive() || Number.class.isAssignableFrom(type)
        ? "a whole number"
        : "a value of the kind " + type.getSimpleName();
  }

  private static String shape(Class<?> type) {
    if (!Keys.of(type).isEmpty()) {
      return "keys and values below it";
    }
    return Collection.class.isAssignableFrom(type) ? "a list, such as [one, two]" : "one value";
  }

  private static List<String> names(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(value -> ((Enum<?>) value).name().toLowerCase(Locale.ROOT))
        .toList();
  }

  private <T> T valid(String key, T section) throws ConfigException {
    ConstraintViolation<T> violation =
        Validators.newValidator().validate(section).stream()
            .min(Comparator.comparing(found -> found.getPropertyPath().toString()))
            .orElse(null);
    if (violation != null) {
      throw at(
          "/" + key + "/" + violation.getPropertyPath().toString().replace('.', '/'),
          violation.getMessage());
    }
    return section;
  }

  private ConfigException unknown(String path, String key, Collection<String> known) {
    return at(
        path,
        "is no key of this file; the nearest one there is \"" + NearestWord.to(key, known) + "\"");
  }

  private static String path(String above, JsonMappingException e) {
    StringBuilder path = new StringBuilder(above);
    for (Reference reference : e.getPath()) {
      path.append('/')
          .append(
              reference.getFieldName() == null ? reference.getIndex() : reference.getFieldName());
    }
    return path.toString();
  }

  private ConfigException at(String path, @Nullable String message) {
    return new ConfigException(
        file, tree.line(path), (keyName(path) + " " + message).stripLeading());
  }

  /// `accounts[0].source.port` for `/accounts/0/source/port`.
  private static String keyName(String path) {
    StringBuilder name = new StringBuilder();
    for (String key : path.split("/", -1)) {
      if (!key.isEmpty() && key.chars().allMatch(c -> c >= '0' && c <= '9')) {
        name.append('[').append(key).append(']');
      } else {
        name.append(name.isEmpty() ? "" : ".").append(key);
      }
    }
    return name.toString();
  }
}
