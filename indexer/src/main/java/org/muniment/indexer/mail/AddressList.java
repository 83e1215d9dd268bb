package org.muniment.indexer.mail;

import java.util.List;

/// An address list (RFC 5322 section 3.4), read leniently.
///
/// @param malformed whether something of it could not be understood
public record AddressList(List<Address> addresses, boolean malformed) {

  public AddressList {
    addresses = List.copyOf(addresses);
  }

  /// Reads an address list.
  ///
  /// @param raw value of a field, each octet one ISO-8859-1 character
  public static AddressList parse(String raw) {
    return unwritten(raw);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unwritten(Object... arguments) {
    throw new UnsupportedOperationException(java.util.Arrays.toString(arguments));
  }
}
