package org.muniment.server.view.rest;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.io.FileNotFoundException;
import java.util.UUID;
import org.muniment.archive.store.StoreUnavailableException;
import org.muniment.indexer.search.QuerySyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns whatever a request ends with into [Problem] details. What went wrong inside stands in the
/// log only, under a reference that the answer names.
final class ProblemMapper implements ExceptionMapper<Throwable> {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemMapper.class);

  private static final String RETRY_SECONDS = "30";

  @Override
  public Response toResponse(Throwable error) {
    return switch (error) {
      case WebApplicationException e -> withProblem(e.getResponse());
      case QuerySyntaxException e -> Problem.of(e).response();
      case FileNotFoundException _ ->
          Problem.of(Status.NOT_FOUND, "There is no such message.").response();
      case StoreUnavailableException e -> unavailable(e);
      default -> internal(error);
    };
  }

  private static Response unavailable(StoreUnavailableException error) {
    LOG.warn("the archive cannot be read now", error);
    return Response.fromResponse(
            Problem.of(Status.SERVICE_UNAVAILABLE, "The archive cannot be read now.").response())
        .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
        .build();
  }

  private static Response internal(Throwable error) {
    String reference = UUID.randomUUID().toString();
    LOG.error("request failed, reference {}", reference, error);
    String detail = "Something went wrong inside; the log of the server says what: " + reference;
    return Problem.of(Status.INTERNAL_SERVER_ERROR, detail).response();
  }

  private static Response withProblem(Response response) {
    if (response.hasEntity() || response.getStatus() < Status.BAD_REQUEST.getStatusCode()) {
      return response;
    }
    return Response.fromResponse(response)
        .entity(Problem.of(response.getStatus(), detail(response.getStatus())))
        .header(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .build();
  }

  private static String detail(int status) {
    return switch (status) {
      case 404 -> "There is nothing at this address.";
      case 405 -> "This address does not know the method; Allow lists those it knows.";
      case 406 -> "This address has no answer of a media type that the request accepts.";
      case 415 -> "This address does not take a request body of this media type.";
      default -> "The request cannot be answered.";
    };
  }
}
