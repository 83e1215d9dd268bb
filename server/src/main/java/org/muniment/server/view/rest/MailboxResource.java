package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.access.User;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.ReadModels;

/// What is in a mailbox.
@Path("/api/v1/mailboxes")
@Produces(MediaType.APPLICATION_JSON)
public final class MailboxResource {

  private final ReadModels models;

  MailboxResource(ReadModels models) {
    this.models = models;
  }

  @GET
  @Path("{mailbox}/messages")
  public Messages messages(
      @Auth User user,
      @PathParam("mailbox") String mailbox,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor)
      throws IOException {
    MailboxId id = Parameters.mailbox(mailbox);
    int most = Parameters.limit(limit);
    MailboxView view = models.of(user).mailbox(id).orElseThrow(() -> Problem.notFound("mailbox"));
    int to = view.firstFrom(Cursor.before(cursor, id.value())) - 1;
    int from = Math.max(1, to - most + 1);
    List<MessageRow> rows = to < 1 ? List.of() : view.rows(from, to, true);
    return new Messages(
        MailboxJson.of(view.summary()),
        rows.reversed().stream().map(MessageRowJson::of).toList(),
        from > 1 && to >= 1 ? new Cursor(id.value(), view.uid(from).value()).toString() : null);
  }

  /// One page of messages, highest UID first.
  ///
  /// @param next cursor of the next page, null on the last
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Messages(
      MailboxJson mailbox, List<MessageRowJson> messages, @Nullable String next) {}
}
