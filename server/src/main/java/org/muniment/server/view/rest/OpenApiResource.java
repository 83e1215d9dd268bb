package org.muniment.server.view.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// The description of this interface (OpenAPI 3.1), for everybody.
@Path("/api/v1/openapi.json")
@Produces(MediaType.APPLICATION_JSON)
public final class OpenApiResource {

  @GET
  public byte[] openApi() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(OpenApiResource.class.getResourceAsStream("openapi.json"))) {
      return in.readAllBytes();
    }
  }
}
