package org.muniment.indexer.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParserTest {

  private static Query.Words word(String text) {
    return new Query.Words(Query.Field.ANY, text, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void emptyQueryMeansEverything(String text) throws QuerySyntaxException {
    assertThat(QueryParser.parse(text)).isEqualTo(new Query.All());
  }

  @Test
  void wordsSideBySideAreJoinedMoreTightlyThanOr() throws QuerySyntaxException {
    assertThat(QueryParser.parse(" a b OR c AND d "))
        .isEqualTo(
            new Query.Or(
                List.of(
                    new Query.And(List.of(word("a"), word("b"))),
                    new Query.And(List.of(word("c"), word("d"))))));
  }

  @Test
  void parenthesesAndNegationsNest() throws QuerySyntaxException {
    assertThat(QueryParser.parse("a -(b OR NOT c)"))
        .isEqualTo(
            new Query.And(
                List.of(
                    word("a"),
                    new Query.Not(new Query.Or(List.of(word("b"), new Query.Not(word("c"))))))));
  }

  @Test
  void operatorsAreUpperCaseAndWholeWords() throws QuerySyntaxException {
    assertThat(QueryParser.parse("or ORDER and-so"))
        .isEqualTo(new Query.And(List.of(word("or"), word("ORDER"), word("and-so"))));
  }

  @Test
  void phrasesAndPrefixes() throws QuerySyntaxException {
    assertThat(QueryParser.parse("\"say \\\"hi\\\" (now)\" subject:wor* FROM:\"A B\""))
        .isEqualTo(
            new Query.And(
                List.of(
                    word("say \"hi\" (now)"),
                    new Query.Words(Query.Field.SUBJECT, "wor", true),
                    new Query.Words(Query.Field.FROM, "A B", false))));
  }

  @Test
  void sizesDatesAndAges() throws QuerySyntaxException {
    assertThat(QueryParser.parse("larger:5MB"))
        .isEqualTo(new Query.Size((5L << 20) + 1, Long.MAX_VALUE));
    assertThat(QueryParser.parse("smaller:\"20k\"")).isEqualTo(new Query.Size(0, 20_479));
    assertThat(QueryParser.parse("on:2024-02"))
        .isEqualTo(
            new Query.Received(
                Instant.parse("2024-02-01T00:00:00Z"), Instant.parse("2024-03-01T00:00:00Z")));
    assertThat(QueryParser.parse("after:2024"))
        .isEqualTo(new Query.Received(Instant.parse("2024-01-01T00:00:00Z"), Instant.MAX));
    assertThat(QueryParser.parse("before:2024-03-05"))
        .isEqualTo(new Query.Received(Instant.MIN, Instant.parse("2024-03-05T00:00:00Z")));
    assertThat(QueryParser.parse("older:2w")).isEqualTo(new Query.Older(Duration.ofDays(14)));
    assertThat(QueryParser.parse("recipient:dora"))
        .isEqualTo(new Query.Words(Query.Field.RECIPIENT, "dora", false));
    assertThat(QueryParser.parse("sender:an*"))
        .isEqualTo(new Query.Words(Query.Field.SENDER, "an", true));
    assertThat(QueryParser.parse("status:cut")).isEqualTo(new Query.Status("cut"));
    assertThat(QueryParser.parse("newer:12h")).isEqualTo(new Query.Newer(Duration.ofHours(12)));
  }

  @Test
  void otherFields() throws QuerySyntaxException {
    assertThat(
            QueryParser.parse(
                "has:attachment flag:Seen flag:$Junk in:\"A/B\" account:x id:y type:pdf"))
        .isEqualTo(
            new Query.And(
                List.of(
                    new Query.HasAttachment(),
                    new Query.Flagged("\\seen"),
                    new Query.Flagged("$junk"),
                    new Query.InMailbox("A/B"),
                    new Query.InAccount("x"),
                    new Query.Id("y"),
                    new Query.Type("pdf"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          (           | 2  | a word
          a (b        | 5  | )
          a)          | 2  | a (
          a OR        | 5  | a word
          OR a        | 1  | a word
          a AND OR b  | 7  | a word
          -           | 2  | what is not wanted
          "abc        | 5  | "
          ""          | 2  | words between
          from:       | 6  | a value for from:
          from: x     | 6  | a value for from:
          *           | 1  | a word
          a*b         | 3  | a space after *
          a"b"        | 2  | a space
          state:x     | 1  | from: to: cc:
          status:x*   | 9  | no *
          b attachment:x | 3 | older: newer:
          http://x    | 1  | quotes
          has:star    | 5  | attachment
          larger:x    | 8  | a size
          larger:5TB  | 9  | a size
          larger:"5T" | 10 | a size
          larger:99999999999999999 | 23 | a size
          larger:999999999999999GB | 23 | a smaller size
          after:24    | 9  | a date
          after:2024- | 12 | a date
          on:2024-13  | 4  | a date
          on:2024-02-30 | 4 | a date
          on:2024-02-01x | 14 | a date
          older:3     | 8  | an age
          older:d     | 7  | an age
          on:2024*    | 8  | no *
          """)
  void refusalNamesColumnAndExpectation(String query, int column, String expected) {
    QuerySyntaxException refusal =
        catchThrowableOfType(QuerySyntaxException.class, () -> QueryParser.parse(query));
    assertThat(refusal).as(query).isNotNull();
    assertThat(refusal.column()).as(query + " " + refusal.getMessage()).isEqualTo(column);
    assertThat(refusal.expected()).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "-", "NOT "})
  void depthIsBounded(String level) {
    assertThat(
            catchThrowableOfType(
                QuerySyntaxException.class, () -> QueryParser.parse(level.repeat(400) + "a")))
        .hasMessageContaining("levels");
  }

  @Test
  void lengthAndClausesAreBounded() {
    assertThat(
            catchThrowableOfType(
                QuerySyntaxException.class, () -> QueryParser.parse("a ".repeat(300))))
        .hasMessageContaining("200 words");
    assertThat(
            catchThrowableOfType(
                QuerySyntaxException.class, () -> QueryParser.parse("a".repeat(2001))))
        .hasMessageContaining("2000");
  }

  @Test
  void anyTextIsReadOrRefused() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] pieces = {
      "a", "(", ")", "\"", "-", "NOT ", "OR ", "AND ", "*", ":", "from:", "on:2024", " ", "\\", "5",
      "\u6771", "\ud83d"
    };
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(12); j >= 0; j--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        assertThat(QueryParser.parse(text.toString())).isNotNull();
      } catch (QuerySyntaxException e) {
        assertThat(e.column()).as("seed %d: %s", seed, text).isBetween(1, text.length() + 1);
      }
    }
  }
}
