package org.muniment.server.view.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.muniment.indexer.search.QueryParser;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.server.access.AccessException;
import org.muniment.server.access.SavedSearches;
import org.muniment.server.access.SavedSearches.SavedSearch;
import org.muniment.server.access.User;

/// The queries that the caller keeps under names.
@Path("/api/v1/me/searches")
@Produces(MediaType.APPLICATION_JSON)
public final class SavedSearchResource {

  /// Most octets of a request body: a query whose characters are all escaped, and room around it.
  private static final int MAX_BODY = 6 * Parameters.MAX_QUERY + 1_000;

  private final SavedSearches searches;
  private final ObjectMapper mapper;

  SavedSearchResource(SavedSearches searches, ObjectMapper mapper) {
    this.searches = searches;
    this.mapper = mapper;
  }

  @GET
  public Searches searches(@Auth User user) {
    return new Searches(searches.all(user.name()));
  }

  @GET
  @Path("{name}")
  public SavedSearch search(@Auth User user, @PathParam("name") String name) {
    return searches.find(user.name(), name).orElseThrow(() -> Problem.notFound("saved search"));
  }

  @PUT
  @Path("{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response save(@Auth User user, @PathParam("name") String name, InputStream body)
      throws IOException, QuerySyntaxException {
    if (!SavedSearches.isName(name)) {
      throw Problem.wrong(
          "name",
          "A name has 1 to %d characters, no / and no space at the ends."
              .formatted(SavedSearches.MAX_NAME));
    }
    SavedSearch search = new SavedSearch(name, query(body));
    try {
      boolean isNew = searches.put(user.name(), search);
      return Response.status(isNew ? Status.CREATED : Status.OK).entity(search).build();
    } catch (AccessException e) {
      return Problem.of(Status.CONFLICT, String.valueOf(e.getMessage())).response();
    }
  }

  /// The query of a body, which can be parsed.
  private String query(InputStream body) throws IOException, QuerySyntaxException {
    byte[] octets = body.readNBytes(MAX_BODY + 1);
    if (octets.length > MAX_BODY) {
      throw Problem.of(Status.REQUEST_ENTITY_TOO_LARGE, "The body is too long.").exception();
    }
    JsonNode query = json(octets).path("query");
    if (!query.isTextual()) {
      throw Problem.wrong("query", "The body is an object with a query: {\"query\": \"...\"}.");
    }
    String text = Parameters.query(query.textValue());
    QueryParser.parse(text);
    return text;
  }

  private JsonNode json(byte[] octets) throws IOException {
    try {
      return mapper.readTree(octets);
    } catch (JsonProcessingException e) {
      throw Problem.of(Status.BAD_REQUEST, "The body is no JSON.").exception();
    }
  }

  @DELETE
  @Path("{name}")
  public void remove(@Auth User user, @PathParam("name") String name) {
    if (!searches.remove(user.name(), name)) {
      throw Problem.notFound("saved search");
    }
  }

  /// All of them, by name.
  public record Searches(List<SavedSearch> searches) {}
}
