package org.muniment.server.config;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.indexer.extract.Tesseract;
import org.muniment.server.sasl.Mechanism;

class ConfigFileTest {

  private static final String ALICE =
      """
      accounts:
        - name: alice
          source:
            type: imap
            host: imap.example.com
            username: alice
            password: ${ALICE_PASSWORD}
      """;
  private static final Map<String, String> PASSWORD = Map.of("ALICE_PASSWORD", "a: b # \"c\"");

  @TempDir private Path folder;

  @Test
  void anEmptyFileMeansLoopbackAndADataFolderBesideIt() throws Exception {
    Settings settings = load("", Map.of());

    assertThat(settings.accounts()).isEmpty();
    assertThat(settings.archive().path()).isEqualTo(folder.resolve("data"));
    assertThat(settings.archive().encryption())
        .isEqualTo(new EncryptionConfig.KeyFile(folder.resolve("muniment.key")));
    assertThat(settings.catalogue().file()).isEqualTo(folder.resolve("data/catalogue.db"));
    assertThat(settings.index().path()).isEqualTo(folder.resolve("data/index"));
    assertThat(settings.imap())
        .isEqualTo(
            new ImapConfig(
                "127.0.0.1",
                1143,
                1993,
                null,
                5000,
                ImapConfig.UserFlags.SEEN,
                ImapConfig.Gone.SHOW,
                true));
    assertThat(settings.publish()).isEmpty();
    assertThat(settings.publishSchedule()).isEqualTo("0 0 * * * ?");
    DefaultServerFactory server = (DefaultServerFactory) settings.server();
    assertThat(address(server.getApplicationConnectors())).isEqualTo("127.0.0.1:8080");
    assertThat(address(server.getAdminConnectors())).isEqualTo("127.0.0.1:8081");
  }

  @Test
  void theRootKeyIsInAFileOrAVariableOrNowhere() throws Exception {
    assertThat(encryption("{ keyFile: /etc/muniment/key }", Map.of()))
        .isEqualTo(new EncryptionConfig.KeyFile(Path.of("/etc/muniment/key")));
    assertThat(encryption("{ keyFile: ../key }", Map.of()))
        .isEqualTo(new EncryptionConfig.KeyFile(folder.resolveSibling("key")));
    assertThat(encryption("{ keyVariable: KEY_1 }", Map.of("KEY_1", "secret")))
        .isEqualTo(new EncryptionConfig.KeyVariable("KEY_1", new Secret("secret")))
        .hasToString("KeyVariable[name=KEY_1, keys=(secret)]");
    assertThat(encryption("{ keyVariable: KEY_1 }", Map.of()))
        .isEqualTo(new EncryptionConfig.KeyVariable("KEY_1", null));
    assertThat(encryption("{ off: true }", Map.of())).isEqualTo(new EncryptionConfig.Off());
    assertThat(encryption("{ off: false }", Map.of()))
        .isEqualTo(new EncryptionConfig.KeyFile(folder.resolve("muniment.key")));
  }

  private EncryptionConfig encryption(String yaml, Map<String, String> environment)
      throws Exception {
    return load("archive: { encryption: " + yaml + " }", environment).archive().encryption();
  }

  @Test
  void aConnectorIsBoundToLoopbackUnlessItSaysOtherwise() throws Exception {
    DefaultServerFactory server =
        (DefaultServerFactory)
            load(
                    """
                    server:
                      applicationConnectors: [{ type: http, port: 9090 }]
                      adminConnectors: [{ type: http, port: 9091, bindHost: 0.0.0.0 }]
                    """,
                    Map.of())
                .server();

    assertThat(address(server.getApplicationConnectors())).isEqualTo("127.0.0.1:9090");
    assertThat(address(server.getAdminConnectors())).isEqualTo("0.0.0.0:9091");
  }

  @Test
  void anAccountGetsDefaultsForAllItDoesNotSay() throws Exception {
    AccountConfig alice = load(ALICE, PASSWORD).accounts().getFirst();

    assertThat(alice.title()).isEqualTo("alice");
    assertThat(alice.owners()).containsExactly("alice");
    assertThat(alice.primary()).isFalse();
    assertThat(alice.folders()).isEqualTo(AccountConfig.Folders.ALL);
    assertThat(alice.schedule()).isEqualTo("0 0/15 * * * ?");
    assertThat(alice.source())
        .isEqualTo(
            new SourceConfig.Imap(
                "imap.example.com",
                993,
                SourceConfig.Security.TLS,
                "alice",
                new Secret("a: b # \"c\"")));
  }

