package org.muniment.indexer.mail;

import java.util.List;

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
}
