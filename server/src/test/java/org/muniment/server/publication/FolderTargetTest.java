package org.muniment.server.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.muniment.server.config.TargetConfig;

class FolderTargetTest extends WithCheckpoint {

  private static final Path MEMORY = Path.of("/dev/shm");

  private FolderTarget target(Path folder) {
    return new FolderTarget(new TargetConfig.Folder(folder), archive.directory());
  }

  private Path folder() throws IOException {
    return Files.createDirectories(data.resolve("sent"));
  }

  @Test
  void aFileIsWrittenForEachCheckpoint() throws Exception {
    target(folder()).send(checkpoint);
    archive.grow();
    target(folder()).send(archive.writer().keepCheckpoint());

    assertThat(folder().resolve("test.example_log-1")).hasBinaryContent(checkpoint.octets());
    assertThat(folder().resolve("test.example_log-2")).exists();
    assertThat(folder()).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void theSameCheckpointMayBeSentAgainAlsoAfterACrash() throws Exception {
    target(folder()).send(checkpoint);
    Files.writeString(folder().resolve("test.example_log-1.tmp"), "half");
    target(folder()).send(checkpoint);
    Files.delete(folder().resolve("test.example_log-1"));
    target(folder()).send(checkpoint);

    assertThat(folder().resolve("test.example_log-1")).hasBinaryContent(checkpoint.octets());
  }

  @Test
  void whatIsThereIsNeverOverwritten() throws Exception {
    Path file = Files.writeString(folder().resolve("test.example_log-1"), "another");

    assertThatThrownBy(() -> target(folder()).send(checkpoint))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("test.example_log-1 holds something else");
    assertThat(file).hasContent("another");
  }

  @Test
  void aLinkThatOthersPutThereIsNotFollowed() throws Exception {
    Path ours = Files.writeString(data.resolve("state"), "ours");
    Files.createSymbolicLink(folder().resolve("test.example_log-1.tmp"), ours);
    target(folder()).send(checkpoint);

    assertThat(ours).hasContent("ours");
    assertThat(folder().resolve("test.example_log-1")).hasBinaryContent(checkpoint.octets());
  }

  @Test
  void aFolderThatIsNotThereIsNotMade() {
    Path missing = data.resolve("usb");

    assertThatThrownBy(() -> target(missing).send(checkpoint))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not mounted");
    assertThat(missing).doesNotExist();
  }

  @Test
  void aFolderOnTheArchivesFileSystemIsNotOutside() throws Exception {
    assertThat(target(folder()).outside()).isFalse();
    Path link = Files.createSymbolicLink(data.resolve("link"), folder());
    assertThat(target(link).outside()).isFalse();
  }

  @Test
  void aFolderOnAnotherFileSystemIsOutside() throws Exception {
    assumeThat(MEMORY).isDirectory().isWritable();
    assumeThat(Files.getAttribute(MEMORY, "unix:dev"))
        .isNotEqualTo(Files.getAttribute(data, "unix:dev"));
    Path folder = Files.createTempDirectory(MEMORY, "muniment");
    Path file = folder.resolve("test.example_log-1");
    try {
      FolderTarget target = target(folder);
      target.send(checkpoint);
      assertThat(target.outside()).isTrue();
      assertThat(file).hasBinaryContent(checkpoint.octets());
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}
