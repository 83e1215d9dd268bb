package org.muniment.server.config;

import java.util.List;
import java.util.Set;
import org.muniment.archive.event.AccountName;

/// An account of config.yml: what is captured from where, how often, and who sees it.
///
/// @param name its identity in the archive
/// @param title what people call it
/// @param owners users who see it
/// @param primary whether it is the personal namespace of its owners
/// @param source where its mail comes from
/// @param folders which mailboxes are captured
/// @param schedule Quartz cron expression
public record AccountConfig(
    AccountName name,
    String title,
    Set<String> owners,
    boolean primary,
    SourceConfig source,
    Folders folders,
    String schedule) {

  public AccountConfig {
    owners = Set.copyOf(owners);
  }

  /// Which mailboxes are captured: those that match an include pattern and no exclude pattern. `*`
  /// stands for any characters.
  public record Folders(List<String> include, List<String> exclude) {
    /// Everything.
    public static final Folders ALL = new Folders(List.of("*"), List.of());

    public Folders {
      include = List.copyOf(include);
      exclude = List.copyOf(exclude);
    }
  }
}
