package org.muniment.server.view.imap.message;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.Part;
import org.muniment.server.view.imap.wire.ImapWriter;

/// BODY and BODYSTRUCTURE (RFC 9051 section 7.5.2). Depth is that of the structure, which its
/// reader bounds.
final class BodyStructureWriter {

  private final ImapWriter out;
  private final boolean extended;

  /// @param extended whether to write extension data
  BodyStructureWriter(ImapWriter out, boolean extended) {
    this.out = out;
    this.extended = extended;
  }

  // ABNF: body = "(" (body-type-1part / body-type-mpart) ")"
  void write(Part part) throws IOException {
    out.raw("(");
    if (part.type().equals("multipart")) {
      multipart(part);
    } else {
      single(part);
    }
    out.raw(")");
  }

  // ABNF: body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
  private void multipart(Part part) throws IOException {
    for (Part child : part.children()) {
      write(child);
    }
    if (part.children().isEmpty()) {
      // The grammar demands a child.
      out.raw("(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0")
          .raw(extended ? " NIL NIL NIL NIL)" : ")");
    }
    out.sp().string(part.subtype());
    if (extended) {
      parameters(part.parameters());
      disposition(part.disposition());
      languages(part.languages());
      out.sp().nstring(part.location());
    }
  }

  // ABNF: body-type-1part = (body-type-basic / body-type-msg / body-type-text) [SP body-ext-1part]
  private void single(Part part) throws IOException {
    boolean message = part.type().equals("message") && part.subtype().equals("rfc822");
    if (message && part.message() == null) {
      fields("application", "octet-stream", part);
    } else {
      fields(part.type(), part.subtype(), part);
    }
    if (message && part.message() != null) {
      out.sp();
      new EnvelopeWriter(out).write(part.message().envelope());
      out.sp();
      write(part.message().root());
    }
    if (part.type().equals("text") || (message && part.message() != null)) {
      out.sp().number(part.lines());
    }
    if (extended) {
      out.sp().nstring(part.md5());
      disposition(part.disposition());
      languages(part.languages());
      out.sp().nstring(part.location());
    }
  }

  // ABNF: media-type SP body-fields
  private void fields(String type, String subtype, Part part) throws IOException {
    out.string(type).sp().string(subtype);
    parameters(part.parameters(), isOfNoCharset(part) ? "\"charset\" \"us-ascii\"" : "");
    out.sp().nstring(part.id());
    out.sp().nstring(part.description());
    out.sp().string(part.encoding());
    out.sp().number(part.size());
  }

  /// Text without a charset is US-ASCII (RFC 2046 section 4.1.2), and clients are told so.
  private static boolean isOfNoCharset(Part part) {
    return part.type().equals("text") && part.parameter("charset").isEmpty();
  }

  private void parameters(List<Part.Parameter> parameters) throws IOException {
    parameters(parameters, "");
  }

  // ABNF: body-fld-param = "(" string SP string *(SP string SP string) ")" / nil
  /// @param more behind them, as it stands
  private void parameters(List<Part.Parameter> parameters, String more) throws IOException {
    if (parameters.isEmpty() && more.isEmpty()) {
      out.raw(" NIL");
      return;
    }
    String before = " (";
    for (Part.Parameter parameter : Continuations.joined(parameters)) {
      out.raw(before).string(parameter.name()).sp().string(parameter.value());
      before = " ";
    }
    out.raw(more.isEmpty() ? ")" : before + more + ")");
  }

  // ABNF: body-fld-dsp = "(" string SP body-fld-param ")" / nil
  private void disposition(Part.@Nullable Disposition disposition) throws IOException {
    if (disposition == null) {
      out.raw(" NIL");
      return;
    }
    out.raw(" (").string(disposition.type());
    parameters(disposition.parameters());
    out.raw(")");
  }

  // ABNF: body-fld-lang = nstring / "(" string *(SP string) ")"
  private void languages(List<String> languages) throws IOException {
    if (languages.isEmpty()) {
      out.raw(" NIL");
      return;
    }
    String before = " (";
    for (String language : languages) {
      out.raw(before).string(language);
      before = " ";
    }
    out.raw(")");
  }
}
