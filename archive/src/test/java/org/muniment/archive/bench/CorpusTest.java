package org.muniment.archive.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.log.TreeHash;

/// The bounds are what the issue asks of the corpus, and what real mail was measured to give: a
/// corpus that compresses better would flatter the archive.
class CorpusTest {

  private static final int COUNT = 2_000;
  private static final long SEED = 7;

  @Test
  void theDefaultMixHasTheShapeOfAnOfficesMail() throws IOException {
    Survey.Result survey = survey(Mix.DEFAULT);
    System.out.println("seed " + SEED + "\n" + String.join("\n", survey.lines()));
    assertThat(survey.percentile(.1)).isBetween(1_500L, 4_500L);
    assertThat(survey.percentile(.5)).isBetween(6_500L, 10_500L);
    assertThat(survey.percentile(.9)).isBetween(40_000L, 130_000L);
    assertThat(survey.percentile(.99)).isBetween(400_000L, 2_500_000L);
    assertThat(survey.percentile(1)).isLessThan(26_000_000);
    assertThat(survey.mean()).isBetween(40_000L, 110_000L);
    assertThat(survey.copies()).isBetween(.25, .35);
    assertThat((double) survey.attached() / COUNT).isBetween(.15, .25);
    assertThat((double) survey.base64() / survey.distinct()).isBetween(.75, .95);
    assertThat((double) survey.decoded() / survey.compressedParts()).isLessThan(1.2);
    assertThat((double) survey.skeletons() / survey.compressedSkeletons()).isBetween(3.0, 4.0);
  }

  @Test
  void theLeanMixIsManySmallMessages() throws IOException {
    Survey.Result survey = survey(Mix.LEAN);
    System.out.println("seed " + SEED + "\n" + String.join("\n", survey.lines()));
    assertThat(survey.percentile(.25)).isBetween(2_000L, 4_000L);
    assertThat(survey.percentile(.5)).isBetween(3_000L, 6_000L);
    assertThat(survey.mean()).isBetween(8_000L, 18_000L);
  }

  @Test
  void textIsNoEasierToCompressThanRealText() {
    for (Language language : Language.values()) {
      Words words = new Words(language);
      SplittableRandom random = new SplittableRandom(SEED);
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      while (text.size() < 8 * Survey.FRAME) {
        text.writeBytes(words.text(random, 1_000).getBytes(UTF_8));
      }
      double ratio = 0;
      for (int i = 0; i < 8; i++) {
        byte[] frame = new byte[Survey.FRAME];
        System.arraycopy(text.toByteArray(), i * Survey.FRAME, frame, 0, Survey.FRAME);
        ratio += (double) Survey.FRAME / Zstd.compress(frame, Survey.LEVEL).length / 8;
      }
      // Cyrillic has two octets a letter.
      assertThat(ratio)
          .as(language.name())
          .isBetween(2.3, language == Language.RUSSIAN ? 3.4 : 2.8);
    }
  }

  @Test
  void theSameSeedGivesTheSameOctets() throws IOException {
    assertThat(hash(1)).isEqualTo(hash(1)).isNotEqualTo(hash(2));
  }

  @Test
  void aMaildirGivesBackWhatWasWritten(@TempDir Path folder) throws IOException {
    Maildir maildir = new Maildir(folder);
    TreeSet<String> written = new TreeSet<>();
    Corpus corpus = new Corpus(Mix.LEAN, 200, SEED);
    while (corpus.hasNext()) {
      Delivery delivery = corpus.next();
      maildir.add(delivery);
      written.add(describe(delivery));
    }
    TreeSet<String> found = new TreeSet<>();
    maildir.deliveries().forEachRemaining(delivery -> found.add(describe(delivery)));
    assertThat(found).isEqualTo(written).hasSizeGreaterThan(100);
  }

  @Test
  void manyLanguagesEncodingsAndKindsAreThere() {
    List<String> missing =
        new ArrayList<>(
            List.of(
                "charset=koi8-r",
                "charset=iso-8859-1",
                "=?koi8-r?B?",
                "Content-Transfer-Encoding: quoted-printable",
                "Content-Transfer-Encoding: 8bit",
                "text/calendar",
                "message/delivery-status",
                "message/rfc822",
                "smime.p7s",
                "image/png",
                "officedocument",
                "List-Unsubscribe:",
                "In-Reply-To:",
                "DKIM-Signature:",
                "\0before\rand after\0",
                "charset=x-unheard-of",
                "this line is no header"));
    Corpus corpus = new Corpus(Mix.LEAN, 3_000, SEED);
    while (corpus.hasNext()) {
      String text = new String(corpus.next().octets(), StandardCharsets.ISO_8859_1);
      missing.removeIf(text::contains);
    }
    assertThat(missing).isEmpty();
  }

  private static String describe(Delivery delivery) {
    return "%s %s %s %s %d"
        .formatted(
            delivery.account(),
            delivery.mailbox(),
            delivery.flags(),
            delivery.internalDate(),
            delivery.octets().length);
  }

  private static byte[] hash(long seed) {
    MessageDigest digest = TreeHash.sha256();
    Corpus corpus = new Corpus(Mix.DEFAULT, 200, seed);
    while (corpus.hasNext()) {
      Delivery delivery = corpus.next();
      digest.update(describe(delivery).getBytes(UTF_8));
      digest.update(delivery.octets());
    }
    return digest.digest();
  }

  /// In the order of a capture: account by account, mailbox by mailbox.
  private static Survey.Result survey(Mix mix) throws IOException {
    List<Delivery> all = new ArrayList<>();
    new Corpus(mix, COUNT, SEED).forEachRemaining(all::add);
    all.sort(
        Comparator.comparing(Delivery::account)
            .thenComparing(Delivery::mailbox)
            .thenComparing(Delivery::internalDate));
    Survey survey = new Survey();
    for (Delivery each : all) {
      survey.add(each.octets());
    }
    return survey.result();
  }
}
