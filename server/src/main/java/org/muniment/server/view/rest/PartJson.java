package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.HeaderText;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;

/// A part in the tree of a message.
///
/// @param path its number, null for the multipart that a message itself is
/// @param type media type and subtype
/// @param size number of octets, still encoded
/// @param disposition type of the Content-Disposition
/// @param filename decoded, as the sender wrote it: not safe as a path
/// @param textStatus how the reading of an attachment went: `ok`, or a word to search for with
///   `status:`; null for a text part
/// @param children of a multipart, or the root of the message that this part holds
@JsonInclude(JsonInclude.Include.NON_NULL)
record PartJson(
    @Nullable String path,
    String type,
    @Nullable String charset,
    String encoding,
    long size,
    @Nullable String disposition,
    @Nullable String filename,
    @Nullable String contentId,
    @Nullable String description,
    @Nullable String textStatus,
    List<PartJson> children) {

  /// The tree of a message.
  ///
  /// @param attachments how the reading of each attachment went
  static PartJson ofMessage(Part root, Map<PartPath, String> attachments) {
    return ofMessage(root, PartPath.MESSAGE, attachments);
  }

  private static PartJson ofMessage(Part root, PartPath path, Map<PartPath, String> attachments) {
    return root.isMultipart()
        ? of(null, root, path, attachments)
        : of(path.child(1), root, path.child(1), attachments);
  }

  /// @param shown the number to show
  /// @param path the number that those of the children begin with
  private static PartJson of(
      @Nullable PartPath shown, Part part, PartPath path, Map<PartPath, String> attachments) {
    return new PartJson(
        shown == null ? null : shown.toString(),
        HeaderText.decode(part.type() + "/" + part.subtype()),
        decoded(part.parameter("charset").orElse(null)),
        HeaderText.decode(part.encoding()),
        part.size(),
        part.disposition() == null ? null : HeaderText.decode(part.disposition().type()),
        part.filename().orElse(null),
        decoded(part.id()),
        decoded(part.description()),
        attachments.get(path),
        children(part, path, attachments));
  }

  private static List<PartJson> children(
      Part part, PartPath path, Map<PartPath, String> attachments) {
    Part.Embedded embedded = part.message();
    if (embedded != null) {
      return List.of(ofMessage(embedded.root(), path, attachments));
    }
    List<PartJson> children = new ArrayList<>();
    for (Part child : part.children()) {
      PartPath number = path.child(children.size() + 1);
      children.add(of(number, child, number, attachments));
    }
    return children;
  }

  private static @Nullable String decoded(@Nullable String raw) {
    return raw == null ? null : HeaderText.decode(raw);
  }
}
