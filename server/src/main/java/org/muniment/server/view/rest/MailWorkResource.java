package org.muniment.server.view.rest;

import io.dropwizard.auth.Auth;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.search.QueryParser;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.server.access.User;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.export.ExportFormat;
import org.muniment.server.export.ExportRequest;
import org.muniment.server.job.Job;
import org.muniment.server.job.JobState;
import org.muniment.server.job.Jobs.BusyException;
import org.muniment.server.restore.RestoreRequest;
import org.muniment.server.selection.Selection;
import org.muniment.server.view.MailWork;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.ReadModels;

/// Exports and restores: who reads an account may export it, who owns it may restore it.
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class MailWorkResource {

  private static final Set<String> EXPORT =
      Set.of("account", "mailbox", "query", "asOf", "withGone", "format");
  private static final Set<String> RESTORE =
      Set.of("account", "mailbox", "query", "asOf", "withGone", "map", "dryRun", "target");
  private static final Set<String> TARGET =
      Set.of("host", "port", "security", "username", "password");

  private final ReadModels models;
  private final MailWork work;

  MailWorkResource(ReadModels models, MailWork work) {
    this.models = models;
    this.work = work;
  }

  private enum Format {
    ZIP
  }

  private enum Protection {
    TLS,
    STARTTLS,
    NONE
  }

  @POST
  @Path("exports")
  public Response export(@Auth User user, InputStream in) throws IOException, QuerySyntaxException {
    Body body = Body.read(in, EXPORT);
    Parameters.choice("format", body.text("format"), Format.ZIP);
    String account = body.text("account");
    String query = query(body);
    if (account == null && query == null) {
      throw Problem.wrong("account", "account or query is missing.");
    }
    ReadModel model = models.of(user);
    if (model.accounts().isEmpty()) {
      throw Problem.of(Status.FORBIDDEN, "You read no account.").exception();
    }
    AccountName name = account == null ? null : readable(model, account);
    ExportRequest request = new ExportRequest(name, selection(body, query), ExportFormat.ZIP);
    return started(() -> work.export(user, request));
  }

  @POST
  @Path("restores")
  public Response restore(@Auth User user, InputStream in)
      throws IOException, QuerySyntaxException {
    Body body = Body.read(in, RESTORE);
    ReadModel model = models.of(user);
    AccountName account = readable(model, body.required("account"));
    if (!model.owns(account)) {
      throw Problem.of(Status.FORBIDDEN, "Only who owns the account may restore it.").exception();
    }
    RestoreRequest request =
        new RestoreRequest(account, selection(body, query(body)), body.texts("map"));
    SourceConfig.Imap target = target(body.object("target", TARGET));
    boolean dryRun = body.flag("dryRun");
    if (!work.mayRestoreTo(account, target)) {
      throw Problem.of(
              Status.FORBIDDEN,
              "Mail is restored to the server that it came from, or to one of restore.targets in"
                  + " config.yml.")
          .exception();
    }
    return started(() -> work.restore(user, request, target, dryRun));
  }

  private static AccountName readable(ReadModel model, String account) {
    AccountName name = Parameters.account(account);
    if (model.accounts().stream().noneMatch(view -> view.name().equals(name))) {
      throw Problem.notFound("account");
    }
    return name;
  }

  private static Selection selection(Body body, @Nullable String query) {
    String mailbox = body.text("mailbox");
    return new Selection(
        Parameters.asOf(body.text("asOf")),
        mailbox == null ? "" : mailbox,
        query,
        body.flag("withGone"));
  }

  private static @Nullable String query(Body body) throws QuerySyntaxException {
    String query = body.text("query");
    if (query != null) {
      QueryParser.parse(Parameters.query(query));
    }
    return query;
  }

  private static SourceConfig.Imap target(Body body) {
    Protection protection =
        Parameters.choice("target.security", body.text("security"), Protection.TLS);
    Integer port = body.number("port");
    SourceConfig.Security security =
        switch (protection) {
          case TLS -> SourceConfig.Security.TLS;
          case STARTTLS -> SourceConfig.Security.STARTTLS;
          case NONE -> SourceConfig.Security.NONE;
        };
    try {
      return new SourceConfig.Imap(
          body.required("host"),
          port == null ? (protection == Protection.TLS ? 993 : 143) : port,
          security,
          body.required("username"),
          new Secret(body.required("password")));
    } catch (IllegalArgumentException e) {
      throw Problem.wrong("target", "target: " + e.getMessage() + ".");
    }
  }

  private interface Starter {
    Job start() throws BusyException;
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
}
