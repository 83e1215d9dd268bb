package org.muniment.archive.bench;

import java.io.IOException;
import java.nio.file.Path;

/// Writes generated mail of the default mix into one mailbox, for benchmarks that capture it.
final class OneMailbox {

  private static final long SEED = 7;

  private OneMailbox() {}

  /// @param arguments a folder, in which the account `bench` gets its Maildir; number of messages
  public static void main(String[] arguments) throws IOException {
    Maildir maildir = new Maildir(Path.of(arguments[0]));
    Corpus corpus = new Corpus(Mix.DEFAULT, Integer.parseInt(arguments[1]), SEED);
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
