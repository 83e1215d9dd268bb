package org.muniment.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.AccountName;
import org.muniment.server.config.Secret;

class LocalSignInTest {

  private static final InetAddress HERE = InetAddress.ofLiteral("192.0.2.1");
  private static final User ALICE = new User("alice", Role.USER);
  private static final User AUDITOR = new User("eve", Role.AUDITOR);
  private static final Secret RIGHT = new Secret("pässword \u4e2d\u6587");
  private static final Secret WRONG = new Secret("password");

  private final MovableClock clock = new MovableClock();
  private final List<Duration> pauses = new ArrayList<>();

  @TempDir private Path folder;
  private StateDatabase database;
  private Users users;
  private LocalSignIn signIn;

  @BeforeEach
  void open() throws Exception {
    database = StateDatabase.open(folder.resolve("state.db"));
    users = new Users(database, new PasswordHash(), clock);
    signIn = new LocalSignIn(users, clock, pauses::add);
    users.add(ALICE, RIGHT);
  }

  @AfterEach
  void close() throws Exception {
    database.close();
  }

  @Test
  void theRightPasswordSignsIn() {
    assertThat(signIn.withPassword("alice", RIGHT, HERE)).contains(ALICE);
  }

  @Test
  void guessesAtTheSameTimeWaitLikeThoseOneAfterTheOther() throws Exception {
    List<Duration> waited = Collections.synchronizedList(new ArrayList<>());
    LocalSignIn asked = new LocalSignIn(users, clock, waited::add);
    try (ExecutorService guessers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        Secret guess = new Secret("guess" + i);
        guessers.execute(() -> asked.withPassword("alice", guess, HERE));
      }
    }
    assertThat(waited).hasSize(16);
    assertThat(asked.withPassword("alice", RIGHT, HERE)).contains(ALICE);
  }

  @Test
  void anythingElseDoesNot() {
    assertThat(signIn.withPassword("alice", WRONG, HERE)).isEmpty();
    assertThat(signIn.withPassword("alice", new Secret(""), HERE)).isEmpty();
    assertThat(signIn.withPassword("bob", RIGHT, HERE)).isEmpty();
    assertThat(signIn.withPassword("Alice", RIGHT, HERE)).isEmpty();
    assertThat(signIn.withPassword("", RIGHT, HERE)).isEmpty();
    assertThat(signIn.withPassword("alice", new Secret("x".repeat(100_000)), HERE)).isEmpty();
  }

  @Test
  void thePasswordIsKeptAsArgon2idWithASaltOfItsOwn() throws Exception {
    users.add(new User("bob", Role.USER), RIGHT);

    assertThat(users.password("alice")).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(users.password("alice")).isNotEqualTo(users.password("bob"));
  }

  @Test
  void anUnknownUserCostsAsMuchAsAWrongPassword() {
    long known = nanoseconds("alice");
    long unknown = nanoseconds("nobody");

    assertThat((double) unknown / known).isBetween(0.3, 3.0);
  }

  @Test
  void failuresMakeTheNextAttemptWait() {
    for (int i = 0; i < 5; i++) {
      assertThat(signIn.withPassword("alice", WRONG, HERE)).isEmpty();
    }
    assertThat(signIn.withPassword("alice", RIGHT, HERE)).contains(ALICE);

    assertThat(pauses).containsExactly(Duration.ofMillis(250), Duration.ofMillis(500));
  }

  @Test
  void aPasswordThatWasRightAMomentAgoDoesNotWaitNorCompute() {
    assertThat(signIn.withPassword("alice", RIGHT, HERE)).contains(ALICE);
    for (int i = 0; i < 6; i++) {
      assertThat(signIn.withPassword("alice", WRONG, HERE)).isEmpty();
    }
    pauses.clear();
    long start = System.nanoTime();
    assertThat(signIn.withPassword("alice", RIGHT, HERE)).contains(ALICE);
    long remembered = System.nanoTime() - start;

    assertThat(pauses).isEmpty();
    assertThat(remembered).isLessThan(nanoseconds("nobody"));
  }

  @Test
  void aRememberedPasswordIsForgottenInTime() {
    assertThat(signIn.withPassword("alice", RIGHT, HERE)).contains(ALICE);
    clock.forward(RecentPasswords.GOOD_FOR);
    for (int i = 0; i < 4; i++) {
      assertThat(signIn.withPassword("alice", WRONG, HERE)).isEmpty();
    }
    assertThat(signIn.withPassword("alice", RIGHT, HERE)).contains(ALICE);

    assertThat(pauses).as("the last attempt was looked at anew").hasSize(1);
  }

  @Test
  void aChangedPasswordHoldsAtOnce() throws Exception {
    assertThat(signIn.withPassword("alice", RIGHT, HERE)).contains(ALICE);
    users.changePassword("alice", new Secret("another"));

    assertThat(signIn.withPassword("alice", RIGHT, HERE)).isEmpty();
    assertThat(signIn.withPassword("alice", new Secret("another"), HERE)).contains(ALICE);
  }

  @Test
  void aTokenSignsInAsItsUserAlsoInPlaceOfThePassword() throws Exception {
    Token.Issued token = users.issueToken("alice");

    assertThat(signIn.withToken(token.secret())).contains(ALICE);
    assertThat(signIn.withPassword("alice", token.secret(), HERE)).contains(ALICE);
    assertThat(signIn.withPassword("bob", token.secret(), HERE)).isEmpty();
    assertThat(signIn.withToken(new Secret(token.secret().value() + "0"))).isEmpty();
    assertThat(signIn.withToken(new Secret(token.id()))).isEmpty();
  }

  @Test
  void aTokenHas256RandomBitsAndOnlyItsHashIsKept() throws Exception {
    Token.Issued token = users.issueToken("alice");
    String secret = token.secret().value();

    assertThat(secret).matches("mnt_[0-9a-f]{64}");
    assertThat(users.issueToken("alice").secret()).isNotEqualTo(token.secret());
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain(secret.substring(4));
      }
    }
  }

  @Test
  void aRevokedTokenIsWorthless() throws Exception {
    Token.Issued token = users.issueToken("alice");
    users.revokeToken("alice", token.id());

    assertThat(signIn.withToken(token.secret())).isEmpty();
    assertThat(users.tokens("alice").getFirst().revoked()).isNotNull();
    assertThatThrownBy(() -> users.revokeToken("alice", token.id()))
        .isInstanceOf(AccessException.class);
  }

  @Test
  void aTokenIsRevokedByItsOwnUserOnly() throws Exception {
    users.add(new User("bob", Role.USER), RIGHT);
    Token.Issued token = users.issueToken("alice");

    assertThatThrownBy(() -> users.revokeToken("bob", token.id()))
        .isInstanceOf(AccessException.class);
    assertThat(signIn.withToken(token.secret())).contains(ALICE);
  }

  @Test
  void twoUsersHaveTwoNames() {
    assertThatThrownBy(() -> users.add(ALICE, RIGHT))
        .isInstanceOf(AccessException.class)
        .hasMessage("there is a user \"alice\" already");
  }

  @Test
  void grantsAreGivenAndTakenBack() throws Exception {
    AccountName account = new AccountName("bob@work");
    users.add(AUDITOR, RIGHT);
    users.grant("eve", account);
    users.grant("eve", account);
    assertThat(users.of("eve")).containsExactly(account);

    users.revokeGrant("eve", account);
    assertThat(users.of("eve")).isEmpty();
    assertThatThrownBy(() -> users.revokeGrant("eve", account)).isInstanceOf(AccessException.class);
  }

  @Test
  void onlyAnAuditorIsGrantedAnything() throws Exception {
    users.add(new User("root", Role.ADMIN), RIGHT);

    for (String name : List.of("root", "alice")) {
      assertThatThrownBy(() -> users.grant(name, new AccountName("bob")))
          .isInstanceOf(AccessException.class)
          .hasMessageContaining("is no auditor");
    }
  }

  @Test
  void whatWasDecidedIsThereAfterARestartForTheOwnerOfTheFolderOnly() throws Exception {
    users.add(AUDITOR, RIGHT);
    users.grant("eve", new AccountName("bob"));
    database.close();
    database = StateDatabase.open(folder.resolve("state.db"));
    users = Users.of(database);

    assertThat(users.list()).containsExactly(ALICE, AUDITOR);
    assertThat(users.of("eve")).containsExactly(new AccountName("bob"));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("state.db"))))
        .isEqualTo("rw-------");
  }

  private long nanoseconds(String name) {
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      long start = System.nanoTime();
      assertThat(signIn.withPassword(name, WRONG, HERE)).isEmpty();
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return fastest;
  }
}
