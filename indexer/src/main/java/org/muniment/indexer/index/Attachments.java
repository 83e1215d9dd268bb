package org.muniment.indexer.index;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.kept.KeptDocument;
import org.muniment.indexer.kept.KeptPart;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.mail.PartPath;

/// What is known of the attachments of messages.
public final class Attachments {

  /// Attachments are not read.
  public static final Attachments NONE = new Attachments(null, "");

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

    private Map<Place, KeptPart> parts() throws IOException {
      Map<Place, KeptPart> known = parts;
      if (known == null) {
        known =
            kept.parts(message).stream()
                .collect(toMap(part -> new Place(part.path(), part.file()), part -> part));
        parts = known;
      }
      return known;
    }

    /// What was found in a part, or in a file inside it; empty when it is to be read first.
    ///
    /// @param file number of the file inside the part, from 1; 0 for the part itself
    Optional<KeptDocument> document(PartPath path, int file) throws IOException {
      KeptPart part = parts().get(new Place(path, file));
      return part != null && part.standsFor(version)
          ? kept.document(part.document())
          : Optional.empty();
    }
  }

  private record Place(PartPath path, int file) {}
}
