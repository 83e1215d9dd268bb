package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Totals;
import org.muniment.server.access.User;
import org.muniment.server.view.ArchiveStatus;
import org.muniment.server.view.SystemStatus;

/// How far the archive and what follows it have come.
@Path("/api/v1/archive")
@Produces(MediaType.APPLICATION_JSON)
public final class ArchiveResource {

  private final SystemStatus status;

  ArchiveResource(SystemStatus status) {
    this.status = status;
  }

  @GET
  public ArchiveJson archive(@Auth User user) throws IOException {
    return ArchiveJson.of(status.archive(user));
  }

  /// Positions, each a number of log entries.
  ///
  /// @param size of the log
  /// @param sizes of what is kept, for an admin only
  /// @param attachments that wait to be read, for an admin only
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ArchiveJson(
      long size,
      long catalogue,
      long index,
      @Nullable SizesJson sizes,
      @Nullable AttachmentsJson attachments) {
    static ArchiveJson of(ArchiveStatus status) {
      return new ArchiveJson(
          status.entries(),
          status.catalogued(),
          status.indexed(),
          SizesJson.of(status.totals()),
          AttachmentsJson.of(status.attachments()));
    }
  }

  /// The attachments that wait to be read.
  ///
  /// @param pendingMessages messages with at least one
  /// @param documentsPerSecond that were read in the last minute
  public record AttachmentsJson(int pendingMessages, double documentsPerSecond) {
    static @Nullable AttachmentsJson of(ArchiveStatus.@Nullable Attachments waiting) {
      return waiting == null ? null : new AttachmentsJson(waiting.messages(), waiting.perSecond());
    }
  }

  /// Sizes of the whole archive.
  ///
  /// @param messages distinct ones
  /// @param octets sum of the lengths of distinct messages
  /// @param placements places of messages
  public record SizesJson(
      long accounts, long mailboxes, long messages, long octets, long placements) {
    static @Nullable SizesJson of(@Nullable Totals totals) {
      return totals == null
          ? null
          : new SizesJson(
              totals.accounts(),
              totals.mailboxes(),
              totals.messages(),
              totals.octets(),
              totals.placements());
    }
  }
}
