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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.access.User;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.PastMailbox;
import org.muniment.server.view.ReadModel;
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
      @QueryParam("asOf") @Nullable String asOf,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor)
      throws IOException {
    MailboxId id = Parameters.mailbox(mailbox);
    int most = Parameters.limit(limit);
    Instant moment = Parameters.asOf(asOf);
    if (moment != null) {
      return past(models.of(user), id, moment, most, cursor);
    }
    MailboxView view = models.of(user).mailbox(id).orElseThrow(() -> Problem.notFound("mailbox"));
    int to = view.firstFrom(Cursor.before(cursor, id.value())) - 1;
    int from = Math.max(1, to - most + 1);
    return new Messages(
        MailboxJson.of(view.summary()),
        null,
        rows(view, from, to).reversed(),
        from > 1 && to >= 1 ? new Cursor(id.value(), view.uid(from).value()).toString() : null);
  }

  private static List<MessageRowJson> rows(MailboxView view, int from, int to) throws IOException {
    List<MessageRowJson> all = new ArrayList<>();
    int at = from;
    while (at <= to) {
      List<MessageRow> some = view.rows(at, to, true);
      some.forEach(row -> all.add(MessageRowJson.of(row)));
      at = some.isEmpty() ? to + 1 : some.getLast().sequence() + 1;
    }
    return all;
  }

  private static Messages past(
      ReadModel model, MailboxId id, Instant moment, int most, @Nullable String cursor)
      throws IOException {
    PastMailbox past = model.past(id, moment).orElseThrow(() -> Problem.notFound("mailbox"));
    String list = id.value() + "@" + moment;
    List<MessageRow> rows = past.before(Cursor.before(cursor, list), most);
    long last = rows.isEmpty() ? 0 : rows.getLast().uid().value();
    boolean more = !rows.isEmpty() && !past.before(last, 1).isEmpty();
    return new Messages(
        MailboxJson.of(past.summary()),
        PastJson.of(moment, past.observed()),
        rows.stream().map(MessageRowJson::of).toList(),
        more ? new Cursor(list, last).toString() : null);
  }

  /// Which moment is looked at.
  ///
  /// @param observed end of the last capture run before it, null where there was none that left a
  ///   receipt
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PastJson(String moment, @Nullable String observed) {
    static PastJson of(Instant moment, @Nullable Instant observed) {
      return new PastJson(moment.toString(), observed == null ? null : observed.toString());
    }
  }

  /// One page of messages, highest UID first.
  ///
  /// @param asOf null for now
  /// @param next cursor of the next page, null on the last
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Messages(
      MailboxJson mailbox,
      @Nullable PastJson asOf,
      List<MessageRowJson> messages,
      @Nullable String next) {}
}
