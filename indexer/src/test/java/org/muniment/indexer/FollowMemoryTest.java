package org.muniment.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.index.IndexFollower;

/// Follows in a child process with a small heap.
class FollowMemoryTest {

  private static final int MESSAGES = 20_000;
  private static final int LONG_MESSAGE = 30 << 20;
  private static final int PARAMETERS = 90_000;

  // Lucene alone may buffer 32 MiB.
  private static final String HEAP = "-Xmx128m";

  @TempDir Path directory;

  /// The child: follows an archive from its beginning.
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    try (Archive archive = Archive.open(folder.resolve("archive"), RootKeys.NONE);
        Catalogue catalogue = Catalogue.open(folder.resolve("child.db"));
        FullTextIndex index = FullTextIndex.open(folder.resolve("index"))) {
      try (CatalogueFollower follower =
          new CatalogueFollower(archive, catalogue, Progress.NONE, () -> {})) {
        follower.catchUp();
      }
      try (IndexFollower follower = new IndexFollower(archive, catalogue, index, Progress.NONE)) {
        follower.catchUp();
      }
      System.out.println(catalogue.totals().messages() + " messages, index " + index.position());
    }
  }

  @Test
  void theHeapDoesNotGrowWithMessagesNorWithTheirLength() throws Exception {
    assertFollowed(
        (live, inbox) -> {
          for (int i = 0; i < MESSAGES; i++) {
            live.add(inbox, LiveArchive.mail("a" + i + "@example.com", "s" + i, "body " + i));
          }
          live.add(inbox, LiveArchive.mail("a@example.com", "long", "x ".repeat(LONG_MESSAGE / 2)));
        },
        MESSAGES + 1);
  }

  @Test
  void theHeapDoesNotGrowWithHostileHeaders() throws Exception {
    String lines = "Content-Language: a\r\n".repeat(PARAMETERS / 2);
    StringBuilder parts = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      parts.append("--b\r\nContent-Type: text/plain; x=\"").append("\\\u0001".repeat(400_000));
      parts.append("\"\r\n").append(lines.substring(0, 1_000)).append("\r\n\r\n");
    }
    assertFollowed(
        (live, inbox) -> {
          for (int i = 0; i < 40; i++) {
            live.add(
                inbox,
                "Subject: "
                    + i
                    + "\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                    + parts
                    + "--b--\r\n");
          }
        },
        40);
  }

  private interface Filling {
    void run(LiveArchive live, MailboxId inbox) throws IOException;
  }

  private void assertFollowed(Filling filling, int messages) throws Exception {
    try (LiveArchive live = new LiveArchive(directory)) {
      filling.run(live, live.mailbox(LiveArchive.ALICE, "INBOX"));
      live.writer().commit();
      assertThat(child()).contains(messages + " messages, index " + live.archive().size());
    }
  }

  private String child() throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    HEAP,
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-cp",
                    System.getProperty("java.class.path"),
                    FollowMemoryTest.class.getName(),
                    directory.toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(child.waitFor(5, TimeUnit.MINUTES)).as("the child ended").isTrue();
    } finally {
      child.destroyForcibly();
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
