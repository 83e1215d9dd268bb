package org.muniment.server.capture.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.event.SourceText;

class ServerWordsTest {

  /// As Exchange, Gmail, Yahoo and Dovecot say it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Request is throttled. Suggested Backoff Time: 299961 milliseconds",
        "User is authenticated but not connected.",
        "Server Unavailable. 15",
        "[OVERQUOTA] Account exceeded command or bandwidth limits. abc123",
        "Account exceeded command or bandwidth limits. (Failure)",
        "[ALERT] Too many simultaneous connections. (Failure)",
        "Lockout (Failure) [THROTTLED]",
        "[LIMIT] FETCH Rate limit hit.",
        "[UNAVAILABLE] Maximum number of connections from user+IP exceeded",
        "[LOGIN-DELAY] minimum time between logins is 5 minutes"
      })
  void whatMeansLaterIsLaterWhateverWasAsked(String words) {
    SourceException said = ServerWords.ofCommand(SourceText.of(words), null);
    assertThat(said.later()).isTrue();
    assertThat(said.lost()).isTrue();
    assertThat(said.words().display()).isEqualTo(words);
    assertThat(ServerWords.ofSignIn(SourceText.of(words), null).later()).isTrue();
    assertThat(ServerWords.ofEnd(SourceText.of(words), null).later()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[UNAVAILABLE] the directory is down",
        "[INUSE] locked",
        "[IN-USE] another session",
        "[SYS/TEMP] the disk is busy"
      })
  void whatMayBeAboutOneMailboxForEverIsLaterOnlyAtTheDoor(String words) {
    assertThat(ServerWords.ofSignIn(SourceText.of(words), null).later()).isTrue();
    assertThat(ServerWords.ofAll(SourceText.of(words), null).later()).isTrue();
    assertThat(ServerWords.ofCommand(SourceText.of(words), null).later()).isFalse();
    assertThat(ServerWords.ofCommand(SourceText.of(words), null).lost()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "]",
        "[]",
        "[NONEXISTENT] Unknown mailbox: too many connections",
        "[TRYCREATE] no mailbox [THROTTLED]",
        "the message cannot be had",
        "throttled",
      })
  void anyOtherRefusalIsOne(String words) {
    assertThat(ServerWords.ofCommand(SourceText.of(words), null).later()).isFalse();
    assertThat(ServerWords.ofSignIn(SourceText.of(words), null).denied()).isTrue();
    SourceException end = ServerWords.ofEnd(SourceText.of(words), null);
    assertThat(end.later()).isFalse();
    assertThat(end.lost()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "Suggested Backoff Time: 299961 milliseconds, 299961",
    "x suggested BACKOFF time:7ms, 7",
    "Suggested Backoff Time: 0 milliseconds, 0",
  })
  void theSuggestionIsTaken(String words, long milliseconds) {
    assertThat(ServerWords.suggested("Request is throttled. " + words))
        .isEqualTo(Duration.ofMillis(milliseconds));
  }

  @Test
  void aSuggestionThatIsNoNumberIsNone() {
    assertThat(ServerWords.suggested("Suggested Backoff Time: soon")).isNull();
    assertThat(ServerWords.suggested("Suggested Backoff Time: -1")).isNull();
    assertThat(ServerWords.suggested("Suggested Backoff Time: " + "9".repeat(900))).isNull();
    assertThat(ServerWords.suggested("Suggested Backoff Time:")).isNull();
  }
}
