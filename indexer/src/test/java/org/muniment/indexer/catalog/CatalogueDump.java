package org.muniment.indexer.catalog;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Everything that a catalogue says, by table.
final class CatalogueDump {

  private CatalogueDump() {}

  /// The rows of each table in order of their first column.
  static Map<String, List<String>> of(Path file) {
    Jdbi jdbi = Jdbi.create("jdbc:sqlite:" + file);
    return Stream.of(
            "position",
            "account",
            "mailbox",
            "message",
            "origin",
            "placement",
            "receipt",
            "part",
            "unwrapped")
        .collect(
            Collectors.toMap(
                table -> table, table -> jdbi.withHandle(handle -> rows(handle, table))));
  }

  private static List<String> rows(Handle handle, String table) {
    return handle
        .select("SELECT * FROM " + table + " ORDER BY 1")
        .map(
            (row, context) -> {
              StringBuilder text = new StringBuilder();
              for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                byte[] octets = row.getBytes(i);
                text.append(octets == null ? "null" : HexFormat.of().formatHex(octets)).append(' ');
              }
              return text.toString();
            })
        .list();
  }
}
