package org.muniment.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

  private static final String CONFIG =
      """
      accounts:
        - name: alice
          source:
            { type: imap, host: 127.0.0.1, port: 1, security: none, username: a, password: b }
        - name: bob
          source:
            { type: imap, host: mail.example.com, username: b, password: "${BOBS_PASSWORD}" }
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;
  private Path config;

  @BeforeEach
  void write() throws Exception {
    config = Files.writeString(folder.resolve("config.yml"), CONFIG);
  }

  @Test
  void helpNamesEveryCommandAndTeachesEach() {
    assertThat(run("", "--help")).isZero();
    List<String> commands =
        List.of(
            "serve", "init", "check", "capture", "search", "status", "verify", "seal", "rebuild",
            "backup", "proof", "publish", "key", "user");
    assertThat(text(out)).contains(commands);
    for (String command : commands) {
      out.reset();
      assertThat(run("", command, "--help")).isZero();
      assertThat(text(out)).startsWith("usage: scripts/muniment " + command);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                              | A COMMAND is missing
          frobnicate                      | There is no command frobnicate
          serve now                       | "now" is too much
          status --josn                   | there is no option --josn here, only [--json, --config FILE, --help]
          status --json=yes               | --json takes no value
          status --json --json            | --json stands here twice
          status --config                 | --config needs a value
          user                            | expected add, list, passwd, grant or token
          user remove alice               | user remove: expected add, list
          user add                        | NAME is missing
          user add alice                  | --password-stdin is missing
          user add alice --password-stdin | the password on standard input is empty
          user add Alice --password-stdin | user name "Alice"
          user add a --role king --password-stdin | role "king": expected user, auditor or admin
          user grant alice                | ACCOUNT is missing
          user token alice --revoke       | ID is missing
          seal now                        | "now" is too much
          rebuild everything              | "everything": expected catalogue or index, or nothing
          rebuild catalogue index         | "index" is too much
          key                             | expected export, confirm, restore or rotate
          key print                       | key print: expected export, confirm, restore or rotate
          key export all                  | "all" is too much
          capture carol                   | config.yml has no account "carol", it has [alice, bob]
          """)
  void wrongUseIsNamedAndExits2(String line, String message) {
    assertThat(run("", words(line))).isEqualTo(2);
    assertThat(text(err)).contains(message);
    assertThat(folder.resolve("data/archive")).doesNotExist();
  }

  @Test
  void aWrongConfigurationExits2WithItsLine() throws Exception {
    Files.writeString(config, "imap:\n  prot: 1\n");

    assertThat(run("", "status")).isEqualTo(2);
    assertThat(text(err)).contains("config.yml:2: imap.prot is no key of this file");
  }

  @Test
  void usersAreAddedAndListedWithWhatTheyRead() {
    assertThat(run("secret\n", "user", "add", "alice", "--password-stdin")).isZero();
    assertThat(run("secret\n", "user", "add", "eve", "--password-stdin", "--role", "auditor"))
        .isZero();
    assertThat(run("secret\n", "user", "add", "root", "--password-stdin", "--role=admin")).isZero();
    assertThat(run("", "user", "grant", "eve", "bob")).isZero();
    out.reset();

    assertThat(run("", "user", "list")).isZero();
    assertThat(text(out).lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "alice user reads: alice",
            " tokens: none",
            "eve auditor reads: bob eve",
            " tokens: none",
            "root admin reads: none",
            " tokens: none");
  }

  @Test
  void aSecondUserOfTheSameNameExits3() {
    assertThat(run("secret\n", "user", "add", "alice", "--password-stdin")).isZero();

    assertThat(run("other\n", "user", "add", "alice", "--password-stdin")).isEqualTo(3);
    assertThat(text(err)).isEqualTo("there is a user \"alice\" already\n");
  }

  @Test
  void aTokenIsShownOnceAndRevokedByItsId() {
    run("secret\n", "user", "add", "alice", "--password-stdin");
    out.reset();
    assertThat(run("", "user", "token", "alice")).isZero();
    assertThat(text(out)).matches("mnt_[0-9a-f]{64}\n");
    String id = text(err).split(" ", -1)[1];
    assertThat(run("", "user", "list")).isZero();
    assertThat(text(out)).contains("tokens: " + id);

    assertThat(run("", "user", "token", "alice", "--revoke", id)).isZero();
    assertThat(run("", "user", "token", "alice", "--revoke", id)).isEqualTo(3);
  }

  @Test
  void aGrantOfAnAccountThatNobodyHasIsNoted() {
    run("secret\n", "user", "add", "eve", "--password-stdin", "--role", "auditor");

    assertThat(run("", "user", "grant", "eve", "carol")).isZero();
    assertThat(text(err)).contains("note: config.yml has no account carol");
    assertThat(run("", "user", "grant", "eve", "carol", "--revoke")).isZero();
    assertThat(run("", "user", "grant", "eve", "carol", "--revoke")).isEqualTo(3);
  }

  @Test
  void whoOnlyLooksBeginsNoArchive() {
    assertThat(run("", "seal")).isEqualTo(3);
    assertThat(run("", "rebuild")).isEqualTo(3);
    assertThat(run("", "status")).isEqualTo(3);
    assertThat(run("", "search", "word")).isEqualTo(3);
    assertThat(text(err)).contains("there is no archive in").contains("init");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void initMakesAnArchiveOnceForItsOwnerOnly() throws Exception {
    assertThat(run("", "init")).isZero();
    assertThat(text(out)).contains("made a new archive in " + folder.resolve("data/archive"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data"))))
        .isEqualTo("rwx------");
    byte[] format = Files.readAllBytes(folder.resolve("data/archive/FORMAT"));

    assertThat(run("", "init")).isEqualTo(1);
    assertThat(Files.readAllBytes(folder.resolve("data/archive/FORMAT"))).isEqualTo(format);
  }

  @Test
  void aServerThatIsNotThereFailsItsAccountAndTheOthersGoOn() {
    assertThat(run("", "capture")).isEqualTo(1);
    assertThat(text(out)).contains("alice: INCOMPLETE").contains("bob: INCOMPLETE");
    assertThat(text(out))
        .contains("the environment variable BOBS_PASSWORD (source.password) is not set");
  }

  @Test
  void statusTellsOfEachAccountAlsoToPrograms() throws Exception {
    assertThat(run("", "init")).isZero();
    out.reset();
    assertThat(run("", "status", "--json")).isEqualTo(1);

    JsonNode status = new ObjectMapper().readTree(text(out));
    assertThat(status.path("entries").asLong()).isZero();
    assertThat(status.path("accounts").findValuesAsText("name")).containsExactly("alice", "bob");
    assertThat(status.path("accounts").get(0).path("missing").asText()).isEqualTo("never captured");
  }

  @Test
  void searchOfAnEmptyArchiveFindsNothing() throws Exception {
    assertThat(run("", "init")).isZero();
    out.reset();
    assertThat(run("", "search", "from:alice", "--json")).isZero();
    assertThat(new ObjectMapper().readTree(text(out)).path("total").asInt(-1)).isZero();
  }

  @Test
  void searchCountsWhatIsAskedForAndRefusesWhatItDoesNotKnow() throws Exception {
    assertThat(run("", "init")).isZero();
    out.reset();
    assertThat(run("", "search", "", "--json", "--facets", "month,type", "--sort", "oldest"))
        .isZero();
    assertThat(new ObjectMapper().readTree(text(out)).path("facets").findValuesAsText("facet"))
        .containsExactly("month", "type");
    assertThat(run("", "search", "on:today", "--zone", "Asia/Tokyo")).isZero();
    assertThat(run("", "search", "x", "--facets", "colour")).isEqualTo(2);
    assertThat(text(err)).contains("mailbox, type, language; not \"colour\"");
    assertThat(run("", "search", "x", "--sort", "size")).isEqualTo(2);
    assertThat(run("", "search", "x", "--zone", "Mars")).isEqualTo(2);
  }

  @Test
  void aWrongQueryExits2WithItsColumn() {
    assertThat(run("", "init")).isZero();
    assertThat(run("", "search", "from:(")).isEqualTo(2);
    assertThat(text(err)).contains("column ").contains("expected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"init", "user list"})
  void aFolderFullOfOtherFilesIsLeftAlone(String line) throws Exception {
    Path other = Files.createDirectories(folder.resolve("data/photos"));
    var before = Files.getPosixFilePermissions(other.getParent());

    assertThat(run("", words(line))).isEqualTo(3);
    assertThat(text(err)).contains("holds other files");
    assertThat(Files.getPosixFilePermissions(other.getParent())).isEqualTo(before);
  }

  @Test
  void aFileInPlaceOfTheDataFolderIsNamed() throws Exception {
    Files.writeString(folder.resolve("data"), "");

    assertThat(run("", "init")).isEqualTo(3);
    assertThat(text(err)).hasLineCount(1).contains(folder.resolve("data").toString());
  }

  @Test
  void searchesAreSavedListedAndForgotten() {
    run("secret\n", "user", "add", "alice", "--password-stdin");
    String[] save = {"search", "from:anna invoice", "--save", "Anna's", "--user", "alice"};
    assertThat(run("", save)).as(text(err)).isZero();
    out.reset();
    assertThat(run("", "search", "--list", "--user", "alice")).isZero();
    assertThat(text(out)).isEqualTo("Anna's  from:anna invoice\n");
    assertThat(run("", "search", "--remove", "Anna's", "--user", "alice")).isZero();
    assertThat(run("", "search", "--remove", "Anna's", "--user", "alice")).isEqualTo(2);
    out.reset();
    assertThat(run("", "search", "--list", "--user", "alice")).isZero();
    assertThat(text(out)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--list",
        "--list --user nobody",
        "word --user alice",
        "--save n --user alice",
        "from:( --save n --user alice",
        "word --save a/b --user alice",
        "word --list --user alice",
        "word --save n --list --user alice"
      })
  void savingASearchWrongIsWrongUse(String arguments) {
    run("secret\n", "user", "add", "alice", "--password-stdin");
    assertThat(run("", ("search " + arguments).split(" ", -1))).isEqualTo(2);
  }

  @Test
  void helpIsNoWiderThanATerminal() {
    for (String command : List.of("search", "status")) {
      out.reset();
      run("", command, "--help");
      assertThat(text(out).lines()).allMatch(line -> line.length() <= 105, command);
    }
  }

  private int run(String input, String... arguments) {
    err.reset();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    List<String> line = new ArrayList<>(List.of(arguments));
    if (!line.contains("--config")) {
      line.add(0, config.toString());
      line.add(0, "--config");
    }
    return new CommandLine(console, name -> null).run(line);
  }

  private static String[] words(String line) {
    return line.isEmpty() ? new String[0] : line.split(" ", -1);
  }

  private static String text(ByteArrayOutputStream octets) {
    return octets.toString(StandardCharsets.UTF_8);
  }
}
