package org.muniment.indexer.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.muniment.archive.Archive;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.text.MessageText;

/// The text of messages, part by part, read from the archive each time.
record SearchedText(Archive archive, Messages messages) {

  /// Characters of text that are looked through.
  static final int MAX_CHARS = 200_000;

  /// Text of one part.
  record Piece(PartPath part, String filename, boolean attachment, String text) {}

  /// The beginning of the text of a message, [#MAX_CHARS] at most.
  List<Piece> of(Message message) throws IOException {
    List<Piece> pieces = new ArrayList<>();
    int[] left = {MAX_CHARS};
    new MessageText(
            messages.structure(message.number()),
            offset -> archive.open(message.content(), message.location(), offset))
        .forEach(
            section -> {
              if (section instanceof MessageText.Section.Body body) {
                String text = body.extracted().text();
                String some = text.substring(0, Math.min(text.length(), left[0]));
                if (!some.isBlank()) {
                  String filename = body.part().filename().orElse("");
                  pieces.add(new Piece(body.path(), filename, false, some));
                  left[0] -= some.length();
                }
              }
              return left[0] > 0;
            });
    return pieces;
  }
}
