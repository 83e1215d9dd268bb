package org.muniment.indexer.extract.child;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.tika.metadata.Metadata;

/// What a document says of itself that people look for: titles, names, places, devices; not its
/// counts and measures.
final class SelfDescription {

  private static final Set<String> NAMES =
      Set.of(
          "dc:title",
          "dc:creator",
          "dc:contributor",
          "dc:publisher",
          "dc:subject",
          "dc:description",
          "meta:keyword",
          "meta:last-author",
          "cp:category",
          "cp:subject",
          "w:Comments",
          "extended-properties:Company",
          "extended-properties:Manager",
          "Message-From",
          "Message-To",
          "Message-Cc",
          "Message-Bcc",
          "tiff:Make",
          "tiff:Model",
          "tiff:Software",
          "tiff:Artist",
          "tiff:ImageDescription",
          "exif:DateTimeOriginal",
          "geo:lat",
          "geo:long",
          "JPEG Comment",
          "xmpDM:artist",
          "xmpDM:album",
          "xmpDM:composer",
          "xmpDM:genre",
          "photoshop:Headline",
          "photoshop:City",
          "photoshop:Country");

  private static final List<String> PREFIXES =
      List.of("custom:", "IPTC:", "Exif IFD0:Image Description", "Exif IFD0:Artist");

  private static final int MAX_VALUE = 10_000;
  private static final int MAX_LINES = 1_000;

  private SelfDescription() {}

  /// The values, each once.
  static Set<String> of(Metadata metadata) {
    Set<String> lines = new TreeSet<>();
    for (String name : metadata.names()) {
      if (NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith)) {
        for (String value : metadata.getValues(name)) {
          if (lines.size() < MAX_LINES && !value.isBlank()) {
            lines.add(value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE));
          }
        }
      }
    }
    return lines;
  }
}
