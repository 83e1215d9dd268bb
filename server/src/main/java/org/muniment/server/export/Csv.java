package org.muniment.server.export;

import java.util.List;
import java.util.stream.Collectors;

/// Lines of a table (RFC 4180) that a spreadsheet does not take for formulas.
final class Csv {

  /// What a spreadsheet takes for the beginning of a formula.
  private static final String FORMULA = "=+-@\t\r\n|%\uFF1D\uFF0B\uFF0D\uFF20";

  private Csv() {}

  static String line(List<String> cells) {
    return cells.stream().map(Csv::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String cell(String text) {
    boolean formula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
    String safe = formula ? "'" + text : text;
    boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == ';' || c < ' ');
    return quoted ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
  }
}
