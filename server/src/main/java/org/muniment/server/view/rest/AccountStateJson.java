package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.AccountState;

/// How the capture of an account fares.
///
/// @param state `complete` or `incomplete`
/// @param missing what is missing
/// @param lastRun when the last run ended
/// @param nextRun when the next one begins
/// @param running the run that goes on
/// @param startable whether who asks may start a run or a check
@JsonInclude(JsonInclude.Include.NON_NULL)
record AccountStateJson(
    String account,
    String title,
    String state,
    @Nullable String missing,
    @Nullable String lastRun,
    @Nullable String nextRun,
    AccountState.@Nullable Run running,
    @Nullable PauseJson pause,
    boolean startable) {

  static AccountStateJson of(AccountState account) {
    AccountState.Pause pause = account.pause();
    return new AccountStateJson(
        account.account().value(),
        account.title(),
        account.complete() ? "complete" : "incomplete",
        account.missing().isEmpty() ? null : account.missing(),
        time(account.ended()),
        time(account.next()),
        account.run(),
        pause == null
            ? null
            : new PauseJson(pause.kind(), pause.until().toString(), pause.reason()),
        account.startable());
  }

  private static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  /// Why it is not captured for some time.
  record PauseJson(String kind, String until, String reason) {}
}
