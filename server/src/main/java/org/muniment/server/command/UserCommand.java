package org.muniment.server.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.muniment.archive.event.AccountName;
import org.muniment.server.access.AccessException;
import org.muniment.server.access.AccessPolicy;
import org.muniment.server.access.Role;
import org.muniment.server.access.StateDatabase;
import org.muniment.server.access.Token;
import org.muniment.server.access.User;
import org.muniment.server.access.Users;
import org.muniment.server.config.Secret;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.DataFolder;

/// Local users: who they are and what they may read.
final class UserCommand implements Command {

  @Override
  public String name() {
    return "user";
  }

  @Override
  public String summary() {
    return "local users: add, list, passwd, grant, token";
  }

  @Override
  public List<String> options() {
    return List.of("--password-stdin", "--role ROLE", "--revoke");
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment user add NAME --password-stdin [--role user|auditor|admin]
               scripts/muniment user list
               scripts/muniment user passwd NAME --password-stdin
               scripts/muniment user grant NAME ACCOUNT [--revoke]
               scripts/muniment user token NAME [--revoke ID]

        Works while the server runs; a change holds from the next sign-in on.

        add     a user; reads the accounts that config.yml gives to that name (owner:)
                user     reads what they own
                auditor  reads what is granted, too
                admin    runs the system and sees no content
        list    every user with role, accounts and tokens
        passwd  another password; tokens stay good
        grant   lets the auditor NAME read the whole ACCOUNT of somebody else; --revoke ends that
        token   makes a token for programs: used as "Authorization: Bearer TOKEN" and as password
                in mail clients; shown once; --revoke ID makes it worthless

        --password-stdin  the password is the first line of standard input

        example: printf '%s\\n' "$PASSWORD" | scripts/muniment user add alice --password-stdin
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console)
      throws UsageException, Exception {
    if (arguments.words().isEmpty()) {
      throw new UsageException("expected add, list, passwd, grant or token");
    }
    Work work = work(arguments, console);
    DataFolder.prepare(settings);
    try (StateDatabase database = StateDatabase.open(settings.stateFile())) {
      work.with(Users.of(database), settings);
    }
    return ExitCode.DONE;
  }

  /// What is to be done once the database is open: the command line is checked before.
  private interface Work {
    void with(Users users, Settings settings) throws AccessException, IOException;
  }

  private static Work work(Arguments arguments, Console console)
      throws UsageException, IOException {
    return switch (arguments.words().getFirst()) {
      case "add" -> add(arguments, console);
      case "list" -> {
        arguments.exactly("list");
        yield (users, settings) -> list(users, settings, console);
      }
      case "passwd" -> passwd(arguments, console);
      case "grant" -> grant(arguments, console);
      case "token" -> token(arguments, console);
      default ->
          throw new UsageException(
              "user "
                  + arguments.words().getFirst()
                  + ": expected add, list, passwd, grant or token");
    };
  }

  private static Work add(Arguments arguments, Console console) throws UsageException, IOException {
    String name = arguments.exactly("add", "NAME").get(1);
    User user = new User(userName(name), role(arguments.value("--role").orElse("user")));
    Secret password = password(arguments, console);
    return (users, settings) -> {
      users.add(user, password);
      console.out().println("user " + name + " is added");
    };
  }

  private static Work passwd(Arguments arguments, Console console)
      throws UsageException, IOException {
    String name = arguments.exactly("passwd", "NAME").get(1);
    Secret password = password(arguments, console);
    return (users, settings) -> {
      users.changePassword(name, password);
      console.out().println("the password of " + name + " is changed");
    };
  }

  private static Work grant(Arguments arguments, Console console) throws UsageException {
    List<String> words = arguments.exactly("grant", "NAME", "ACCOUNT");
    String name = words.get(1);
    AccountName account = accountName(words.get(2));
    return (users, settings) -> {
      if (arguments.has("--revoke")) {
        users.revokeGrant(name, account);
        console.out().println(name + " may no longer read " + account);
        return;
      }
      users.grant(name, account);
      console.out().println(name + " may read " + account);
      if (settings.accounts().stream().noneMatch(known -> known.name().equals(account))) {
        console.err().println("note: config.yml has no account " + account);
      }
    };
  }

  private static Work token(Arguments arguments, Console console) throws UsageException {
    if (arguments.has("--revoke")) {
      List<String> words = arguments.exactly("token", "NAME", "ID");
      return (users, settings) -> {
        users.revokeToken(words.get(1), words.get(2));
        console.out().println("token " + words.get(2) + " is revoked");
      };
    }
    String name = arguments.exactly("token", "NAME").get(1);
    return (users, settings) -> {
      Token.Issued token = users.issueToken(name);
      console.out().println(token.secret().value());
      console.err().println("token " + token.id() + " of " + name + ", shown this once");
    };
  }

  private static void list(Users users, Settings settings, Console console) {
    AccessPolicy policy = new AccessPolicy(settings.accounts(), users);
    for (User user : users.list()) {
      console
          .out()
          .println(
              "%-20s %-8s reads: %s%n%29s tokens: %s"
                  .formatted(
                      user.name(),
                      user.role().name().toLowerCase(Locale.ROOT),
                      joined(policy.visible(user).keySet().stream().map(AccountName::value)),
                      "",
                      joined(
                          users.tokens(user.name()).stream()
                              .filter(token -> token.revoked() == null)
                              .map(Token::id))));
    }
  }

  private static String joined(java.util.stream.Stream<String> names) {
    String joined = names.collect(Collectors.joining(" "));
    return joined.isEmpty() ? "none" : joined;
  }

  private static Secret password(Arguments arguments, Console console)
      throws UsageException, IOException {
    if (!arguments.has("--password-stdin")) {
      throw new UsageException("--password-stdin is missing: a password is read from there only");
    }
    Secret password = new Secret(console.line());
    if (password.value().isEmpty()) {
      throw new UsageException("the password on standard input is empty");
    }
    return password;
  }

  private static Role role(String name) throws UsageException {
    return Arrays.stream(Role.values())
        .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () -> new UsageException("role \"" + name + "\": expected user, auditor or admin"));
  }

  private static String userName(String name) throws UsageException {
    if (!AccountName.isValid(name)) {
      throw new UsageException(
          "user name \"" + name + "\": 1 to 128 characters of a-z 0-9 . _ @ + - are allowed");
    }
    return name;
  }

  private static AccountName accountName(String name) throws UsageException {
    if (!AccountName.isValid(name)) {
      throw new UsageException(
          "account name \"" + name + "\": 1 to 128 characters of a-z 0-9 . _ @ + - are allowed");
    }
    return new AccountName(name);
  }
}
