package org.muniment.server.view;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.index.AttachmentFollower;
import org.muniment.indexer.index.DocumentPart;
import org.muniment.indexer.index.Fields;
import org.muniment.indexer.kept.KeptDocument;
import org.muniment.indexer.kept.KeptPart;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.Structure;

/// What was read of the attachments of messages, and how many wait to be read.
public final class AttachmentTexts {

  /// Nothing is known of them.
  public static final AttachmentTexts NONE = new AttachmentTexts(null, null);

  private final @Nullable KeptText kept;
  private final @Nullable AttachmentFollower follower;

  /// @param kept null where nothing is known of attachments
  /// @param follower null where it is another process that reads them
  public AttachmentTexts(@Nullable KeptText kept, @Nullable AttachmentFollower follower) {
    this.kept = kept;
    this.follower = follower;
  }

  /// The text itself; null where nothing is known of attachments.
  public @Nullable KeptText kept() {
    return kept;
  }

  /// How the reading of each attachment of a message went, `pending` where it is to come; without
  /// text parts.
  Map<PartPath, String> statuses(ContentId message, Structure structure) throws IOException {
    Map<PartPath, String> statuses = new LinkedHashMap<>();
    if (kept != null) {
      DocumentPart.of(structure.root()).forEach(part -> statuses.put(part.path(), Fields.PENDING));
      for (KeptPart part : kept.parts(message)) {
        if (part.file() == 0) {
          statuses.replace(part.path(), part.status().keyword());
        }
      }
    }
    return statuses;
  }

  /// What was found in an attachment; empty when it was not read yet, or is a text part.
  Optional<Extraction> text(ContentId message, PartPath path) throws IOException {
    if (kept == null) {
      return Optional.empty();
    }
    for (KeptPart part : kept.parts(message)) {
      if (part.file() == 0 && part.path().equals(path)) {
        return kept.document(part.document()).map(KeptDocument::extraction);
      }
    }
    return Optional.empty();
  }

  /// How many wait; null where another process knows.
  ArchiveStatus.@Nullable Attachments waiting() throws IOException {
    if (follower == null) {
      return null;
    }
    AttachmentFollower.Queue queue = follower.queue();
    return new ArchiveStatus.Attachments(queue.pending(), queue.perSecond());
  }
}
