package org.muniment.indexer.mail;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One MIME entity (RFC 2045) and where it lies in the octets of the message. The root part is the
/// message itself. Texts are raw: encoded words and RFC 2231 are not decoded, each octet is one
/// ISO-8859-1 character.
///
/// @param type media type in lower case, `text` by default
/// @param subtype media subtype in lower case, `plain` by default
/// @param parameters of the Content-Type, names in lower case, in order
/// @param id Content-ID
/// @param description Content-Description
/// @param encoding Content-Transfer-Encoding in lower case, `7bit` by default
/// @param md5 Content-MD5
/// @param disposition Content-Disposition
/// @param languages Content-Language
/// @param location Content-Location
/// @param start offset of the first octet of the header, from the beginning of the message
/// @param body offset of the first octet of the body, after the empty line; `end` where there is
///   only a header
/// @param end offset after the last octet of the body; the line break before a boundary does not
///   belong to it
/// @param lines number of lines of the body, that is of its line breaks, as Dovecot counts them
/// @param children of a multipart, in order
/// @param message of a message/rfc822 or message/global part: what it holds
public record Part(
    String type,
    String subtype,
    List<Parameter> parameters,
    @Nullable String id,
    @Nullable String description,
    String encoding,
    @Nullable String md5,
    @Nullable Disposition disposition,
    List<String> languages,
    @Nullable String location,
    long start,
    long body,
    long end,
    long lines,
    List<Part> children,
    @Nullable Embedded message) {

  public Part {
    parameters = List.copyOf(parameters);
    languages = List.copyOf(languages);
    children = List.copyOf(children);
  }

  /// A parameter of a structured header field.
  public record Parameter(String name, String value) {}

  /// Content-Disposition (RFC 2183), its type in lower case.
  public record Disposition(String type, List<Parameter> parameters) {
    public Disposition {
      parameters = List.copyOf(parameters);
    }
  }

  /// A message inside a part; `root.start()` is the part's `body()`.
  public record Embedded(Envelope envelope, Part root) {}

  /// Decoded file name: the disposition's `filename`, else the `name` of the Content-Type. It is
  /// what the sender wrote, never to be used as a path.
  public Optional<String> filename() {
    return Optional.ofNullable(disposition)
        .flatMap(d -> HeaderText.parameter(d.parameters(), "filename"))
        .or(() -> HeaderText.parameter(parameters, "name"));
  }

  /// Raw value of a parameter of the Content-Type.
  ///
  /// @param name in lower case
  public Optional<String> parameter(String name) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(name)) {
        return Optional.of(parameter.value());
      }
    }
    return Optional.empty();
  }

  /// The same part with an end of its body elsewhere.
  public Part endingAt(long other) {
    return new Part(
        type,
        subtype,
        parameters,
        id,
        description,
        encoding,
        md5,
        disposition,
        languages,
        location,
        start,
        body,
        other,
        lines,
        children,
        message);
  }

  /// Number of octets of the body, still encoded.
  public long size() {
    return end - body;
  }

  /// Whether this is a multipart with at least one child.
  public boolean isMultipart() {
    return !children.isEmpty();
  }
}
