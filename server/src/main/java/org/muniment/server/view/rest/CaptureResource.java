package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Receipt;
import org.muniment.server.access.User;
import org.muniment.server.view.SystemStatus;

/// The capture runs of all accounts.
@Path("/api/v1/captures")
@Produces(MediaType.APPLICATION_JSON)
public final class CaptureResource {

  private static final String LIST = "captures";

  private final SystemStatus status;

  CaptureResource(SystemStatus status) {
    this.status = status;
  }

  @GET
  public Captures captures(
      @Auth User user,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int most = Parameters.limit(limit);
    return Captures.of(status.captures(user, Cursor.before(cursor, LIST), most), most, LIST);
  }

  /// One page of runs, newest first.
  ///
  /// @param next cursor of the next page, null on the last
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Captures(List<ReceiptJson> captures, @Nullable String next) {
    static Captures of(List<Receipt> receipts, int limit, String list) {
      return new Captures(
          receipts.stream().map(ReceiptJson::of).toList(),
          receipts.size() < limit ? null : new Cursor(list, receipts.getLast().leaf()).toString());
    }
  }
}
