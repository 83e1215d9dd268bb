package org.muniment.indexer.search;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;

/// Days that follow each other, in the caller's calendar.
public sealed interface Period {

  /// The first day.
  LocalDate from(LocalDate today);

  /// The first day after.
  LocalDate to(LocalDate today);

  /// Certain days.
  ///
  /// @param to not included
  record Days(LocalDate from, LocalDate to) implements Period {
    @Override
    public LocalDate from(LocalDate today) {
      return from;
    }

    @Override
    public LocalDate to(LocalDate today) {
      return to;
    }
  }

  /// A day, week, month, quarter or year of the calendar, counted from the present one: 0 is that
  /// one, 1 the one before. Weeks begin on Monday.
  record Calendar(int back, Unit unit) implements Period {
    @Override
    public LocalDate from(LocalDate today) {
      return unit.back(unit.start(today), back);
    }

    @Override
    public LocalDate to(LocalDate today) {
      return unit.back(unit.start(today), back - 1);
    }
  }

  /// As many days, weeks and so on as end with today.
  record Last(int count, Unit unit) implements Period {
    @Override
    public LocalDate from(LocalDate today) {
      return unit.back(to(today), count);
    }

    @Override
    public LocalDate to(LocalDate today) {
      return today.plusDays(1);
    }
  }

  /// What periods are counted in.
  enum Unit {
    DAY,
    WEEK,
    MONTH,
    QUARTER,
    YEAR;

    private LocalDate start(LocalDate day) {
      return switch (this) {
        case DAY -> day;
        case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        case MONTH -> day.withDayOfMonth(1);
        case QUARTER -> day.with(IsoFields.DAY_OF_QUARTER, 1);
        case YEAR -> day.withDayOfYear(1);
      };
    }

    private LocalDate back(LocalDate day, int count) {
      return switch (this) {
        case DAY -> day.minusDays(count);
        case WEEK -> day.minusWeeks(count);
        case MONTH -> day.minusMonths(count);
        case QUARTER -> day.minus(count, IsoFields.QUARTER_YEARS);
        case YEAR -> day.minus(count, ChronoUnit.YEARS);
      };
    }
  }
}
