package org.muniment.server.capture.imap;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.jspecify.annotations.Nullable;

/// The namespaces of a server (RFC 2342, RFC 9051 section 7.3.4): of the user's own the first.
///
/// ```
/// namespace-response = "NAMESPACE" SP personal SP other-users SP shared   ; each a namespace
/// namespace          = nil / "(" 1*( "(" string SP ( DQUOTE QUOTED-CHAR DQUOTE / nil )
///                      *extension ")" ) ")"
/// ```
final class Namespaces {

  private static final int MAX_NAMESPACES = 1_000;

  private final Set<String> shared = new LinkedHashSet<>();
  private @Nullable String personal;

  /// Takes a response of any kind.
  ///
  /// @throws IllegalArgumentException when it is not of the grammar, or names more than can be
  ///   asked for
  void accept(IMAPResponse line) {
    if (line.keyEquals("NAMESPACE")) {
      Set<String> own = new LinkedHashSet<>();
      namespace(line, own);
      personal = own.stream().findFirst().orElse(null);
      namespace(line, shared);
      namespace(line, shared);
    }
  }

  /// The prefix of the user's own mailboxes, delimiter included, an octet a character; `""` where
  /// they have none.
  String personal() {
    return personal == null ? "" : personal;
  }

  /// The prefixes of other users' namespaces and of shared ones, delimiter included, an octet a
  /// character. One that begins every name is not among them.
  Set<String> shared() {
    return shared;
  }

  private static void namespace(IMAPResponse line, Set<String> prefixes) {
    if (!line.isNextNonSpace('(')) {
      FetchItems.skip(line, 0);
      return;
    }
    while (!line.isNextNonSpace(')')) {
      if (!line.isNextNonSpace('(')) {
        throw new IllegalArgumentException("a NAMESPACE response without a list");
      }
      prefix(line, prefixes);
      FetchItems.skip(line, 1);
    }
  }

  private static void prefix(IMAPResponse line, Set<String> prefixes) {
    line.skipSpaces();
    ByteArray octets = line.readByteArray();
    if (octets == null || prefixes.size() == MAX_NAMESPACES) {
      throw new IllegalArgumentException(
          "a NAMESPACE response without a prefix, or with more than " + MAX_NAMESPACES);
    }
    String prefix = new String(octets.getNewBytes(), StandardCharsets.ISO_8859_1);
    if (!prefix.isEmpty()) {
      prefixes.add(prefix);
    }
  }
}
