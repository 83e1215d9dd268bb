package org.muniment.indexer.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages;
import org.muniment.indexer.kept.KeptDocument;
import org.muniment.indexer.kept.KeptPart;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.text.MessageText;

/// The text of messages, part by part, read from the archive each time; and what was read of their
/// attachments.
///
/// @param kept null where nothing is known of attachments
record SearchedText(Archive archive, Messages messages, @Nullable KeptText kept) {

  /// Characters of text that are looked through of a message, and as many of its attachments.
  static final int MAX_CHARS = 200_000;

  /// Text of one part.
  record Piece(PartPath part, String filename, boolean attachment, String text) {}

  /// The beginning of the text of a message and of its attachments.
  List<Piece> of(Message message) throws IOException {
    Structure structure = messages.structure(message.number());
    Pieces pieces = new Pieces();
    new MessageText(
            structure, offset -> archive.open(message.content(), message.location(), offset))
        .forEach(
            section -> {
              if (section instanceof MessageText.Section.Body body) {
                String filename = body.part().filename().orElse("");
                pieces.add(body.path(), filename, false, body.extracted().text());
              }
              return pieces.left > 0;
            });
    List<Piece> attached = attached(message, structure);
    return Stream.concat(pieces.all.stream(), attached.stream()).toList();
  }

  private List<Piece> attached(Message message, Structure structure) throws IOException {
    if (kept == null) {
      return List.of();
    }
    Pieces pieces = new Pieces();
    for (KeptPart part : kept.parts(message.content())) {
      Optional<KeptDocument> document =
          pieces.left > 0 ? kept.document(part.document()) : Optional.empty();
      if (document.isPresent()) {
        String filename = part.path().find(structure.root()).flatMap(Part::filename).orElse("");
        pieces.add(part.path(), filename, true, document.get().extraction().text());
      }
    }
    return pieces.all;
  }

  private static final class Pieces {
    private final List<Piece> all = new ArrayList<>();
    private int left = MAX_CHARS;

    void add(PartPath path, String filename, boolean attachment, String text) {
      String some = text.substring(0, Math.min(text.length(), left));
      if (!some.isBlank()) {
        all.add(new Piece(path, filename, attachment, some));
        left -= some.length();
      }
    }
  }
}
