package org.muniment.indexer.text;

import java.io.IOException;
import java.util.List;

/// The texts of a message that values are looked for in, folded as they are compared (see
/// [CaseFold]), so that the message need not be read, decoded and folded each time.
///
/// @param header the fields of its header: names as they stand, values folded
/// @param inner the headers of its parts and of messages inside it, folded
/// @param texts all else, folded
/// @param files names of the files with it, folded
public record FoldedText(
    List<HeaderLines.Line> header, List<String> inner, List<String> texts, List<String> files) {

  /// Changes whenever what is text, or how it is folded, does.
  public static final int RULES = 2;

  public FoldedText {
    header = List.copyOf(header);
    inner = List.copyOf(inner);
    texts = List.copyOf(texts);
    files = List.copyOf(files);
  }

  /// For those who look for values in the message alone.
  public Searched alone() {
    return new Kept(this, List.of(), AttachedTexts.NONE);
  }

  /// For those who look for values in the message, the names of its files, and what was read of
  /// them.
  public Searched with(AttachedTexts read) {
    return new Kept(this, files, read);
  }

  private boolean header(String field, Substring wanted) {
    return header.stream()
        .anyMatch(line -> line.name().equalsIgnoreCase(field) && wanted.isInFolded(line.value()));
  }

  private boolean header(Substring wanted) {
    StringBuilder text = new StringBuilder();
    for (HeaderLines.Line line : header) {
      text.append(folded(line)).append('\n');
    }
    return wanted.isInFolded(text.toString());
  }

  /// A line as it is compared.
  static String folded(HeaderLines.Line line) {
    return new HeaderLines.Line(CaseFold.fold(line.name()), line.value()).text();
  }

  private record Kept(FoldedText folded, List<String> files, AttachedTexts read)
      implements Searched {

    @Override
    public boolean header(String field, String value) {
      return folded.header(field, new Substring(value));
    }

    @Override
    public boolean body(String value) throws IOException {
      return hasText(new Substring(value));
    }

    @Override
    public boolean text(String value) throws IOException {
      Substring wanted = new Substring(value);
      return folded.header(wanted)
          || folded.inner.stream().anyMatch(wanted::isInFolded)
          || hasText(wanted);
    }

    private boolean hasText(Substring wanted) throws IOException {
      return folded.texts.stream().anyMatch(wanted::isInFolded)
          || files.stream().anyMatch(wanted::isInFolded)
          || read.anyMatch(wanted::isIn);
    }
  }
}