  @Test
  void theKeysOfAttachmentsAreRead() throws Exception {
    String attachments =
        """
        archive: { path: /srv/mail }
        index: { attachments: { heap: 512MiB, timeout: 2m } }
        """;
    assertThat(load(attachments, Map.of()).index())
        .isEqualTo(
            new IndexConfig(
                Path.of("/srv/mail/index"),
                new AttachmentsConfig(512L << 20, Duration.ofMinutes(2), false)));
    assertThat(load("archive: { path: /srv/mail }", Map.of()).index().attachments())
        .isEqualTo(AttachmentsConfig.DEFAULT);
    for (String wrong :
        List.of("heap: 1MiB", "heap: much", "timeout: 0s", "timeout: soon", "heaps: 1GiB")) {
      assertThatThrownBy(() -> load("index: { attachments: { " + wrong + " } }", Map.of()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("index.attachments." + wrong.substring(0, wrong.indexOf(':')));
    }
  }

  @Test
  void picturesAreReadOnlyWhereTesseractIsInstalled() throws Exception {
    String ocr = "index: { attachments: { ocr: true } }";
    if (Tesseract.isInstalled()) {
      assertThat(load(ocr, Map.of()).index().attachments().ocr()).isTrue();
    } else {
      assertThatThrownBy(() -> load(ocr, Map.of()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("index.attachments.ocr is true, and there is no program tesseract");
    }
  }

  @Test
  void everyKeyOfAnAccountIsRead() throws Exception {
    AccountConfig account =
        load(
                """
                archive: { path: /srv/mail }
                catalogue: { url: "jdbc:sqlite:other/cat.db" }
                index: { path: lucene }
                imap: { bind: localhost, port: 0, maxSessions: 7 }
                accounts:
                  - name: alice
                    title: Alice's mail
                    owner: [alice, bob]
                    primary: true
                    source: { type: imap, host: "::1", port: 10143, security: none, username: a, password: 0123 }
                    folders: { include: [INBOX, "Work/*"], exclude: [Work/Spam], journal: [INBOX], shared: false }
                    schedule: "0 0 3 * * ?"
                    maxMessageSize: 100MiB
                    deleteAtSource: { after: 12w, include: [INBOX], exclude: ["\\\\Drafts"] }
                    idle: [INBOX, Work/Now]
                """,
                Map.of())
            .accounts()
            .getFirst();

    assertThat(account.title()).isEqualTo("Alice's mail");
    assertThat(account.owners()).isEqualTo(Set.of("alice", "bob"));
    assertThat(account.primary()).isTrue();
    assertThat(account.folders())
        .isEqualTo(
            new AccountConfig.Folders(
                List.of("INBOX", "Work/*"), List.of("Work/Spam"), List.of("INBOX"), false));
    assertThat(account.schedule()).isEqualTo("0 0 3 * * ?");
    assertThat(account.maxMessageSize()).isEqualTo(100L << 20);
    assertThat(account.deleteAtSource())
        .isEqualTo(
            new DeleteAtSource(
                Duration.ofDays(84),
                new AccountConfig.Folders(List.of("INBOX"), List.of("\\Drafts"))));
    assertThat(account.idle()).containsExactly("INBOX", "Work/Now");
    assertThat(account.source())
        .isEqualTo(
            new SourceConfig.Imap(
                "::1", 10143, SourceConfig.Security.NONE, "a", new Secret("0123")));
  }

  @Test
  void nothingIsDeletedAndNothingIsWatchedUnlessItIsSaid() throws Exception {
    AccountConfig quiet = account("");
    assertThat(quiet.deleteAtSource()).isNull();
    assertThat(quiet.idle()).isEmpty();
    assertThat(account("idle: true").idle()).containsExactly("INBOX");
    assertThat(account("idle: false").idle()).isEmpty();
    assertThat(account("idle: [Post]").idle()).containsExactly("Post");
    assertThat(account("deleteAtSource: { after: 1d }").deleteAtSource())
        .isEqualTo(new DeleteAtSource(Duration.ofDays(1), AccountConfig.Folders.ALL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "deleteAtSource: { after: 0d }; deleteAtSource.after must be 1d to 36525d",
        "deleteAtSource: { after: 23h }; is no age: one is written in days or weeks",
        "deleteAtSource: { after: 90 }; is no age: one is written in days or weeks",
        "deleteAtSource: { after: 3months }; is no age: one is written in days or weeks",
        "deleteAtSource: { after: -1d }; is no age: one is written in days or weeks",
        "deleteAtSource: { after: 9999999w }; deleteAtSource.after must be 1d to 36525d",
        "deleteAtSource: { include: [INBOX] }; deleteAtSource.after is missing",
        "deleteAtSource: { age: 3d }; is no key of this file",
        "deleteAtSource: 90d; deleteAtSource is not allowed: expected keys and values below it",
        "idle: [a, b, c, d, e, f]; idle names 6 mailboxes: at most 5 are watched"
      })
  void whatCouldDeleteTooEarlyIsRefused(String keys, String words) {
    assertThatThrownBy(() -> account(keys))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("accounts[0].")
        .hasMessageContaining(words);
  }

  @Test
  void whatOthersShareIsCapturedWhereAskedForAndNeverDeleted() throws Exception {
    assertThat(account("folders: { shared: true }").folders().shared()).isTrue();
    assertThatThrownBy(
            () -> account("folders: { shared: true }\n    deleteAtSource: { after: 1d }"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("accounts[0].deleteAtSource")
        .hasMessageContaining("the mail of others");
  }

  private AccountConfig account(String keys) throws Exception {
    return load(
            """
            accounts:
              - name: alice
                source: { type: imap, host: mx.example.com, username: a, password: b }
                %s
            """
                .formatted(keys),
            Map.of())
        .accounts()
        .getFirst();
  }

  @Test
  void everyKeyOfPublicationIsRead() throws Exception {
    Settings settings =
        load(
            """
            publish:
              - folder: ../sent
              - post: "http://witness.example.org:81/add?key=${KEY}"
              - mail: { to: [a@example.org, Bob <b@example.org>], from: m@example.com, host: mx.example.com, port: 26, security: starttls, username: m, password: "${KEY}" }
            publishSchedule: "0 30 * * * ?"
            """,
            Map.of("KEY", "hush"));

    assertThat(settings.publish())
        .containsExactly(
            new TargetConfig.Folder(folder.resolve("../sent").normalize()),
            new TargetConfig.Post(URI.create("http://witness.example.org:81/add?key=hush")),
            new TargetConfig.Mail(
                List.of("a@example.org", "Bob <b@example.org>"),
                "m@example.com",
                "mx.example.com",
                26,
                SourceConfig.Security.STARTTLS,
                "m",
                new Secret("hush")));
    assertThat(settings.publishSchedule()).isEqualTo("0 30 * * * ?");
    assertThat(settings.publish())
        .extracting(TargetConfig::name)
        .noneMatch(n -> n.contains("hush"));
  }

  @Test
  void aVariableMissingInATargetFailsThatTargetOnly() throws Exception {
    assertThat(
            load(
                    """
                    publish:
                      - post: "https://witness.example.org/add?key=${KEY}"
                      - folder: /sent
                      - mail: { to: a@example.org, from: "${FROM}", host: mx, username: m, password: "${KEY}" }
                    """,
                    Map.of())
                .publish())
        .containsExactly(
            new TargetConfig.Unusable(
                "publish[0]", "the environment variable KEY (post) is not set"),
            new TargetConfig.Folder(Path.of("/sent")),
            new TargetConfig.Unusable(
                "publish[2]",
                "the environment variable FROM (mail.from) is not set; the environment variable KEY"
                    + " (mail.password) is not set"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://a/?key=hush", "http://a b/?key=hush", "http://u@a/?key=hush", "/?key=hush"})
  void aUrlThatMayHoldATokenIsNotRepeated(String url) {
    assertThatThrownBy(() -> load("publish: [ { post: \"" + url + "\" } ]", Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("publish[0].post ")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hush"));
  }

  @ParameterizedTest
  @CsvSource({"tls, 465", "starttls, 587", "none, 25"})
  void aMailTargetGetsDefaultsForAllItDoesNotSay(String security, int port) throws Exception {
    String mail =
        "{ to: a@example.org, from: m@example.com, host: mx, security: " + security + " }";

    assertThat(load("publish: [{ mail: " + mail + " }]", Map.of()).publish())
        .containsExactly(
            new TargetConfig.Mail(
                List.of("a@example.org"),
                "m@example.com",
                "mx",
                port,
                SourceConfig.Security.valueOf(security.toUpperCase(Locale.ROOT)),
                null,
                null));
  }

  @Test
  void defaultsLieBelowTheDataFolderWhereverItIs() throws Exception {
    Settings settings = load("archive: { path: ../mail }", Map.of());

    Path data = folder.resolve("../mail").normalize();
    assertThat(settings.archive().path()).isEqualTo(data);
    assertThat(settings.catalogue().file()).isEqualTo(data.resolve("catalogue.db"));
    assertThat(settings.index().path()).isEqualTo(data.resolve("index"));
    assertThat(settings.stateFile()).isEqualTo(data.resolve("state.db"));
  }

  @Test
  void aVariableMissingInAnAccountFailsThatAccountOnly() throws Exception {
    List<AccountConfig> accounts =
        load(
                ALICE
                    + """
                      - name: bob
                        source: { type: imap, host: mail.example.com, username: bob, password: x }
                    """,
                Map.of())
            .accounts();

    assertThat(accounts.get(0).source())
        .isEqualTo(
            new SourceConfig.Unusable(
                "the environment variable ALICE_PASSWORD (source.password) is not set"));
    assertThat(accounts.get(0).owners()).containsExactly("alice");
    assertThat(accounts.get(1).source()).isInstanceOf(SourceConfig.Imap.class);
  }

  @Test
  void anOwnerThatIsNotKnownSeesNothingAndNobodyElseDoes() throws Exception {
    AccountConfig alice =
        load(ALICE.replace("source:", "owner: ${BOSS}\n    source:"), PASSWORD)
            .accounts()
            .getFirst();

    assertThat(alice.owners()).isEmpty();
    assertThat(alice.source()).isInstanceOf(SourceConfig.Unusable.class);
  }

  @Test
  void aVariableMayHaveADefault() throws Exception {
    assertThat(load("imap: { port: \"${PORT:-2143}\" }", Map.of()).imap().port()).isEqualTo(2143);
    assertThat(load("imap: { port: \"${PORT:-2143}\" }", Map.of("PORT", "3143")).imap().port())
        .isEqualTo(3143);
  }

  @Test
  void aVariableInACommentDoesNotMatter() throws Exception {
    assertThat(load("# password: ${NOBODY_SET_THIS}", Map.of()).accounts()).isEmpty();
  }

  @Test
  void aSecretIsNotShown() throws Exception {
    assertThat(load(ALICE, PASSWORD).toString()).doesNotContain("a: b #");
    assertThat(load("publish: [ { post: \"http://a/b?key=hush\" } ]", Map.of()).toString())
        .doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          acounts: []                          | 1: acounts is no key of this file; the nearest one there is "accounts"
          imap: { prot: 1 }                    | 1: imap.prot is no key of this file; the nearest one there is "port"
          archive: { encrypt: {} }             | 1: archive.encrypt is no key of this file; the nearest one there is "encryption"
          archive: { encryption: on }          | 1: archive.encryption is not allowed: expected keys and values below it
          archive: { encryption: { key: x } }  | 1: archive.encryption.key is no key of this file; the nearest one there is "keyFile"
          archive: { encryption: { keyFile: data/x } } | 1: archive.encryption.keyFile
          archive: { path: . }                 | is inside archive.path
          archive: { encryption: { keyFile: data/../data/x } } | is inside archive.path: whoever copies the archive would have its key, too
          archive: { encryption: { keyFile: a, keyVariable: B } } | 1: archive.encryption.keyVariable stands beside another: one of keyFile, keyVariable and off: true is allowed
          archive: { encryption: { off: true, keyVariable: B } } | 1: archive.encryption.off stands beside another
          archive: { encryption: { off: maybe } } | 1: archive.encryption.off "maybe" is not allowed: expected true or false
          archive: { encryption: { keyVariable: "se-cret" } } | 1: archive.encryption.keyVariable is no name of an environment variable: letters, digits and _ are allowed
          imap: { port: 70000 }                | 1: imap.port 70000 is no port: 1 to 65535 are allowed
          imap: { port: many }                 | 1: imap.port "many" is not allowed: expected a whole number
          imap: { imapsPort: -1 }              | 1: imap.imapsPort -1 is no port: 1 to 65535 are allowed
          imap: { port: 993, imapsPort: 993 }  | 1: imap.imapsPort 993 is the port: without TLS already
          imap: { tls: { key: key.pem } }      | 1: imap.tls.certificate is missing: certificate: and key: name PEM files
          imap: { userFlags: all }             | 1: imap.userFlags "all" is not allowed: expected seen or none
          imap: { maxSessions: 0 }             | 1: imap.maxSessions 0 is not allowed: at least 1 is
          imap: 1143                           | 1: imap expected keys and values below it
          imap: { port: "${NOT_SET}" }         | 1: imap.port the environment variable NOT_SET is not set
          imap: { port: "${NOT_SET" }          | 1: imap.port has a ${ without its }
          imap: { port: 1, port: 2 }           | 1: imap.port stands here for the second time
          catalogue: { url: "jdbc:oracle:x" }  | 1: catalogue.url "jdbc:oracle:x" is not allowed: expected jdbc:sqlite: and a file
          server: { type: default, maxThread: 5 } | 1: server.maxThread is no key of this file; the nearest one there is "maxThreads"
          server: { type: fast }               | 1: server.type "fast" is not allowed: expected one of [default, simple]
          server: { maxThreads: 1 }            | 1: server.maxThreads must be greater than or equal to 4
          accounts: alice                      | 1: accounts expected a list
          accounts: [ alice ]                  | 1: accounts[0] expected keys and values
          imap: { port: [                      | 1: not YAML
          publish: { folder: x }               | 1: publish expected a list
          publish: [ x ]                       | 1: publish[0] expected keys and values
          publish: [ { foler: x } ]            | 1: publish[0].foler is no key of this file; the nearest one there is "folder"
          publish: [ { } ]                     | 1: publish[0].folder, post or mail is missing
          publish: [ { folder: x, post: "http://a" } ] | 1: publish[0].post is too much: a target is one of folder, post and mail
          publish: [ { post: "ftp://a/b" } ]   | 1: publish[0].post is not allowed: expected http:// or https:// and a host
          publish: [ { post: "http://a b" } ]  | 1: publish[0].post is no URL
          publish: [ { post: "http://u@a/" } ] | 1: publish[0].post has a user name
          publish: [ { folder: x }, { folder: ./x } ] | 1: publish[1] is the target "folder
          publish: [ { mail: x } ]             | 1: publish[0].mail is not allowed
          publish: [ { mail: { too: x } } ]    | 1: publish[0].mail.too is no key of this file; the nearest one there is "to"
          publish: [ { mail: { from: a@b.c, host: x } } ] | 1: publish[0].mail.to is missing
          publish: [ { mail: { to: [], from: a@b.c, host: x } } ] | 1: publish[0].mail.to must not be empty
          publish: [ { mail: { to: nobody, from: a@b.c, host: x } } ] | 1: publish[0].mail.to "nobody" is no mail address
          publish: [ { mail: { to: a@b.c, from: a@b.c, host: x, username: u } } ] | 1: publish[0].mail.password is missing: both are needed, or none
          publish: [ { mail: { to: a@b.c, from: a@b.c, host: x, security: none, username: u, password: p } } ] | 1: publish[0].mail.security none would send the password to x
          publish: [ "${NOT_SET}" ]            | 1: publish[0] expected keys and values
          publishSchedule: hourly              | 1: publishSchedule "hourly" is no Quartz cron expression
          publishSchedule: [ a ]               | 1: publishSchedule is not allowed: expected one value
          """)
  void whatIsWrongIsNamedWithItsLineAndWhatIsAllowed(String yaml, String message) {
    assertThatThrownBy(() -> load(yaml, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("config.yml:")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          name: alice                | name: Alice Smith            | 2: accounts[0].name "Alice Smith" is no account name
          name: alice                | name: ${WHO}                 | 2: accounts[0].name the environment variable WHO is not set
          - name: alice              | - title: Alice               | 2: accounts[0].name is missing
          host: imap.example.com     | port: 5                      | 3: accounts[0].source.host is missing
          username: alice            | user: alice                  | 6: accounts[0].source.user is no key of this file; the nearest one there is "username"
          type: imap                 | type: exchange               | 4: accounts[0].source.type "exchange" is not allowed: expected one of [imap, pop3]
          type: imap                 | port: 143                    | 3: accounts[0].source.type is missing: expected one of [imap, pop3]
          username: alice            | security: ssl                | 6: accounts[0].source.security "ssl" is not allowed: expected one of [tls, starttls, none]
          username: alice            | security: none               | accounts[0].source.username is missing
          host: imap.example.com     | {host: imap.example.com, security: none}  | not YAML
          type: imap                 | {type: imap                  | not YAML
          - name: alice              | - name: alice\\n    schedule: hourly | 3: accounts[0].schedule "hourly" is no Quartz cron expression
          - name: alice              | - name: alice\\n    primary: maybe   | 3: accounts[0].primary "maybe" is not allowed: expected true or false
          - name: alice              | - name: alice\\n    owner: Bob       | 3: accounts[0].owner "Bob" is no user name
          - name: alice              | - name: alice\\n    folders: {include: INBOX} | 3: accounts[0].folders.include is not allowed: expected a list, such as [one, two]
          - name: alice              | - name: alice\\n    title: [a, b]   | 3: accounts[0].title is not allowed: expected one value
          - name: alice              | - name: alice\\n    folders: {inc: [a]} | 3: accounts[0].folders.inc is no key of this file; the nearest one there is "include"
          """)
  void whatIsWrongInAnAccountIsNamed(String good, String bad, String message) {
    String yaml = ALICE.replace(good, bad.replace("\\n", "\n"));
    assertThatThrownBy(() -> load(yaml, PASSWORD))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anUnprotectedPasswordGoesToThisMachineOnly() {
    for (String type : List.of("imap", "pop3")) {
      String yaml = ALICE.replace("type: imap", "type: " + type + "\n      security: none");

      assertThatThrownBy(() -> load(yaml, PASSWORD))
          .hasMessageContaining(":5: accounts[0].source.security none would send the password");
    }
  }

  @Test
  void aPop3ServerHasThePortOfItsSecurity() throws Exception {
    for (SourceConfig.Security security : SourceConfig.Security.values()) {
      String yaml =
          ALICE
              .replace(
                  "type: imap", "type: pop3\n      security: " + security.name().toLowerCase(ROOT))
              .replace("imap.example.com", "localhost");

      assertThat(load(yaml, PASSWORD).accounts().getFirst().source())
          .isInstanceOfSatisfying(
              SourceConfig.Pop3.class,
              pop3 -> {
                assertThat(pop3.security()).isEqualTo(security);
                assertThat(pop3.port())
                    .isEqualTo(security == SourceConfig.Security.TLS ? 995 : 110);
                assertThat(pop3.username()).isEqualTo("alice");
              });
    }
  }

  @Test
  void twoAccountsHaveTwoNames() {
    assertThatThrownBy(() -> load(ALICE + ALICE.substring(ALICE.indexOf('\n') + 1), PASSWORD))
        .hasMessageContaining(":8: accounts[1].name \"alice\" is the name of an account above");
  }

  @Test
  void aUserHasOnePrimaryAccount() {
    String first = ALICE.replace("source:", "primary: true\n    source:");
    String second = first.replace("- name: alice", "- name: work\n    owner: alice");

    assertThatThrownBy(() -> load(first + second.substring(second.indexOf('\n') + 1), PASSWORD))
        .hasMessageContaining("accounts[1].primary \"alice\" has a primary account already");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ConfigFile.load(folder.resolve("none.yml"), name -> null))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("none.yml: there is no such file");
  }

  @Test
  void aFileThatCannotBeReadIsNamedWithTheReason() throws Exception {
    assertThatThrownBy(() -> ConfigFile.load(folder, name -> null))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("cannot be read: Is a directory");
    Path latin = Files.write(folder.resolve("latin.yml"), new byte[] {'#', (byte) 0xFC});
    assertThatThrownBy(() -> ConfigFile.load(latin, name -> null))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("cannot be read: it is not UTF-8");
  }

  @Test
  void everyKeyOfAMailServerIsRead() throws Exception {
    String one = "ab".repeat(32);
    String two = "CD:".repeat(31) + "CD";
    SourceConfig.Imap imap =
        source(
            """
            host: imap.example.com
            security: starttls
            pin: [%s, "sha256:%s"]
            username: alice
            auth: password
            mechanism: scram-sha-1
            passwordCommand: [./bin/password, alice]
            """
                .formatted(one, two));

    assertThat(imap)
        .isEqualTo(
            new SourceConfig.Imap(
                "imap.example.com",
                143,
                SourceConfig.Security.STARTTLS,
                new TrustConfig(null, Set.of(one, "cd".repeat(32))),
                "alice",
                new Credential.Password(
                    new SecretSource.Command(
                        List.of(folder.resolve("bin/password").toString(), "alice")),
                    Mechanism.SCRAM_SHA_1)));
  }

  @Test
  void pathsBeginAtTheFolderOfTheFile() throws Exception {
    SourceConfig.Imap imap =
        source("{ host: h, ca: tls/ca.pem, username: a, passwordFile: ../alice.password }");

    assertThat(imap.trust()).isEqualTo(new TrustConfig(folder.resolve("tls/ca.pem"), Set.of()));
    assertThat(imap.credential())
        .isEqualTo(
            new Credential.Password(
                new SecretSource.InFile(folder.resolveSibling("alice.password")), null));
    assertThat(source("{ host: h, username: a, tokenCommand: [token] }").credential())
        .isEqualTo(new Credential.TokenCommand(new SecretSource.Command(List.of("token"))));
  }

  @ParameterizedTest
  @CsvSource({
    "gmail, imap.gmail.com, https://oauth2.googleapis.com/token, https://mail.google.com/",
    "microsoft365, outlook.office365.com,"
        + " https://login.microsoftonline.com/common/oauth2/v2.0/token,"
        + " https://outlook.office.com/IMAP.AccessAsUser.All offline_access"
  })
  void aProviderIsKnownByName(String provider, String host, String tokenUrl, String scope)
      throws Exception {
    String keys = "{ provider: " + provider + ", username: a, clientId: c, refreshToken: r";

    SourceConfig.Imap imap = source(keys + " }");
    assertThat(imap.host()).isEqualTo(host);
    assertThat(imap.port()).isEqualTo(993);
    assertThat(imap.security()).isEqualTo(SourceConfig.Security.TLS);
    assertThat(imap.credential())
        .isEqualTo(
            new Credential.RefreshToken(URI.create(tokenUrl), "c", null, new Secret("r"), scope));

    SourceConfig.Imap other =
        source(keys + ", host: h, tokenUrl: 'http://[::1]:8/t', scope: s, clientSecret: x }");
    assertThat(other.host()).isEqualTo("h");
    assertThat(other.credential())
        .isEqualTo(
            new Credential.RefreshToken(
                URI.create("http://[::1]:8/t"), "c", new Secret("x"), new Secret("r"), "s"))
        .satisfies(credential -> assertThat(credential.toString()).doesNotContain("=x,", "=r,"));
    assertThat(source("{ provider: " + provider + ", username: a, password: p }").credential())
        .isEqualTo(new Credential.Password(new SecretSource.Written(new Secret("p")), null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          password: p, passwordFile: f             | passwordFile stands beside another: one of password, passwordFile and passwordCommand
          passwordFile: f, passwordCommand: [c]    | passwordCommand stands beside another
          password: ""                             | password must not be empty
          auth: password                           | password is missing: it, passwordFile or passwordCommand
          auth: kerberos, password: p              | auth "kerberos" is not allowed: expected one of [password, xoauth2]
          passwordCommand: []                      | passwordCommand must name a program
          passwordCommand: pass show               | passwordCommand is not allowed: expected a list
          password: p, mechanism: SCRAM            | mechanism "SCRAM" is not allowed: expected one of [SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, LOGIN, CRAM-MD5]
          password: p, mechanism: XOAUTH2          | mechanism "XOAUTH2" is not allowed
          password: p, scope: s                    | scope means nothing with auth: password
          password: p, refreshToken: r             | password means nothing with auth: xoauth2
          auth: password, refreshToken: r          | refreshToken means nothing with auth: password
          auth: xoauth2                            | tokenCommand is missing: it, or refreshToken
          auth: xoauth2, password: p               | password means nothing with auth: xoauth2
          tokenCommand: [c], refreshToken: r       | refreshToken means nothing with tokenCommand
          tokenCommand: [c], mechanism: PLAIN      | mechanism means nothing with auth: xoauth2
          refreshToken: r                          | tokenUrl is missing
          refreshToken: r, tokenUrl: "https://a"   | clientId is missing
          refreshToken: r, tokenUrl: "http://a/t"  | tokenUrl is not allowed: expected https://
          refreshToken: r, tokenUrl: "https://u:p@a/t" | tokenUrl is not allowed: expected https:// and a host, without a user name
          refreshToken: r, tokenUrl: "https://a b" | tokenUrl "https://a b" is no URL
          password: p, provider: aol               | provider "aol" is not allowed: expected one of [gmail, microsoft365]
          password: p, pin: abc                    | pin "abc" is no SHA-256 fingerprint of a certificate
          password: p, tokenurl: x                 | tokenurl is no key of this file; the nearest one there is "tokenUrl"
          """)
  void whatDoesNotGoTogetherInASourceIsNamed(String keys, String message) {
    assertThatThrownBy(() -> source("{ host: h, username: a, " + keys + " }"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("config.yml:3: accounts[0].source." + message)
        .hasMessageNotContaining("u:p@");
  }

  @Test
  void aPinAndAnAuthorityExcludeEachOther() {
    assertThatThrownBy(
            () ->
                source("{ host: h, username: a, password: p, ca: f, pin: " + "0".repeat(64) + " }"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("source.pin stands beside ca");
  }

  @Test
  void aVariableMissingInAnyKeyFailsThatAccountOnly() throws Exception {
    String yaml =
        """
        accounts:
          - name: alice
            source: { host: h, type: imap, username: a, clientId: c, tokenUrl: "https://a/", refreshToken: "${R}", clientSecret: "${S}" }
          - name: bob
            source: { host: h, type: imap, username: a, password: p }
        """;
    List<AccountConfig> accounts = load(yaml, Map.of("S", "s")).accounts();

    assertThat(accounts.get(0).source())
        .isEqualTo(
            new SourceConfig.Unusable(
                "the environment variable R (source.refreshToken) is not set"));
    assertThat(accounts.get(1).source()).isInstanceOf(SourceConfig.Imap.class);
  }

  @Test
  void accountsInFilesOfTheirOwnFollowInTheOrderOfTheFiles() throws Exception {
    String source = "source: { type: imap, host: h, username: u, passwordFile: secret }";
    accountFile("20-carol.yml", "name: carol\n" + source);
    accountFile(
        "10-more.yml",
        """
        accounts:
          - name: dave
            %1$s
          - name: erin
            %1$s
        """
            .formatted(source));
    accountFile("README.txt", "no account");
    accountFile("30-frank.yml", "name: frank\nsource: { type: imap, password: \"${NOT_SET}\" }");

    List<AccountConfig> accounts = load(ALICE, PASSWORD).accounts();

    assertThat(accounts)
        .extracting(account -> account.name().value())
        .containsExactly("alice", "dave", "erin", "carol", "frank");
    assertThat(((SourceConfig.Imap) accounts.get(3).source()).credential())
        .isEqualTo(
            new Credential.Password(
                new SecretSource.InFile(folder.resolve("accounts.d/secret")), null));
    assertThat(accounts.get(4).source())
        .isEqualTo(
            new SourceConfig.Unusable(
                "the environment variable NOT_SET (source.password) is not set"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          name: alice\\nsource: { type: imap, host: h, username: u, password: p } | a.yml:1: name "alice" is the name of an account above
          accounts:\\n  - name: alice\\n    source: { type: imap, host: h, username: u, password: p } | a.yml:2: accounts[0].name "alice" is the name of an account above
          name: bob\\nsource: { type: imap, host: h, user: u }   | a.yml:2: source.user is no key of this file
          name: bob\\nsorce: {}                                  | a.yml:2: sorce is no key of this file; the nearest one there is "source"
          name: bob                                             | a.yml:1: source is missing
          name: ${WHO}\\nsource: {}                              | a.yml:1: name the environment variable WHO is not set
          accounts:\\n  - name: ${WHO}                           | a.yml:2: accounts[0].name the environment variable WHO is not set
          accounts: []\\nimap: {}                                | a.yml:2: imap is not allowed beside accounts:
          accounts: bob                                         | a.yml:1: accounts expected a list
          [ bob ]                                               | a.yml:1: expected an account, or a list accounts:
          ``                                                    | a.yml:1: expected an account, or a list accounts:
          name: [                                               | a.yml:1: not YAML
          """)
  void whatIsWrongInAFileOfAccountsIsNamedWithTheFile(String yaml, String message)
      throws Exception {
    accountFile("a.yml", yaml.replace("\\n", "\n"));

    assertThatThrownBy(() -> load(ALICE, PASSWORD))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(folder.resolve("accounts.d").toString())
        .hasMessageContaining(message);
  }

  private void accountFile(String name, String yaml) throws IOException {
    Path accounts = Files.createDirectories(folder.resolve("accounts.d"));
    Files.writeString(accounts.resolve(name), yaml);
  }

  /// The source of an account that has these keys.
  private SourceConfig.Imap source(String keys) throws ConfigException, IOException {
    String source =
        keys.startsWith("{")
            ? keys.replaceFirst("\\{", "{ type: imap, ")
            : "\n      type: imap\n" + keys.indent(6);
    Settings settings = load("accounts:\n  - name: alice\n    source: " + source + "\n", Map.of());
    return (SourceConfig.Imap) settings.accounts().getFirst().source();
  }

  @Test
  void limitsAreTakenAsTheyAreWritten() throws Exception {
    AccountLimits limits =
        limits(
            "{ connections: 1, bandwidth: 500KB/s, perDay: 2GB, hours: 22:00-06:00, timeZone: Asia/Tokyo }");
    assertThat(limits)
        .isEqualTo(
            new AccountLimits(
                1,
                500_000,
                2_000_000_000,
                new Hours(LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneId.of("Asia/Tokyo"))));
    assertThat(limits("{}")).isEqualTo(AccountLimits.NONE);
    assertThat(load(ALICE, PASSWORD).accounts().getFirst().limits()).isEqualTo(AccountLimits.NONE);
    assertThat(load("capture: { parallel: 9 }", Map.of()).capture())
        .isEqualTo(new CaptureConfig(9, 9));
  }

  @Test
  void gmailHasALimitOfItsOwnUnlessTheFileSaysOtherwise() throws Exception {
    String gmail = ALICE.replace("imap.example.com", "imap.gmail.com");
    assertThat(load(gmail, PASSWORD).accounts().getFirst().limits().perDay())
        .isEqualTo(2_000_000_000);
    assertThat(
            load(gmail + "    limits: { perDay: 1GB }\n", PASSWORD)
                .accounts()
                .getFirst()
                .limits()
                .perDay())
        .isEqualTo(1_000_000_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          { connections: 0 } | accounts[0].limits.connections must be 1 to 100
          { bandwidth: 2MB } | accounts[0].limits.bandwidth "2MB" is no rate
          { bandwidth: fast/s } | accounts[0].limits.bandwidth "fast" is no size
          { bandwidth: 10B/s } | accounts[0].limits.bandwidth must be 1KB/s or more
          { perDay: 0 } | accounts[0].limits.perDay "0" is no size
          { hours: 22-6 } | accounts[0].limits.hours "22-6" is no part of the day
          { hours: 22:00-06:00, timeZone: Nowhere } | accounts[0].limits.timeZone "Nowhere" is no time zone
          { perday: 2GB } | the nearest one there is "perDay"
          """)
  void aLimitThatIsNoneIsRefused(String limits, String words) {
    assertThatThrownBy(() -> limits(limits))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(words);
  }

  private AccountLimits limits(String limits) throws Exception {
    return load(ALICE + "    limits: " + limits + "\n", PASSWORD).accounts().getFirst().limits();
  }

  private Settings load(String yaml, Map<String, String> environment)
      throws ConfigException, IOException {
    Path file = folder.resolve("config.yml");
    Files.writeString(file, yaml);
    return ConfigFile.load(file, environment::get);
  }

  private static String address(List<?> connectors) {
    HttpConnectorFactory connector = (HttpConnectorFactory) connectors.getFirst();
    return connector.getBindHost() + ":" + connector.getPort();
  }
}
