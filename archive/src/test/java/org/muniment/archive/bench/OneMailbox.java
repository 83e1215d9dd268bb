package org.muniment.archive.bench;

import java.io.IOException;
import java.nio.file.Path;

/// Writes generated mail into one mailbox, for benchmarks of other modules.
final class OneMailbox {

  private static final long SEED = 7;

  private OneMailbox() {}

  /// @param arguments a folder, in which the account `bench` gets its Maildir; number of messages;
  ///   `default` or `lean`, the mix
  public static void main(String[] arguments) throws IOException {
    Maildir maildir = new Maildir(Path.of(arguments[0]));
    Mix mix = arguments[2].equals("lean") ? Mix.LEAN : Mix.DEFAULT;
    Corpus corpus = new Corpus(mix, Integer.parseInt(arguments[1]), SEED);
    while (corpus.hasNext()) {
      Delivery delivery = corpus.next();
      maildir.add(
          new Delivery(
              "bench",
              Delivery.INBOX,
              delivery.flags(),
              delivery.internalDate(),
              delivery.octets()));
    }
  }
}
