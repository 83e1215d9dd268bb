package org.muniment.indexer.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParserTest {

  private static Query.Words word(String text) {
    return new Query.Words(Query.Field.ANY, text, false, false);
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
                    new Query.Words(Query.Field.ANY, "say \"hi\" (now)", false, true),
                    new Query.Words(Query.Field.SUBJECT, "wor", true, false),
                    new Query.Words(Query.Field.FROM, "A B", false, true))));
  }

  @Test
  void sizesDatesAndAges() throws QuerySyntaxException {
    assertThat(QueryParser.parse("larger:5MB"))
        .isEqualTo(new Query.Size((5L << 20) + 1, Long.MAX_VALUE));
    assertThat(QueryParser.parse("smaller:\"20k\"")).isEqualTo(new Query.Size(0, 20_479));
    assertThat(QueryParser.parse("larger:1.5MB"))
        .isEqualTo(new Query.Size((3L << 19) + 1, Long.MAX_VALUE));
    Period february = days("2024-02-01", "2024-03-01");
    assertThat(QueryParser.parse("on:2024-02")).isEqualTo(received(begin(february), end(february)));
    assertThat(QueryParser.parse("after:2024"))
        .isEqualTo(received(begin(days("2024-01-01", "2025-01-01")), null));
    assertThat(QueryParser.parse("before:2024-03-05"))
        .isEqualTo(received(null, begin(days("2024-03-05", "2024-03-06"))));
    assertThat(QueryParser.parse("older:2w")).isEqualTo(new Query.Older(Duration.ofDays(14)));
    assertThat(QueryParser.parse("recipient:dora"))
        .isEqualTo(new Query.Words(Query.Field.RECIPIENT, "dora", false, false));
    assertThat(QueryParser.parse("sender:an*"))
        .isEqualTo(new Query.Words(Query.Field.SENDER, "an", true, false));
    assertThat(QueryParser.parse("status:cut")).isEqualTo(new Query.Status("cut"));
    assertThat(QueryParser.parse("newer:12h")).isEqualTo(new Query.Newer(Duration.ofHours(12)));
  }

  private static Period days(String from, String to) {
    return new Period.Days(LocalDate.parse(from), LocalDate.parse(to));
  }

  private static Query.Edge begin(Period period) {
    return new Query.Edge(period, false);
  }

  private static Query.Edge end(Period period) {
    return new Query.Edge(period, true);
  }

  private static Query received(Query.@Nullable Edge from, Query.@Nullable Edge to) {
    return new Query.Dated(Query.Date.RECEIVED, from, to);
  }

  @Test
  void rangesAreOpenAtEitherEnd() throws QuerySyntaxException {
    Period january = days("2024-01-01", "2024-02-01");
    Period march = days("2024-03-01", "2024-04-01");
    assertThat(QueryParser.parse("on:2024-01..2024-03"))
        .isEqualTo(received(begin(january), end(march)));
    assertThat(QueryParser.parse("on:..2024-03")).isEqualTo(received(null, end(march)));
    assertThat(QueryParser.parse("on:2024-01..")).isEqualTo(received(begin(january), null));
    assertThat(QueryParser.parse("sent:2024-03"))
        .isEqualTo(new Query.Dated(Query.Date.SENT, begin(march), end(march)));
  }

  @ParameterizedTest
  @CsvSource({
    "today,2024-02-29,2024-03-01",
    "yesterday,2024-02-28,2024-02-29",
    "this week,2024-02-26,2024-03-04",
    "last week,2024-02-19,2024-02-26",
    "last-week,2024-02-19,2024-02-26",
    "Last Month,2024-01-01,2024-02-01",
    "this month,2024-02-01,2024-03-01",
    "last quarter,2023-10-01,2024-01-01",
    "this year,2024-01-01,2025-01-01",
    "last year,2023-01-01,2024-01-01",
    "last 7 days,2024-02-23,2024-03-01",
    "last-7-days,2024-02-23,2024-03-01",
    "last 1 day,2024-02-29,2024-03-01",
    "last 2 weeks,2024-02-16,2024-03-01",
    "last 3 months,2023-12-01,2024-03-01",
    "last 9999 years,-7975-03-01,2024-03-01",
  })
  void relativeDatesCountFromToday(String text, LocalDate from, LocalDate to)
      throws QuerySyntaxException {
    LocalDate today = LocalDate.parse("2024-02-29");
    Period period = DateValue.period(text, 1);
    assertThat(period.from(today)).isEqualTo(from);
    assertThat(period.to(today)).isEqualTo(to);
  }

  @Test
  void namesWithHyphensAreFieldsOfTheHeader() throws QuerySyntaxException {
    assertThat(QueryParser.parse("X-Mailer:mutt -user-agent:thunder*"))
        .isEqualTo(
            new Query.And(
                List.of(
                    new Query.Header("x-mailer", "mutt", false),
                    new Query.Not(new Query.Header("user-agent", "thunder", true)))));
    assertThat(QueryParser.parse("header:\"Organization: Acme Ltd\""))
        .isEqualTo(new Query.Header("organization", "Acme Ltd", false));
    assertThat(QueryParser.parse("header:x-mailer:mutt"))
        .isEqualTo(new Query.Header("x-mailer", "mutt", false));
    assertThat(QueryParser.parse("header:mutt")).isEqualTo(new Query.Header("", "mutt", false));
    assertThat(QueryParser.parse("message-id:<a@b> in-reply-to:c@d lang:DE"))
        .isEqualTo(
            new Query.And(
                List.of(
                    new Query.Id("<a@b>"), new Query.Refers("c@d"), new Query.InLanguage("de"))));
    assertThat(QueryParser.parse("list-id:dev*"))
        .isEqualTo(new Query.Words(Query.Field.LIST, "dev", true, false));
    assertThat(QueryParser.parse("-a -body:c-d- x-")).isInstanceOf(Query.And.class);
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
          *           | 1  | letters before *
          *a          | 1  | letters before *
          from:*a     | 6  | letters before *
          a*          | 2  | at least 2 letters
          subject:.a* | 11 | at least 2 letters
          ab*c        | 4  | a space after *
          a"b"        | 2  | a space
          state:x     | 1  | from: to: cc:
          status:xy*  | 10 | no *
          b attached:x | 3 | older: newer:
          http://x    | 1  | quotes
          has:star    | 5  | attachment
          larger:x    | 8  | a size
          larger:5TB  | 9  | a size
          larger:"5T" | 10 | a size
          larger:99999999999999999 | 20 | a size
          larger:999999999999GB | 20 | a smaller size
          after:24    | 9  | a date
          after:2024- | 12 | a date
          on:2024-13  | 4  | a date
          on:2024-02-30 | 4 | a date
          on:2024-02-01x | 14 | the end of the date
          older:3     | 8  | an age
          older:d     | 7  | an age
          on:2024*    | 8  | no *
          id:xy*      | 6  | no *
          on:2024..x  | 10 | a date
          on:2024,    | 8  | the end of the date
          on:..       | 6  | a date
          sent:lastish | 6 | a date
          on:"last 0 days" | 10 | a number above 0
          on:"last 12345 days" | 14 | a smaller number
          on:"last 3 moons" | 12 | day, week
          after:last-fortnight | 12 | day, week
          after:2024..2025 | 11 | the end of the date
          larger:1.   | 10 | a size
          larger:.5M  | 8  | a size
          lang:d3     | 6  | a language
          header:":x" | 9  | the name
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
      "\u6771", "\ud83d", "\u0130", "..", "last", "days", "on:", "sent:", "x-y:", "header:",
      "larger:", "lang:", "today", ".", "MB", "newer:", "\0"
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
