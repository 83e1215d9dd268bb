package org.muniment.indexer.mail;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An entry of an address list (RFC 5322 section 3.4). Texts are raw: encoded words are not
/// decoded, each octet is one ISO-8859-1 character, folding and comments are removed.
public sealed interface Address {

  /// A single address.
  ///
  /// @param name display name, null when there is none
  /// @param route source route of RFC 822, null when there is none
  /// @param localPart what stands before the `@`; null when missing
  /// @param domain what stands after the `@`; null when missing
  record Mailbox(
      @Nullable String name,
      @Nullable String route,
      @Nullable String localPart,
      @Nullable String domain)
      implements Address {}

  /// A named group of addresses.
  record Group(String name, List<Mailbox> members) implements Address {
    public Group {
      members = List.copyOf(members);
    }
  }
}
