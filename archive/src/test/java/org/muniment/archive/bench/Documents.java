package org.muniment.archive.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What people attach to their letters: what was forwarded, what they have sent before, a revision
/// of it, or something new.
final class Documents {

  private static final int REMEMBERED = 3_000;

  /// Octets of all attachments of a letter, so that the longest letters have 24 MB.
  private static final double LARGEST = 17_500_000;

  private static final double SMALLEST_BUNDLE = 1_200_000;

  private final Mix mix;
  private final Words words;
  private final RandomGenerator random;
  private final List<Attachment> documents = new ArrayList<>();
  private int bundles;

  Documents(Mix mix, Words words, RandomGenerator random) {
    this.mix = mix;
    this.words = words;
    this.random = random;
  }

  /// Attachments of a letter, often none.
  ///
  /// @param parent what it answers or forwards
  List<Attachment> of(@Nullable Letter parent, boolean forward) {
    List<Attachment> attached = new ArrayList<>();
    if (forward && parent != null && random.nextInt(10) < 8) {
      attached.addAll(parent.attached());
    }
    if (random.nextDouble() < mix.attached() * (parent == null ? 1.15 : 0.7)) {
      int chance = random.nextInt(100);
      int wanted = chance < 70 ? 1 : chance < 87 ? 2 : chance < 95 ? 3 : 5;
      for (int i = 0; i < wanted; i++) {
        attached.add(document());
      }
    }
    int total = 0;
    List<Attachment> kept = new ArrayList<>();
    for (Attachment each : attached) {
      total += each.size();
      if (total <= LARGEST) {
        kept.add(each);
      }
    }
    return kept;
  }

  /// One that was sent before, or a revision of one, or a new one.
  private Attachment document() {
    double chance = random.nextDouble();
    if (chance < 0.30 && !documents.isEmpty()) {
      return documents.get(random.nextInt(documents.size()));
    }
    Attachment document =
        chance < 0.42 && !documents.isEmpty()
            ? documents.get(random.nextInt(documents.size())).revised()
            : newDocument();
    if (documents.size() < REMEMBERED) {
      documents.add(document);
    } else {
      documents.set(random.nextInt(REMEMBERED), document);
    }
    return document;
  }

  private Attachment newDocument() {
    double chance = random.nextDouble();
    Attachment.Kind kind;
    double size;
    if (chance < mix.bundles()) {
      kind = Attachment.Kind.ZIP;
      // The first is the largest, so that no corpus of some size is without.
      size =
          bundles == 0
              ? LARGEST
              : SMALLEST_BUNDLE * Math.pow(LARGEST / SMALLEST_BUNDLE, random.nextDouble());
      bundles++;
    } else if (chance < mix.bundles() + mix.photos()) {
      kind = random.nextInt(4) == 0 ? Attachment.Kind.PNG : Attachment.Kind.JPEG;
      size = Math.min(12_000_000, logNormal(random, 1_400_000, 0.6));
    } else {
      kind = kind(random.nextInt(100));
      size = Math.min(6_000_000, Math.max(1_500, logNormal(random, mix.document(), 1.35)));
    }
    String name = words.title(random, 2) + " " + random.nextInt(10_000) + kind.suffix;
    return new Attachment(kind, name, (int) size, random.nextLong(), 0);
  }

  private static Attachment.Kind kind(int percent) {
    if (percent < 36) {
      return Attachment.Kind.PDF;
    }
    if (percent < 52) {
      return Attachment.Kind.DOCX;
    }
    if (percent < 65) {
      return Attachment.Kind.XLSX;
    }
    if (percent < 75) {
      return Attachment.Kind.JPEG;
    }
    if (percent < 84) {
      return Attachment.Kind.PNG;
    }
    return percent < 88
        ? Attachment.Kind.ZIP
        : percent < 96 ? Attachment.Kind.DOC : Attachment.Kind.CSV;
  }

  /// Spread as lengths are: half of them below the median, a few far above.
  static double logNormal(RandomGenerator random, double median, double sigma) {
    return median * Math.exp(sigma * random.nextGaussian());
  }
}
