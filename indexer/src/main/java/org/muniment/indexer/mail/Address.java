package org.muniment.indexer.mail;

import java.nio.charset.Charset;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An entry of an address list (RFC 5322 section 3.4). Texts are raw: encoded words are not
/// decoded, each octet is one ISO-8859-1 character, folding and comments are removed.
public sealed interface Address {

  /// The address as a person reads it, decoded: `Name <local@domain>`.
  default String display() {
    return display(null);
  }

  /// As [#display()].
  ///
  /// @param likely charset of raw octets that are no UTF-8, null where nothing names one
  String display(@Nullable Charset likely);

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
    public String display(@Nullable Charset likely) {
      String address = HeaderText.decode(address(), likely);
      if (name == null || name.isBlank()) {
        return address;
      }
      String decoded = HeaderText.decode(name, likely);
      return address.isEmpty() ? decoded : decoded + " <" + address + ">";
    }
  }

  /// A named group of addresses.
  record Group(String name, List<Mailbox> members) implements Address {
    public Group {
      members = List.copyOf(members);
    }

    @Override
    public String display(@Nullable Charset likely) {
      return members.stream()
          .map(member -> member.display(likely))
          .collect(Collectors.joining(", ", HeaderText.decode(name, likely) + ": ", ";"));
    }
  }
}
