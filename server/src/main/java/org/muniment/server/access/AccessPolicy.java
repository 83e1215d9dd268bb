package org.muniment.server.access;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.muniment.archive.event.AccountName;
import org.muniment.server.config.AccountConfig;

/// Decides who may see what. Every window and command asks here, none decides for itself.
///
/// An account is owned by the users that config.yml names, else by the user of its own name; that
/// holds for accounts of the archive that config.yml does not have, too. A user reads what they
/// own, an auditor also what is granted to them, an admin nothing.
public final class AccessPolicy {

  private final List<AccountConfig> accounts;
  private final Grants grants;

  /// @param accounts those of config.yml, in its order
  public AccessPolicy(List<AccountConfig> accounts, Grants grants) {
    this.accounts = List.copyOf(accounts);
    this.grants = grants;
  }

  /// The accounts whose content `user` may read, by name, as of this call. Some of them may not be
  /// in the archive yet.
  public Map<AccountName, Relation> visible(User user) {
    return switch (user.role()) {
      case USER -> own(user);
      case AUDITOR -> {
        Map<AccountName, Relation> readable = new TreeMap<>();
        grants.of(user.name()).forEach(account -> readable.put(account, Relation.OTHER));
        readable.putAll(own(user));
        yield readable;
      }
      case ADMIN -> Map.of();
    };
  }

  /// How `user` comes to read `account`; empty when they may not.
  public Optional<Relation> relation(User user, AccountName account) {
    return Optional.ofNullable(visible(user).get(account));
  }

  /// Whether `user` may have an account captured or checked: who owns it, and who runs the system.
  public boolean commands(User user, AccountName account) {
    return operates(user) || (user.role() != Role.ADMIN && own(user).containsKey(account));
  }

  /// Whether `user` runs the system: may know how the captures of every account fare and how large
  /// the archive is, though not what is in it.
  public boolean operates(User user) {
    return user.role() == Role.ADMIN;
  }

  private Map<AccountName, Relation> own(User user) {
    Map<AccountName, Relation> own = new TreeMap<>();
    owned(user).forEach(account -> own.put(account, Relation.OWN));
    primary(user).ifPresent(account -> own.put(account, Relation.PRIMARY));
    return own;
  }

  private Stream<AccountName> owned(User user) {
    return Stream.concat(configured(user).map(AccountConfig::name), unlisted(user).stream());
  }

  private Stream<AccountConfig> configured(User user) {
    return accounts.stream().filter(account -> account.owners().contains(user.name()));
  }

  /// The account of the user's own name when config.yml does not have it.
  private Optional<AccountName> unlisted(User user) {
    return AccountName.isValid(user.name())
        ? Optional.of(new AccountName(user.name()))
            .filter(name -> accounts.stream().noneMatch(account -> account.name().equals(name)))
        : Optional.empty();
  }

  /// Of several own accounts: the one marked primary, else the one of the user's name, else the
  /// first in config.yml.
  private Optional<AccountName> primary(User user) {
    return configured(user)
        .min(
            Comparator.comparing((AccountConfig account) -> !account.primary())
                .thenComparing(account -> !account.name().value().equals(user.name())))
        .map(AccountConfig::name)
        .or(() -> unlisted(user));
  }
}
