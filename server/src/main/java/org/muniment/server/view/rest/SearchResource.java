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
import org.muniment.indexer.search.Facet;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.indexer.search.SortOrder;
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

  /// How matches are shown.
  enum Highlight {
    /// Text in pieces, matches apart.
    TEXT,
    /// Also as HTML.
    HTML,
    /// Not at all.
    NONE
  }

  @GET
  public Found search(
      @Auth User user,
      @QueryParam("q") @Nullable String query,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @QueryParam("facets") @Nullable String facets,
      @QueryParam("highlight") @Nullable String highlight,
      @QueryParam("zone") @Nullable String zone)
      throws IOException, QuerySyntaxException {
    Highlight shown = Parameters.choice("highlight", highlight, Highlight.TEXT);
    SearchRequest request =
        new SearchRequest(
            Parameters.query(query),
            Parameters.limit(limit),
            Parameters.cursor(cursor),
            Parameters.choice("sort", sort, SortOrder.DATE),
            Parameters.zone(zone),
            Parameters.choices("facets", facets, Facet.class),
            shown != Highlight.NONE);
    return Found.of(search(models.of(user), request), shown);
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
  /// @param facets null where none were asked for
  /// @param next cursor of the next page, null on the last
  /// @param indexLag number of log entries that are archived but not yet searchable
  /// @param attachmentsPending number of messages whose attachments are not read yet
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Found(
      long total,
      List<HitJson> hits,
      @Nullable List<FacetJson> facets,
      @Nullable String next,
      long indexLag,
      int attachmentsPending) {
    static Found of(SearchPage page, Highlight highlight) {
      return new Found(
          page.total(),
          page.hits().stream().map(hit -> HitJson.of(hit, highlight == Highlight.HTML)).toList(),
          page.facets().isEmpty() ? null : page.facets().stream().map(FacetJson::of).toList(),
          page.next(),
          page.lag(),
          page.pending());
    }
  }
}
