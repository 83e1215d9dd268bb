package org.muniment.server.view.rest;

import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Evidence;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.evidence.EvidenceBundle;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.text.DecodedPart;
import org.muniment.indexer.text.Extracted;
import org.muniment.indexer.text.PartText;
import org.muniment.server.access.User;
import org.muniment.server.view.MessageView;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.ReadModels;

/// One message: what it is, its octets, its parts, its text.
@Path("/api/v1/messages/{message}")
public final class MessageResource {

  private static final String RFC822 = "message/rfc822";
  private static final String CONTENT_RANGE = "Content-Range";

  /// How much the text is to be trusted.
  private static final String TEXT_STATUS = "Text-Status";

  private static final int MAX_TYPE = 127;

  private final ReadModels models;

  MessageResource(ReadModels models) {
    this.models = models;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public MessageJson message(@Auth User user, @PathParam("message") String message)
      throws IOException {
    ReadModel model = models.of(user);
    MessageView view = find(model, message);
    return MessageJson.of(view, model.attachments(view));
  }

  @GET
  @Path("raw")
  @Produces(RFC822)
  public Response raw(
      @Auth User user,
      @PathParam("message") String message,
      @Context Request request,
      @HeaderParam("Range") @Nullable String range,
      @HeaderParam("If-Range") @Nullable String ifRange)
      throws IOException {
    ReadModel model = models.of(user);
    MessageView view = find(model, message);
    ResponseBuilder unchanged = request.evaluatePreconditions(tag(view.id()));
    if (unchanged != null) {
      return unchanged(unchanged, view.id());
    }
    long length = view.structure().length();
    boolean sameVersion = ifRange == null || ifRange.equals("\"" + view.id() + "\"");
    return switch (sameVersion ? ByteRange.of(range, length) : new ByteRange.Whole()) {
      case ByteRange.Whole _ -> whole(model, view);
      case ByteRange.Slice slice -> slice(model, view, slice);
      case ByteRange.Unsatisfiable _ -> unsatisfiable(length);
    };
  }

  /// The fields of [#raw] without a Range, which HEAD does not know.
  @HEAD
  @Path("raw")
  @Produces(RFC822)
  public Response rawHead(
      @Auth User user, @PathParam("message") String message, @Context Request request) {
    MessageView view = find(models.of(user), message);
    ResponseBuilder unchanged = request.evaluatePreconditions(tag(view.id()));
    return unchanged != null
        ? unchanged(unchanged, view.id())
        : octets(Status.OK, view, view.structure().length()).build();
  }

  @GET
  @Path("parts/{part}")
  public Response part(
      @Auth User user, @PathParam("message") String message, @PathParam("part") String part)
      throws IOException {
    ReadModel model = models.of(user);
    MessageView view = find(model, message);
    PartPath path = PartPath.parse(part).orElseThrow(() -> Problem.notFound("part"));
    Part found =
        path.find(view.structure().root())
            .filter(candidate -> !candidate.isMultipart())
            .orElseThrow(() -> Problem.notFound("part"));
    InputStream octets = DecodedPart.open(found, offset -> model.octets(view.id(), offset));
    String fallback = "part-" + path + extension(found);
    return Response.ok((StreamingOutput) out -> copyAndClose(octets, out, Long.MAX_VALUE))
        .header(HttpHeaders.CONTENT_TYPE, type(found))
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment(found.filename().orElse(""), fallback))
        .build();
  }

  /// The text of a part, as it was found in it for the search.
  @GET
  @Path("parts/{part}/text")
  @Produces("text/plain; charset=utf-8")
  public Response partText(
      @Auth User user, @PathParam("message") String message, @PathParam("part") String part)
      throws IOException {
    ReadModel model = models.of(user);
    MessageView view = find(model, message);
    PartPath path = PartPath.parse(part).orElseThrow(() -> Problem.notFound("part"));
    Part found = path.find(view.structure().root()).orElseThrow(() -> Problem.notFound("part"));
    if (model.attachments(view).containsKey(path)) {
      Extraction extraction =
          model.attachmentText(view, path).orElseThrow(() -> Problem.notFound("text yet"));
      return text(extraction.text(), extraction.status().keyword());
    }
    if (!PartText.isText(found)) {
      throw Problem.notFound("text");
    }
    Extracted extracted = PartText.read(found, offset -> model.octets(view.id(), offset));
    return text(extracted.text(), Parameters.lower(extracted.status()));
  }

  private static Response text(String text, String status) {
    return Response.ok(text).header(TEXT_STATUS, status).build();
  }

  @GET
  @Path("text")
  @Produces("text/plain; charset=utf-8")
  public StreamingOutput text(@Auth User user, @PathParam("message") String message) {
    ReadModel model = models.of(user);
    MessageView view = find(model, message);
    ReadableText text =
        new ReadableText(view.structure().root(), offset -> model.octets(view.id(), offset));
    return text::write;
  }

