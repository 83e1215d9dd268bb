package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.server.access.User;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.ReadModels;
import org.muniment.server.view.SearchPage;
import org.muniment.server.view.SearchRequest;

/// Full-text search.
@Path("/api/v1/search")
@Produces(MediaType.APPLICATION_JSON)
public final class SearchResource {

  private final ReadModels models;

  SearchResource(ReadModels models) {
    this.models = models;
  }

  @GET
  public Found search(
      @Auth User user,
      @QueryParam("q") @Nullable String query,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort)
      throws IOException, QuerySyntaxException {
    SearchRequest request =
        new SearchRequest(
            Parameters.query(query),
            Parameters.limit(limit),
            Parameters.cursor(cursor),
            Parameters.choice("sort", sort, SearchRequest.Sort.DATE));
    return Found.of(search(models.of(user), request));
  }

  private static SearchPage search(ReadModel model, SearchRequest request)
      throws IOException, QuerySyntaxException {
    try {
      return model.search(request);
    } catch (IllegalArgumentException e) {
      throw request.cursor() == null ? e : Parameters.wrongCursor();
    }
  }

  /// One page of hits.
  ///
  /// @param total exact number of messages that match
  /// @param next cursor of the next page, null on the last
  /// @param indexLag number of log entries that are archived but not yet searchable
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Found(long total, List<HitJson> hits, @Nullable String next, long indexLag) {
    static Found of(SearchPage page) {
      return new Found(
          page.total(), page.hits().stream().map(HitJson::of).toList(), page.next(), page.lag());
    }
  }

  /// A message that matches; texts are plain, not escaped for any markup.
  public record HitJson(
      String id,
      String subject,
      String from,
      String to,
      String date,
      long length,
      boolean attachments,
      List<MailboxJson.Name> mailboxes,
      List<SearchPage.Passage> snippet) {
    static HitJson of(SearchPage.Hit hit) {
      return new HitJson(
          hit.id().toString(),
          hit.subject(),
          hit.from(),
          hit.to(),
          hit.date().toString(),
          hit.length(),
          hit.attachments(),
          hit.mailboxes().stream().map(MailboxJson.Name::of).toList(),
          hit.snippet());
    }
  }
}
