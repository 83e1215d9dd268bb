package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.search.QuerySyntaxException;

/// Problem details (RFC 9457): the one form that errors have.
///
/// @param type always `about:blank`: the status says what kind of problem it is
/// @param title the reason phrase of the status
/// @param detail for the person who reads it
/// @param parameter name of the parameter that is wrong
/// @param column 1-based column of a query where the reading stopped
/// @param expected what could stand there
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String parameter,
    @Nullable Integer column,
    @Nullable String expected) {

  static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPE = "about:blank";

  static Problem of(int status, String detail) {
    return new Problem(TYPE, title(status), status, detail, null, null, null);
  }

  static Problem of(Status status, String detail) {
    return of(status.getStatusCode(), detail);
  }

  static Problem of(QuerySyntaxException query) {
    String detail = "The query is not understood. " + sentence(query.getMessage());
    int status = Status.BAD_REQUEST.getStatusCode();
    return new Problem(TYPE, title(status), status, detail, "q", query.column(), query.expected());
  }

  /// A request that gives a parameter a value it cannot have.
  static WebApplicationException wrong(String parameter, String detail) {
    int status = Status.BAD_REQUEST.getStatusCode();
    return new Problem(TYPE, title(status), status, detail, parameter, null, null).exception();
  }

  /// What is not there, or not for this person: both answer the same.
  static WebApplicationException notFound(String what) {
    return of(Status.NOT_FOUND, "There is no such " + what + ".").exception();
  }

  WebApplicationException exception() {
    return new WebApplicationException(response());
  }

  Response response() {
    return Response.status(status)
        .entity(this)
        .header(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
        .build();
  }

  private static String sentence(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
  }

  private static String title(int status) {
    Status known = Status.fromStatusCode(status);
    return known == null ? "Error" : known.getReasonPhrase();
  }
}
