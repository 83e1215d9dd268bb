package org.muniment.indexer.mail;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;

/// What a message is made of, found in one pass over its octets.
///
/// @param envelope the fields of its header that IMAP lists
/// @param root its parts
/// @param references message ids of the References field, else of In-Reply-To, without brackets,
///   oldest first
/// @param defects what is wrong with it, each kind and place once
/// @param length number of octets
public record Structure(
    Envelope envelope, Part root, List<String> references, List<Defect> defects, long length) {

  public Structure {
    references = List.copyOf(references);
    defects = List.copyOf(defects);
  }

  /// The charset that the first part names, and that raw 8-bit octets in the header are likely to
  /// be of; empty where it names none that is known.
  public Optional<Charset> textCharset() {
    Part first = root;
    while (first.isMultipart()) {
      first = first.children().getFirst();
    }
    return first.parameter("charset").flatMap(Charsets::find);
  }

  /// Of a message that could not be read: one part without header or text.
  ///
  /// @param length number of octets
  public static Structure unreadable(long length) {
    Part whole =
        new Part(
            "application",
            "octet-stream",
            List.of(),
            null,
            null,
            "binary",
            null,
            null,
            List.of(),
            null,
            0,
            0,
            length,
            0,
            List.of(),
            null);
    Envelope empty =
        new Envelope(
            null, null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null,
            null);
    return new Structure(
        empty, whole, List.of(), List.of(new Defect(Defect.Kind.UNREADABLE, 0)), length);
  }
}