  @GET
  @Path("thread")
  @Produces(MediaType.APPLICATION_JSON)
  public ThreadJson thread(@Auth User user, @PathParam("message") String message)
      throws IOException {
    return models
        .of(user)
        .conversation(Parameters.message(message))
        .map(ThreadJson::of)
        .orElseThrow(() -> Problem.notFound("message"));
  }

  @GET
  @Path("similar")
  @Produces(MediaType.APPLICATION_JSON)
  public Similar similar(
      @Auth User user,
      @PathParam("message") String message,
      @QueryParam("limit") @Nullable String limit)
      throws IOException {
    int most = Parameters.limit(limit);
    return models
        .of(user)
        .similar(Parameters.message(message), most)
        .map(hits -> new Similar(hits.stream().map(hit -> HitJson.of(hit, false)).toList()))
        .orElseThrow(() -> Problem.notFound("message"));
  }

  /// Messages like another, most alike first.
  public record Similar(List<HitJson> hits) {}

  @GET
  @Path("proof")
  @Produces("application/zip")
  public Response proof(@Auth User user, @PathParam("message") String message) throws IOException {
    ReadModel model = models.of(user);
    MessageView view = find(model, message);
    Evidence evidence = model.evidence(view.id());
    return Response.ok((StreamingOutput) out -> zip(model, view, evidence, out))
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment("", "evidence-" + view.id() + ".zip"))
        .build();
  }

  private static void zip(ReadModel model, MessageView view, Evidence evidence, OutputStream out)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    try (InputStream octets = model.octets(view.id(), 0)) {
      EvidenceBundle.write(
          evidence,
          octets,
          name -> {
            zip.putNextEntry(new ZipEntry(name));
            return new ZipMember(zip);
          });
    }
    zip.finish();
  }

  /// A file in a zip, whose end does not end the zip.
  private static final class ZipMember extends FilterOutputStream {
    ZipMember(ZipOutputStream zip) {
      super(zip);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      out.write(octets, offset, length);
    }

    @Override
    public void close() throws IOException {
      ((ZipOutputStream) out).closeEntry();
    }
  }

  private static MessageView find(ReadModel model, String message) {
    return model
        .message(Parameters.message(message))
        .orElseThrow(() -> Problem.notFound("message"));
  }

  private static Response whole(ReadModel model, MessageView view) throws IOException {
    InputStream octets = model.octets(view.id(), 0);
    return octets(Status.OK, view, view.structure().length())
        .entity((StreamingOutput) out -> copyAndClose(octets, out, Long.MAX_VALUE))
        .build();
  }

  private static Response slice(ReadModel model, MessageView view, ByteRange.Slice slice)
      throws IOException {
    InputStream octets = model.octets(view.id(), slice.from());
    String range = "bytes " + slice.from() + "-" + slice.to() + "/" + view.structure().length();
    return octets(Status.PARTIAL_CONTENT, view, slice.length())
        .entity((StreamingOutput) out -> copyAndClose(octets, out, slice.length()))
        .header(CONTENT_RANGE, range)
        .build();
  }

  private static Response unsatisfiable(long length) {
    Problem problem =
        Problem.of(
            Status.REQUESTED_RANGE_NOT_SATISFIABLE,
            "The message has " + length + " octets; the range begins after them.");
    return Response.fromResponse(problem.response())
        .header(CONTENT_RANGE, "bytes */" + length)
        .build();
  }

  private static ResponseBuilder octets(Status status, MessageView view, long length) {
    return Response.status(status)
        .tag(tag(view.id()))
        .header(HttpHeaders.CONTENT_TYPE, RFC822)
        .header(HttpHeaders.CONTENT_LENGTH, length)
        .header("Accept-Ranges", "bytes")
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment(view.id() + ".eml", "message.eml"));
  }

  private static Response unchanged(ResponseBuilder answer, ContentId id) {
    Response response = answer.tag(tag(id)).build();
    if (response.getStatus() == Status.PRECONDITION_FAILED.getStatusCode()) {
      throw Problem.of(Status.PRECONDITION_FAILED, "The message has another entity tag.")
          .exception();
    }
    return response;
  }

  private static EntityTag tag(ContentId id) {
    return new EntityTag(id.toString());
  }

  /// The declared media type where it is one.
  private static String type(Part part) {
    String type = part.type() + "/" + part.subtype();
    boolean sound = type.length() <= MAX_TYPE && token(part.type()) && token(part.subtype());
    return sound ? type : MediaType.APPLICATION_OCTET_STREAM;
  }

  private static boolean token(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= '0' && c <= '9')
                        || "!#$&-^_.+".indexOf(c) >= 0);
  }

  private static String extension(Part part) {
    return switch (part.type() + "/" + part.subtype()) {
      case RFC822 -> ".eml";
      case "text/plain" -> ".txt";
      case "text/html" -> ".html";
      default -> ".bin";
    };
  }

  private static void copyAndClose(InputStream octets, OutputStream out, long most)
      throws IOException {
    try (octets) {
      byte[] buffer = new byte[16 << 10];
      long left = most;
      while (left > 0) {
        int read = octets.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          return;
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }
  }
}
