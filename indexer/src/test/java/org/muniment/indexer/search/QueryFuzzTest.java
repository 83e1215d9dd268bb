package org.muniment.indexer.search;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.indexer.Fuzzing;

class QueryFuzzTest {

  @TempDir private Path work;

  @Test
  @Tag("slow")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void noQueryBreaksTheParser() throws Exception {
    Fuzzing.fuzz(
        FuzzedQuery.class,
        Stream.of(
                "a OR (b AND NOT -c) \"d \\\" e\" wor*",
                "from:@x.example x-mailer:mutt header:\"a: b\" lang:de ref:<a@b>",
                "on:2024-01..last-month sent:\"last 7 days\" before:today larger:1.5MB older:3w",
                "subject:\u6771\u4eac* flag:seen has:attachment in:\"a/b\" status:cut")
            .map(query -> query.getBytes(StandardCharsets.UTF_8))
            .toList(),
        work);
  }
}
