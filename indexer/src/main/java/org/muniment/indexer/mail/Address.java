package org.muniment.indexer.mail;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An entry of an address list (RFC 5322 section 3.4). Texts are raw: encoded words are not
/// decoded, each octet is one ISO-8859-1 character, folding and comments are removed.
public sealed interface Address {

  /// The address as a person reads it, decoded: `Name <local@domain>`.
  String display();

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
      implements Address {

    /// `local@domain` as far as there is any; empty when both are missing.
    public String address() {
      String local = localPart == null ? "" : localPart;
      return domain == null ? local : local + "@" + domain;
    }

    @Override
    public String display() {
      String address = HeaderText.decode(address());
      if (name == null || name.isBlank()) {
        return address;
      }
      String decoded = HeaderText.decode(name);
      return address.isEmpty() ? decoded : decoded + " <" + address + ">";
    }
  }

  /// A named group of addresses.
  record Group(String name, List<Mailbox> members) implements Address {
    public Group {
      members = List.copyOf(members);
    }

    @Override
    public String display() {
      return members.stream()
          .map(Mailbox::display)
          .collect(Collectors.joining(", ", HeaderText.decode(name) + ": ", ";"));
    }
  }
}
