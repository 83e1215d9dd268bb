package org.muniment.indexer.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaseSubjectTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Hello               | hello       | false
          Re: Hello           | hello       | true
          RE : Hello          | hello       | true
          Fwd: Re: Hello      | hello       | true
          Fw: Hello           | hello       | true
          Re[2]: Hello        | hello       | true
          [list] Hello        | hello       | false
          [list] Re: Hello    | hello       | true
          Re: [list] Hello    | hello       | true
          [a] [b] Hello       | hello       | false
          Hello (fwd)         | hello       | true
          Hello (fwd) (fwd)   | hello       | true
          [Fwd: Hello]        | hello       | true
          [Fwd: Re: [x] Hello] | hello      | true
          [only]              | [only]      | false
          Hello   you         | hello you   | false
          Regards             | regards     | false
          Re                  | re          | false
          forward: Hello      | forward: hello | false
          """)
  void marksOfRepliesAndForwardsAreTakenAway(String subject, String text, boolean reply) {
    assertThat(BaseSubject.of(subject)).isEqualTo(new BaseSubject(text, reply));
  }

  @Test
  void anyTextHasABaseSubject() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] pieces = {"re", "fwd", "fw", ":", "[", "]", " ", "(fwd)", "x", "[fwd:", "\ud83d"};
    for (int i = 0; i < 20_000; i++) {
      StringBuilder subject = new StringBuilder();
      for (int j = random.nextInt(20); j >= 0; j--) {
        subject.append(pieces[random.nextInt(pieces.length)]);
      }
      BaseSubject base = BaseSubject.of(subject.toString());
      assertThat(base.text().length()).as("seed %d", seed).isLessThanOrEqualTo(subject.length());
      assertThat(BaseSubject.of(base.text()).text())
          .as("seed %d: %s", seed, subject)
          .isEqualTo(base.text());
    }
    assertThat(BaseSubject.of("[".repeat(100_000)).text()).isNotEmpty();
    assertThat(BaseSubject.of("re:".repeat(100_000)).text()).hasSizeLessThan(4);
  }
}
