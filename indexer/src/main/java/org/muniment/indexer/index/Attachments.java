package org.muniment.indexer.index;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.kept.KeptDocument;
import org.muniment.indexer.kept.KeptPart;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.kept.SealedText;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.text.FoldedText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is known of the attachments of messages, and where the text of messages is kept.
public final class Attachments {

  /// Attachments are not read.
  public static final Attachments NONE = new Attachments(null, "");

  private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);

  private final @Nullable KeptText kept;
  private final String version;

  private Attachments(@Nullable KeptText kept, String version) {
    this.kept = kept;
    this.version = version;
  }

  /// @param version of the extractor that reads what is not known
  public static Attachments of(KeptText kept, String version) {
    return new Attachments(kept, version);
  }

  /// Version of the extractor that reads what is not known; `""` where they are not read.
  String version() {
    return version;
  }

  /// See [KeptText#id()]; `""` where they are not read.
  String keptId() {
    return kept == null ? "" : kept.id();
  }

  /// See [KeptText#makeDurable()].
  void makeDurable() throws IOException {
    if (kept != null) {
      kept.makeDurable();
    }
  }

  /// The text of a message, to be kept; empty when nothing is.
  Optional<SealedText> seal(Message message, FoldedText text) {
    return kept == null
        ? Optional.empty()
        : Optional.of(kept.seal(message.number(), message.content(), text));
  }

  /// Keeps texts of messages. Where that fails, they are read in the archive when they are needed.
  void keep(Collection<SealedText> texts) {
    try {
      if (kept != null) {
        kept.put(List.copyOf(texts));
      }
    } catch (IOException e) {
      LOG.warn("the text of {} messages is not kept", texts.size(), e);
    }
  }

  /// What is known of those of a message; empty when they are not read.
  Optional<Known> known(ContentId message) {
    return kept == null ? Optional.empty() : Optional.of(new Known(kept, message));
  }

  /// What is known of the attachments of one message.
  final class Known {

    private final KeptText kept;
    private final ContentId message;

    /// Read with the first part: most messages have none.
    private @Nullable Map<Place, KeptPart> parts;

    private Known(KeptText kept, ContentId message) {
      this.kept = kept;
      this.message = message;
    }

    private Map<Place, KeptPart> read() {
      try {
        return kept.parts(message).stream()
            .collect(toMap(part -> new Place(part.path(), part.file()), part -> part));
      } catch (IOException e) {
        LOG.warn("message {}: nothing is known of its attachments at present", message, e);
        return Map.of();
      }
    }

    private Map<Place, KeptPart> parts() {
      Map<Place, KeptPart> known = parts;
      if (known == null) {
        known = read();
        parts = known;
      }
      return known;
    }

    /// What was found in a part, or in a file inside it; empty when it is to be read first, also
    /// because what is kept cannot be opened at present.
    ///
    /// @param file number of the file inside the part, from 1; 0 for the part itself
    Optional<KeptDocument> document(PartPath path, int file) {
      @Nullable KeptPart part = parts().get(new Place(path, file));
      try {
        return part != null && part.standsFor(version)
            ? kept.document(part.document())
            : Optional.empty();
      } catch (IOException e) {
        LOG.warn("message {}: part {} counts as not read", message, path, e);
        return Optional.empty();
      }
    }
  }

  private record Place(PartPath path, int file) {}
}
