package org.muniment.server.view.web;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The page: static files, the same for everybody, revalidated at each use. Its
/// Content-Security-Policy lets nothing in but these files and the REST interface, and makes the
/// browser refuse to turn a text into markup or script.
@Path("/")
public final class WebPage {

  /// The Content-Security-Policy of the page.
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
          + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
          + "require-trusted-types-for 'script'; trusted-types 'none'";

  static final List<String> FILES = List.of("index.html", "app.css", "app.js", "icon.svg");

  private final Map<String, StaticFile> files =
      FILES.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), StaticFile::load));

  @GET
  public Response index(@Context Request request) {
    return file(request, "index.html");
  }

  @GET
  @Path("{file: app[.]css|app[.]js|icon[.]svg}")
  public Response file(@Context Request request, @PathParam("file") String name) {
    StaticFile file = Objects.requireNonNull(files.get(name));
    Response.@Nullable ResponseBuilder unchanged = request.evaluatePreconditions(file.tag);
    Response.ResponseBuilder response = unchanged != null ? unchanged : Response.ok(file.octets);
    return response
        .tag(file.tag)
        .header(HttpHeaders.CONTENT_TYPE, file.type)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .header("Content-Security-Policy", POLICY)
        .build();
  }

  private static final class StaticFile {
    private final String type;
    private final byte[] octets;
    private final EntityTag tag;

    private StaticFile(String type, byte[] octets, EntityTag tag) {
      this.type = type;
      this.octets = octets;
      this.tag = tag;
    }

    static StaticFile load(String name) {
      try (InputStream in = Objects.requireNonNull(WebPage.class.getResourceAsStream(name))) {
        byte[] octets = in.readAllBytes();
        return new StaticFile(type(name), octets, tag(octets));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static EntityTag tag(byte[] octets) {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(octets);
        return new EntityTag(HexFormat.of().formatHex(digest));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    private static String type(String name) {
      return switch (name.substring(name.lastIndexOf('.'))) {
        case ".html" -> "text/html; charset=utf-8";
        case ".css" -> "text/css; charset=utf-8";
        case ".js" -> "text/javascript; charset=utf-8";
        case ".svg" -> "image/svg+xml";
        default -> throw new IllegalArgumentException(name);
      };
    }
  }
}
