package org.muniment.indexer.index;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.extract.ExtractionStatus;
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

  /// What is known of those of a message; empty when they are not read.
  Optional<Known> known(ContentId message) throws IOException {
    return kept == null ? Optional.empty() : Optional.of(new Known(kept, kept.parts(message)));
  }

  /// What is known of the attachments of one message.
  final class Known {

    private final KeptText kept;
    private final Map<PartPath, KeptPart> parts;

    private Known(KeptText kept, List<KeptPart> parts) {
      this.kept = kept;
      this.parts = parts.stream().collect(toMap(KeptPart::path, part -> part));
    }

    /// What was found in a part; empty when it is to be read first.
    Optional<KeptDocument> document(PartPath path) throws IOException {
      KeptPart part = parts.get(path);
      return part != null && part.standsFor(version)
          ? kept.document(part.document())
          : Optional.empty();
    }

    /// How the reading of a part went; empty when it is to be read first.
    Optional<ExtractionStatus> status(PartPath path) {
      return Optional.ofNullable(parts.get(path))
          .filter(part -> part.standsFor(version))
          .map(KeptPart::status);
    }
  }
}
