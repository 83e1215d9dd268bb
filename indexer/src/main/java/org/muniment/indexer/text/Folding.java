package org.muniment.indexer.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Folds the texts of a message as they are met, and what was read of its attachments: of all of
/// them it keeps the grams, of a message of usual length the text.
public final class Folding {

  /// Characters of the longest text that is kept.
  public static final int MAX_KEPT = 1 << 20;

  private final Grams headers = new Grams();
  private final Grams body = new Grams();
  private final List<HeaderLines.Line> lines = new ArrayList<>();
  private final List<String> inner = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final List<String> files = new ArrayList<>();
  private @Nullable Grams attached;
  private int kept;

  /// The next text of the message.
  public void add(MessageText.Section section) {
    if (section instanceof MessageText.Section.Header header && header.path().numbers().isEmpty()) {
      header(header.lines());
      return;
    }
    @Nullable String text = SubstringMatcher.text(section);
    if (text != null && SubstringMatcher.isHeader(section)) {
      add(text, headers, inner);
    } else if (text != null) {
      add(text, body, texts);
    }
  }

  private void add(String text, Grams grams, List<String> all) {
    if (text.length() > MAX_KEPT) {
      kept = MAX_KEPT + 1;
      grams.fold(text);
      return;
    }
    String folded = CaseFold.fold(text);
    grams.add(folded);
    if (hasRoom(folded)) {
      all.add(folded);
    }
  }

  private void header(HeaderLines fields) {
    StringBuilder text = new StringBuilder();
    for (HeaderLines.Line field : fields.lines()) {
      HeaderLines.Line line = new HeaderLines.Line(field.name(), CaseFold.fold(field.value()));
      text.append(FoldedText.folded(line)).append('\n');
      if (hasRoom(line.text())) {
        lines.add(line);
      }
    }
    headers.add(text.toString());
  }

  /// The name of a file with the message.
  public void addFile(String name) {
    String folded = CaseFold.fold(name);
    attached().add(folded);
    if (hasRoom(folded)) {
      files.add(folded);
    }
  }

  /// What was read of a file with the message, or the name of one inside it.
  public void addRead(String text) {
    attached().fold(text);
  }

  private Grams attached() {
    Grams grams = attached == null ? new Grams() : attached;
    attached = grams;
    return grams;
  }

  private boolean hasRoom(String text) {
    kept = Math.min(kept + text.length(), MAX_KEPT + 1);
    return kept <= MAX_KEPT;
  }

  /// The grams of the header of the message, and of those inside it.
  public Grams headers() {
    return headers;
  }

  /// The grams of its texts.
  public Grams body() {
    return body;
  }

  /// The grams of the names of its files and of what was read of them; empty where it has none.
  public Optional<Grams> files() {
    return Optional.ofNullable(attached);
  }

  /// All of the message; empty where that is too long to be kept.
  public Optional<FoldedText> text() {
    return kept <= MAX_KEPT
        ? Optional.of(new FoldedText(lines, inner, texts, files))
        : Optional.empty();
  }
}
