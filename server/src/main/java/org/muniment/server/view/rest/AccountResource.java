package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.server.access.User;
import org.muniment.server.job.Job;
import org.muniment.server.job.JobState;
import org.muniment.server.job.Jobs.BusyException;
import org.muniment.server.view.AccountState;
import org.muniment.server.view.AccountView;
import org.muniment.server.view.AccountWork;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.ReadModels;
import org.muniment.server.view.SystemStatus;

/// Accounts, their mailboxes, their capture runs.
@Path("/api/v1/accounts")
@Produces(MediaType.APPLICATION_JSON)
public final class AccountResource {

  private final ReadModels models;
  private final SystemStatus status;
  private final AccountWork work;

  AccountResource(ReadModels models, SystemStatus status, AccountWork work) {
    this.models = models;
    this.status = status;
    this.work = work;
  }

  @GET
  public Accounts accounts(@Auth User user) {
    Map<AccountName, AccountState> captures =
        work.states(user).stream()
            .collect(Collectors.toMap(AccountState::account, Function.identity()));
    return new Accounts(
        models.of(user).accounts().stream()
            .map(account -> AccountJson.of(account, captures.get(account.name())))
            .toList());
  }

  @POST
  @Path("{account}/captures")
  public Response capture(
      @Auth User user,
      @PathParam("account") String account,
      @QueryParam("now") @Nullable String now) {
    AccountName name = startable(user, account);
    boolean evenSo = Parameters.choice("now", now, Now.FALSE) == Now.TRUE;
    return started(() -> work.capture(user, name, evenSo));
  }

  @POST
  @Path("{account}/checks")
  public Response check(@Auth User user, @PathParam("account") String account) {
    AccountName name = startable(user, account);
    return started(() -> work.check(user, name));
  }

  private enum Now {
    FALSE,
    TRUE
  }

  private AccountName startable(User user, String account) {
    AccountName name = Parameters.account(account);
    AccountState state =
        work.states(user).stream()
            .filter(known -> known.account().equals(name))
            .findFirst()
            .orElseThrow(() -> Problem.notFound("account"));
    if (!state.startable()) {
      throw Problem.of(Status.FORBIDDEN, "Only who owns the account may start that.").exception();
    }
    return name;
  }

  private static Response started(Starter starter) {
    try {
      JobState job = starter.start().state();
      return Response.status(Status.ACCEPTED)
          .location(URI.create("/api/v1/jobs/" + job.id()))
          .entity(JobJson.of(job))
          .build();
    } catch (BusyException e) {
      return Problem.of(Status.TOO_MANY_REQUESTS, String.valueOf(e.getMessage())).response();
    }
  }

  private interface Starter {
    Job start() throws BusyException;
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
        status.receipts(user, name, Cursor.before(cursor, list), most), most, list, null);
  }

  /// The accounts that a person may read.
  public record Accounts(List<AccountJson> accounts) {}

  /// The mailboxes of one.
  public record Mailboxes(String account, List<MailboxJson> mailboxes) {}

  /// An account.
  ///
  /// @param relation `primary`, `own` or `other`
  /// @param capture how its capture fares, null for one that config.yml does not have
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AccountJson(
      String name,
      String title,
      String relation,
      long mailboxes,
      long messages,
      @Nullable AccountStateJson capture) {
    static AccountJson of(AccountView account, @Nullable AccountState capture) {
      return new AccountJson(
          account.name().value(),
          account.title(),
          Parameters.lower(account.relation()),
          account.mailboxes(),
          account.messages(),
          capture == null ? null : AccountStateJson.of(capture));
    }
  }
}
