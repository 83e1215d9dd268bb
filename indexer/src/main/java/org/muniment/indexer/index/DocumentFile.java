package org.muniment.indexer.index;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.extract.Extractor;
import org.muniment.indexer.text.EnclosedOctets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The octets of one document in a file that only its owner may read, until closed.
///
/// @param folder where it is, alone
/// @param content SHA-256 of all of its octets
/// @param length of all of it; the file has at most [Extractor#MAX_OCTETS]
record DocumentFile(Path folder, ContentId content, long length) implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DocumentFile.class);

  private static final String NAME = "document";
  private static final int BUFFER = 16 << 10;

  /// Copies the octets.
  ///
  /// @param folder for one such file at a time
  static DocumentFile copy(EnclosedOctets octets, Path folder) throws IOException {
    Path file = emptyFile(folder);
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER];
    long length = 0;
    try (InputStream in = octets.open();
        OutputStream out = Files.newOutputStream(file)) {
      for (int read; (read = in.read(buffer)) >= 0; ) {
        digest.update(buffer, 0, read);
        length += read;
        if (length <= Extractor.MAX_OCTETS) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException | RuntimeException e) {
      discard(folder);
      throw e;
    }
    return new DocumentFile(folder, ContentId.of(digest.digest()), length);
  }

  Path file() {
    return folder.resolve(NAME);
  }

  private static Path emptyFile(Path folder) throws IOException {
    Files.createDirectories(folder, permissions("rwx------"));
    Path file = folder.resolve(NAME);
    Files.deleteIfExists(file);
    return Files.createFile(file, permissions("rw-------"));
  }

  private static FileAttribute<?> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// Deletes the file that may be in the folder. One that cannot be deleted is no reason to lose
  /// what was read: the next one takes its place, or says why it cannot.
  static void discard(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(NAME));
    } catch (IOException e) {
      LOG.warn("the copy of a document stays in {}: {}", folder, e.toString());
    }
  }

  @Override
  public void close() {
    discard(folder);
  }
}
