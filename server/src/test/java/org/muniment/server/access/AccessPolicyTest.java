package org.muniment.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.muniment.archive.event.AccountName;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.SourceConfig;

class AccessPolicyTest {

  private final AccessPolicy policy =
      new AccessPolicy(
          List.of(
              account("alice", false, "alice"),
              account("alice@work", false, "alice"),
              account("bob@home", false, "bob"),
              account("bob@work", true, "bob"),
              account("carol", false, "dave"),
              account("eve@work", false, "eve"),
              account("shared", false, "alice", "eve"),
              account("orphan", false)),
          name ->
              switch (name) {
                case "bob" -> Set.of(new AccountName("alice"));
                case "auditor" -> Set.of(new AccountName("alice"), new AccountName("gone"));
                case "root" -> Set.of(new AccountName("alice"));
                default -> Set.of();
              });

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          alice   | USER    | alice=PRIMARY alice@work=OWN shared=OWN
          alice   | AUDITOR | alice=PRIMARY alice@work=OWN shared=OWN
          alice   | ADMIN   | ''
          bob     | USER    | bob=OWN bob@home=OWN bob@work=PRIMARY
          bob     | AUDITOR | alice=OTHER bob=OWN bob@home=OWN bob@work=PRIMARY
          carol   | USER    | ''
          dave    | USER    | carol=PRIMARY dave=OWN
          eve     | USER    | eve=OWN eve@work=PRIMARY shared=OWN
          frank   | USER    | frank=PRIMARY
          auditor | AUDITOR | alice=OTHER auditor=PRIMARY gone=OTHER
          auditor | USER    | auditor=PRIMARY
          root    | ADMIN   | ''
          """)
  void whoSeesWhat(String name, Role role, String expected) {
    assertThat(policy.visible(new User(name, role))).isEqualTo(parse(expected));
  }

  @Test
  void whatIsNotVisibleHasNoRelation() {
    User bob = new User("bob", Role.USER);

    assertThat(policy.relation(bob, new AccountName("bob@work"))).contains(Relation.PRIMARY);
    assertThat(policy.relation(bob, new AccountName("shared"))).isEmpty();
    assertThat(policy.relation(bob, new AccountName("orphan"))).isEmpty();
    assertThat(policy.relation(new User("bob", Role.ADMIN), new AccountName("bob@work"))).isEmpty();
  }

  @Test
  void anAccountWithoutOwnersIsSeenByNobodyEvenOfItsName() {
    assertThat(policy.visible(new User("orphan", Role.USER))).isEmpty();
  }

  @Test
  void whoOwnsAnAccountOrRunsTheSystemCommandsIt() {
    AccountName work = new AccountName("bob@work");

    assertThat(policy.commands(new User("bob", Role.USER), work)).isTrue();
    assertThat(policy.commands(new User("bob", Role.USER), new AccountName("orphan"))).isFalse();
    assertThat(policy.commands(new User("mallory", Role.USER), work)).isFalse();
    assertThat(policy.commands(new User("bob", Role.ADMIN), work)).isTrue();
    User auditor = new User("auditor", Role.AUDITOR);
    assertThat(policy.visible(auditor)).isNotEmpty();
    policy
        .visible(auditor)
        .forEach(
            (account, relation) ->
                assertThat(policy.commands(auditor, account))
                    .isEqualTo(relation != Relation.OTHER));
  }

  private static Map<AccountName, Relation> parse(String expected) {
    return Arrays.stream(expected.split(" "))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> entry.split("="))
        .collect(
            Collectors.toMap(
                entry -> new AccountName(entry[0]), entry -> Relation.valueOf(entry[1])));
  }

  private static AccountConfig account(String name, boolean primary, String... owners) {
    return new AccountConfig(
        new AccountName(name),
        name,
        Set.of(owners),
        primary,
        new SourceConfig.Unusable("a test"),
        AccountConfig.Folders.ALL,
        AccountConfig.DEFAULT_SCHEDULE,
        AccountConfig.DEFAULT_MAX_MESSAGE_SIZE);
  }
}
