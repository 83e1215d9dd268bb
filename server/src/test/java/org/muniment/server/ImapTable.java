package org.muniment.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What was seen of Muniment and of two Dovecots, beside the goals.
final class ImapTable {

  private final StringBuilder lines =
      new StringBuilder(
          "%-44s %10s %10s %7s %10s %7s  %s%n"
              .formatted("", "muniment", "maildir", "ratio", "mdbox", "ratio", "goal"));

  /// What a value should be.
  ///
  /// @param least whether it should not be less, else not more
  /// @param of which other value it is a factor of, `""` for none
  record Goal(boolean least, double value, String of) {

    static final String MAILDIR = "maildir";
    static final String MDBOX = "mdbox";

    static Goal atLeast(double value) {
      return new Goal(true, value, "");
    }

    static Goal atLeast(double factor, String of) {
      return new Goal(true, factor, of);
    }

    static Goal atMost(double value) {
      return new Goal(false, value, "");
    }

    static Goal atMost(double factor, String of) {
      return new Goal(false, factor, of);
    }

    private String judge(double own, double maildir, double mdbox) {
      double seen =
          switch (of) {
            case MAILDIR -> own / maildir;
            case MDBOX -> own / mdbox;
            default -> own;
          };
      boolean met = least ? seen >= value : seen <= value;
      return "%s %s%s: %s"
          .formatted(
              least ? "at least" : "at most",
              plain(value),
              of.isEmpty() ? "" : " of " + of,
              met ? "met" : "NOT MET");
    }

    private static String plain(double value) {
      return value == Math.rint(value) ? "%,.0f".formatted(value) : Double.toString(value);
    }
  }

  /// What only Muniment has.
  void add(String title, double own, Goal... goals) {
    write(title, List.of(number(own), "", "", "", ""), judged(own, 1, 1, goals));
  }

  void add(String title, double own, double maildir, double mdbox, Goal... goals) {
    write(
        title,
        List.of(
            number(own),
            number(maildir),
            "%.3f".formatted(own / maildir),
            number(mdbox),
            "%.3f".formatted(own / mdbox)),
        judged(own, maildir, mdbox, goals));
  }

  private static String judged(double own, double maildir, double mdbox, Goal... goals) {
    return Stream.of(goals)
        .map(goal -> goal.judge(own, maildir, mdbox))
        .collect(Collectors.joining("; "));
  }

  private void write(String title, List<String> cells, String goals) {
    List<Object> all = new ArrayList<>(List.of(title));
    all.addAll(cells);
    all.add(goals);
    String line = String.format(Locale.ROOT, "%-44s %10s %10s %7s %10s %7s  %s%n", all.toArray());
    System.out.print(line);
    lines.append(line);
  }

  private static String number(double value) {
    return value < 100 ? "%.2f".formatted(value) : "%,.0f".formatted(value);
  }

  @Override
  public String toString() {
    return lines.toString();
  }
}
