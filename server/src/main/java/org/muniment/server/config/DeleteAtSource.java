package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// That mail is deleted at its source once it is old and safe in the archive.
///
/// @param after how long it is archived before, and how old it is by INTERNALDATE; whole days, at
///   least one
/// @param folders mailboxes in which mail is deleted
public record DeleteAtSource(Duration after, AccountConfig.Folders folders) {

  /// A hundred years.
  private static final long MOST_DAYS = 36_525;

  private static final int DAYS_OF_WEEK = 7;

  /// @throws BadValueException when a value is not allowed
  public DeleteAtSource {
    if (after.compareTo(Duration.ofDays(1)) < 0 || after.toDays() > MOST_DAYS) {
      throw new BadValueException("after", "must be 1d to " + MOST_DAYS + "d");
    }
  }

  @JsonCreator
  static DeleteAtSource of(
      @JsonProperty("after") @Nullable String after,
      @JsonProperty("include") @Nullable List<String> include,
      @JsonProperty("exclude") @Nullable List<String> exclude) {
    return new DeleteAtSource(
        Duration.ofDays(days(BadValueException.required("after", after).strip())),
        AccountConfig.Folders.of(include, exclude, null, false));
  }

  /// `1*DIGIT ("d" / "w")`
  private static long days(String age) {
    int end = age.length() - 1;
    boolean weeks = age.endsWith("w");
    boolean written =
        (weeks || age.endsWith("d"))
            && end >= 1
            && end <= 9
            && age.chars().limit(end).allMatch(c -> c >= '0' && c <= '9');
    if (!written) {
      throw new BadValueException(
          "after", "\"" + age + "\" is no age: one is written in days or weeks, as 90d or 12w");
    }
    return Long.parseLong(age.substring(0, end)) * (weeks ? DAYS_OF_WEEK : 1);
  }

  /// `90 days`.
  public String text() {
    long days = after.toDays();
    return days == 1 ? "1 day" : days + " days";
  }
}
