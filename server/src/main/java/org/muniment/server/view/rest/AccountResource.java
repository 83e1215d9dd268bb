package org.muniment.server.view.rest;

import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.server.access.User;
import org.muniment.server.view.AccountView;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.ReadModels;
import org.muniment.server.view.SystemStatus;

/// Accounts, their mailboxes, their capture runs.
@Path("/api/v1/accounts")
@Produces(MediaType.APPLICATION_JSON)
public final class AccountResource {

  private final ReadModels models;
  private final SystemStatus status;

  AccountResource(ReadModels models, SystemStatus status) {
    this.models = models;
    this.status = status;
  }

  @GET
  public Accounts accounts(@Auth User user) {
    return new Accounts(models.of(user).accounts().stream().map(AccountJson::of).toList());
  }

  @GET
  @Path("{account}/mailboxes")
  public Mailboxes mailboxes(@Auth User user, @PathParam("account") String account) {
    AccountName name = Parameters.account(account);
    ReadModel model = models.of(user);
    if (model.accounts().stream().noneMatch(view -> view.name().equals(name))) {
      throw Problem.notFound("account");
    }
    return new Mailboxes(
        name.value(), model.mailboxes(name).stream().map(MailboxJson::of).toList());
  }

  @GET
  @Path("{account}/receipts")
  public CaptureResource.Captures receipts(
      @Auth User user,
      @PathParam("account") String account,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    AccountName name = Parameters.account(account);
    if (!status.knows(user, name)) {
      throw Problem.notFound("account");
    }
    String list = "receipts of " + name;
    int most = Parameters.limit(limit);
    return CaptureResource.Captures.of(
        status.receipts(user, name, Cursor.before(cursor, list), most), most, list);
  }

  /// The accounts that a person may read.
  public record Accounts(List<AccountJson> accounts) {}

  /// The mailboxes of one.
  public record Mailboxes(String account, List<MailboxJson> mailboxes) {}

  /// An account.
  ///
  /// @param relation `primary`, `own` or `other`
  public record AccountJson(
      String name, String title, String relation, long mailboxes, long messages) {
    static AccountJson of(AccountView account) {
      return new AccountJson(
          account.name().value(),
          account.title(),
          Parameters.lower(account.relation()),
          account.mailboxes(),
          account.messages());
    }
  }
}
