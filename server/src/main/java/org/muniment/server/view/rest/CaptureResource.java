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
import org.muniment.server.view.AccountWork;
import org.muniment.server.view.SystemStatus;

/// The capture runs of all accounts.
@Path("/api/v1/captures")
@Produces(MediaType.APPLICATION_JSON)
public final class CaptureResource {

  private static final String LIST = "captures";

  private final SystemStatus status;
  private final AccountWork work;

  CaptureResource(SystemStatus status, AccountWork work) {
    this.status = status;
    this.work = work;
  }

  @GET
  public Captures captures(
      @Auth User user,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int most = Parameters.limit(limit);
    return Captures.of(
        status.captures(user, Cursor.before(cursor, LIST), most),
        most,
        LIST,
        work.states(user).stream().map(AccountStateJson::of).toList());
  }

  /// One page of runs, newest first.
  ///
  /// @param accounts how the captures of the accounts of config.yml fare now, null in a list of one
  ///   account
  /// @param next cursor of the next page, null on the last
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Captures(
      @Nullable List<AccountStateJson> accounts,
      List<ReceiptJson> captures,
      @Nullable String next) {
    static Captures of(
        List<Receipt> receipts, int limit, String list, @Nullable List<AccountStateJson> accounts) {
      return new Captures(
          accounts,
          receipts.stream().map(ReceiptJson::of).toList(),
          receipts.size() < limit ? null : new Cursor(list, receipts.getLast().leaf()).toString());
    }
  }
}
