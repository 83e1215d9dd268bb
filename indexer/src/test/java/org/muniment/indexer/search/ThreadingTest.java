package org.muniment.indexer.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ThreadingTest {

  private final List<Threading.Member> members = new ArrayList<>();

  private void add(String id, String subject, String... references) {
    int number = members.size();
    members.add(
        new Threading.Member(
            number, id, List.of(references), Instant.ofEpochSecond(number), subject));
  }

  /// Depth and id of each, `?` for one that is not there.
  private List<String> tree() {
    return Threading.of(members, Threading.Namesakes.APART).stream()
        .map(placed -> placed.depth() + (placed.member() == null ? "?" : placed.member().id()))
        .toList();
  }

  @Test
  void answersStandBelowWhatTheyAnswer() {
    add("a", "s");
    add("b", "Re: s", "a");
    add("c", "Re: s", "a", "b");
    add("d", "Re: s", "a");
    assertThat(tree()).containsExactly("0a", "1b", "2c", "1d");
  }

  @Test
  void anAnswerThatCameBeforeItsQuestionStandsBelowItAllTheSame() {
    add("c", "Re: s", "a", "b");
    add("b", "Re: s", "a");
    add("a", "s");
    assertThat(tree()).containsExactly("0a", "1b", "2c");
  }

  @Test
  void aMissingParentIsAGapOnlyWhereItHoldsSeveralTogether() {
    add("b", "x", "gone");
    add("c", "y", "gone");
    assertThat(tree()).containsExactly("0?", "1b", "1c");
    members.removeLast();
    assertThat(tree()).containsExactly("0b");
  }

  @Test
  void aMissingMessageInTheMiddleIsLeftOut() {
    add("a", "s");
    add("c", "s", "a", "gone");
    assertThat(tree()).containsExactly("0a", "1c");
  }

  @Test
  void whatAMessageSaysItselfCountsMoreThanWhatOthersSay() {
    add("a", "s");
    add("b", "t");
    add("c", "u", "b");
    add("d", "v", "a", "c");
    assertThat(tree()).containsExactly("0a", "0b", "1c", "2d");
  }

  @Test
  void loopsAreNotMade() {
    add("a", "s", "b");
    add("b", "s", "a");
    add("c", "s", "c");
    assertThat(tree()).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void ofTwoMessagesWithOneIdBothAreThere() {
    add("a", "s");
    add("a", "t");
    add("b", "u", "a");
    assertThat(tree()).containsExactly("0a", "1b", "0a");
  }

  @Test
  void aReplyWithoutReferencesStandsBelowTheMessageOfItsSubject() {
    add("a", "Plan");
    add("b", "Re: plan");
    add("c", "Plan");
    add("", "other");
    assertThat(tree()).containsExactly("0a", "1b", "0c", "0");
  }

  // RFC 5256 section 3, REFERENCES, step (5)
  @Test
  void namesakesStandTogetherBelowAGapWhereTheRfcIsFollowed() {
    add("a", "Report");
    add("b", "report");
    add("c", "Re: report");
    add("d", "REPORT");
    add("e", "other");
    List<String> together =
        Threading.of(members, Threading.Namesakes.TOGETHER).stream()
            .map(placed -> placed.depth() + (placed.member() == null ? "?" : placed.member().id()))
            .toList();
    assertThat(together).containsExactly("0?", "1a", "1b", "1c", "1d", "0e");
  }

  @Test
  void manyChildrenThatLeaveTheirParentTakeNoQuadraticTime() {
    for (int i = 0; i < 100_000; i++) {
      add("m" + i, "s" + i, "star", "c" + i);
    }
    for (int i = 0; i < 100_000; i++) {
      add("c" + i, "t" + i);
    }
    long start = System.nanoTime();
    assertThat(tree()).hasSize(200_000);
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
  }

  @Test
  void everyMessageIsPlacedOnceWhateverItsReferences() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      members.clear();
      for (int i = random.nextInt(30); i >= 0; i--) {
        String[] references = new String[random.nextInt(6)];
        for (int j = 0; j < references.length; j++) {
          references[j] = "id" + random.nextInt(20);
        }
        add(
            "id" + random.nextInt(20),
            (random.nextBoolean() ? "Re: " : "") + "s" + i % 7,
            references);
      }
      var namesakes = round % 2 == 0 ? Threading.Namesakes.APART : Threading.Namesakes.TOGETHER;
      List<Integer> placed =
          Threading.of(members, namesakes).stream()
              .map(Threading.Placed::member)
              .filter(member -> member != null)
              .map(Threading.Member::number)
              .sorted()
              .toList();
      assertThat(placed)
          .as("seed %d", seed)
          .isEqualTo(members.stream().map(Threading.Member::number).toList());
    }
  }

  @Test
  void longChainsAndManyReferencesAreBoundedWork() {
    for (int i = 0; i < 500; i++) {
      String[] references = new String[50];
      for (int j = 0; j < 50; j++) {
        references[j] = "id" + (i * 50 + j);
      }
      add("m" + i, "s", references);
    }
    long start = System.nanoTime();
    assertThat(tree()).hasSizeGreaterThanOrEqualTo(500);
    assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(5_000);
  }
}
