package org.muniment.server.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import org.muniment.server.config.Credential;

/// The refresh token that is good now: the one of config.yml until the provider gives another,
/// which is then kept in a file for its owner only. The file is named after the one of config.yml,
/// so that a new one there begins anew.
///
/// ```
/// name = hex(first 16 octets of SHA-256(tokenUrl LF clientId LF refreshToken))
/// ```
final class KeptRefreshToken {

  private static final int NAME_OCTETS = 16;

  private static final Set<StandardOpenOption> FOR_WRITING =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING);

  private final String configured;
  private final Path folder;
  private final Path file;

  KeptRefreshToken(Credential.RefreshToken config, Path folder) {
    configured = config.refreshToken().value();
    this.folder = folder;
    file = folder.resolve(name(config));
  }

  private static String name(Credential.RefreshToken config) {
    String origin =
        config.tokenUrl() + "\n" + config.clientId() + "\n" + config.refreshToken().value();
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(origin.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, NAME_OCTETS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  Path file() {
    return file;
  }

  /// Keeps other processes from asking for tokens until it is closed. Waits for them.
  Closeable lock() throws IOException {
    Files.createDirectories(folder, permissions("rwx------"));
    FileChannel channel =
        FileChannel.open(
            folder.resolve(file.getFileName() + ".lock"), FOR_WRITING, permissions("rw-------"));
    try {
      channel.lock();
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  String read() throws IOException {
    return Files.exists(file) ? Files.readString(file).strip() : configured;
  }

  /// Durable when it returns.
  void write(String token) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel out = FileChannel.open(fresh, FOR_WRITING, permissions("rw-------"))) {
      ByteBuffer octets = ByteBuffer.wrap(token.getBytes(UTF_8));
      while (octets.hasRemaining()) {
        out.write(octets);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  private static FileAttribute<?> permissions(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }
}
