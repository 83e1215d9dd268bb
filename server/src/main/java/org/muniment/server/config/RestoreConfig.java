package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where people may have their mail restored to over REST, besides the server that it came from.
///
/// ```
/// target = host [":" port]     ; without a port those of IMAP, 143 and 993
/// ```
///
/// @param targets in lower case
public record RestoreConfig(Set<String> targets) {

  /// Nowhere else.
  public static final RestoreConfig DEFAULT = new RestoreConfig(Set.of());

  private static final Set<Integer> PORTS_OF_IMAP = Set.of(143, 993);

  public RestoreConfig {
    targets = Set.copyOf(targets);
  }

  /// @throws BadValueException when a target is no host
  @JsonCreator
  static RestoreConfig of(@JsonProperty("targets") @Nullable List<String> targets) {
    Set<String> hosts = new LinkedHashSet<>();
    for (String target : targets == null ? List.<String>of() : targets) {
      if (!target.matches("[^\\s/@]+")) {
        throw new BadValueException(
            "targets", "\"" + target + "\" is no host: one is written mail.example.com[:port]");
      }
      hosts.add(target.toLowerCase(Locale.ROOT));
    }
    return new RestoreConfig(hosts);
  }

  /// Whether mail may go to a server.
  public boolean permits(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    return targets.contains(name + ":" + port)
        || (PORTS_OF_IMAP.contains(port) && targets.contains(name));
  }
}
