package org.muniment.server.view.rest;

import io.dropwizard.auth.Auth;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import org.muniment.server.access.User;
import org.muniment.server.job.Results;
import org.muniment.server.view.MailWork;

/// What came of exports and restores, each for who started it, until it expires.
@Path("/api/v1/results")
public final class ResultResource {

  private final MailWork work;

  ResultResource(MailWork work) {
    this.work = work;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public All results(@Auth User user) throws IOException {
    return new All(work.results(user).stream().map(ResultJson::of).toList());
  }

  @GET
  @Path("{result}/{file}")
  public Response file(
      @Auth User user, @PathParam("result") String result, @PathParam("file") String name)
      throws IOException {
    java.nio.file.Path file =
        work.file(user, result, name).orElseThrow(() -> Problem.notFound("result"));
    InputStream in = Files.newInputStream(file);
    StreamingOutput copy =
        out -> {
          try (in) {
            in.transferTo(out);
          }
        };
    return Response.ok(copy)
        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_OCTET_STREAM)
        .header(HttpHeaders.CONTENT_LENGTH, Files.size(file))
        .header(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment(name, "result"))
        .build();
  }

  @DELETE
  @Path("{result}")
  public void delete(@Auth User user, @PathParam("result") String result) throws IOException {
    if (!work.delete(user, result)) {
      throw Problem.notFound("result");
    }
  }

  /// Newest first.
  public record All(List<ResultJson> results) {}

  /// @param kind of the job
  /// @param files addresses to download from
  public record ResultJson(
      String id, String kind, String made, String expires, List<String> files) {
    static ResultJson of(Results.Result result) {
      return new ResultJson(
          result.id(),
          result.kind(),
          result.made().toString(),
          result.expires().toString(),
          result.files().stream()
              .map(file -> "/api/v1/results/" + result.id() + "/" + file)
              .toList());
    }
  }
}
