package org.muniment.archive.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A [Disk] on a POSIX file system. Folders are made 0700 and files 0600.
public final class LocalDisk implements Disk {

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /// The most octets of a small file: more than a full tile of the longest leaves has.
  private static final int MOST_READ = 32 << 20;

  private final Path root;

  /// A disk whose names begin at `root`, which need not exist yet.
  public LocalDisk(Path root) {
    this.root = root;
  }

  @Override
  public Appender create(String name) throws ArchiveException {
    Path file = path(name);
    try {
      makeFolders(file, true);
      FileChannel channel =
          FileChannel.open(
              file,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PRIVATE_FILE);
      syncFolder(file);
      return new LocalAppender(file, channel);
    } catch (IOException e) {
      throw failed("create", file, e);
    }
  }

  @Override
  public Appender append(String name, long length) throws ArchiveException {
    Path file = path(name);
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      try {
        channel.truncate(length);
        channel.force(true);
        channel.position(length);
        return new LocalAppender(file, channel);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw failed("append to", file, e);
    }
  }

  @Override
  public @Nullable Reader open(String name) throws ArchiveException {
    Path file = path(name);
    try {
      return new LocalReader(file, FileChannel.open(file, StandardOpenOption.READ));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw failed("open", file, e);
    }
  }

  @Override
  public byte @Nullable [] read(String name) throws ArchiveException {
    Path file = path(name);
    try {
      long size = Files.size(file);
      if (size > MOST_READ) {
        throw new CorruptArchiveException(name, -1, "a file of up to " + MOST_READ, "" + size);
      }
      return Files.readAllBytes(file);
    } catch (ArchiveException e) {
      throw e;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  @Override
  public void replace(String name, byte[] octets) throws ArchiveException {
    put(name, octets, true);
  }

  @Override
  public void write(String name, byte[] octets) throws ArchiveException {
    put(name, octets, false);
  }

  private void put(String name, byte[] octets, boolean durable) throws ArchiveException {
    Path file = path(name);
    Path unfinished = path(name + UNFINISHED);
    try {
      makeFolders(file, durable);
      Set<OpenOption> options =
          Set.of(
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      try (FileChannel channel = FileChannel.open(unfinished, options, PRIVATE_FILE)) {
        writeAll(channel, ByteBuffer.wrap(octets));
        if (durable) {
          channel.force(false);
        }
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      if (durable) {
        syncFolder(file);
      }
    } catch (IOException e) {
      throw failed("write", file, e);
    }
  }

  @Override
  public void sync(String name) throws ArchiveException {
    Path file = path(name);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(false);
      // Also the names of the folders, which a write that is not durable may have made.
      for (Path each = file; each != null && !each.equals(root); each = each.getParent()) {
        syncFolder(each);
      }
    } catch (IOException e) {
      throw failed("sync", file, e);
    }
  }

  @Override
  public void finish(String unfinished, String name) throws ArchiveException {
    Path file = path(name);
    try {
      if (Files.exists(file)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      Files.setPosixFilePermissions(path(unfinished), PosixFilePermissions.fromString("r--------"));
      Files.move(path(unfinished), file, StandardCopyOption.ATOMIC_MOVE);
      syncFolder(file);
    } catch (IOException e) {
      throw failed("name", file, e);
    }
  }

  @Override
  public void truncate(String name, long length) throws ArchiveException {
    Path file = path(name);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
      channel.force(true);
    } catch (IOException e) {
      throw failed("truncate", file, e);
    }
  }

  @Override
  public List<String> list(String folder) throws ArchiveException {
    return names(
        folder, file -> Files.isRegularFile(file) && !file.toString().endsWith(UNFINISHED));
  }

  /// Links are passed over: they may lead in a circle.
  @Override
  public List<String> folders(String folder) throws ArchiveException {
    return names(folder, file -> Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS));
  }

  private List<String> names(String folder, Predicate<Path> wanted) throws ArchiveException {
    Path directory = path(folder);
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(wanted).map(file -> file.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (UncheckedIOException e) {
      throw failed("list", directory, new IOException(e.getMessage(), e));
    } catch (IOException e) {
      throw failed("list", directory, e);
    }
  }

  @Override
  public void delete(String name) throws ArchiveException {
    Path file = path(name);
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw failed("delete", file, e);
    }
  }

  @Override
  public void remove(String name) throws ArchiveException {
    Path file = path(name);
    try {
      if (Files.deleteIfExists(file)) {
        syncFolder(file);
      }
    } catch (IOException e) {
      throw failed("delete", file, e);
    }
  }

  private Path path(String name) {
    return root.resolve(name);
  }

  private void makeFolders(Path file, boolean durable) throws IOException {
    Path folder = file.getParent();
    if (folder == null || Files.isDirectory(folder)) {
      return;
    }
    Path existing = folder;
    while (existing.getParent() != null && !Files.isDirectory(existing)) {
      existing = existing.getParent();
    }
    Files.createDirectories(folder, PRIVATE_FOLDER);
    Path made = folder;
    while (durable && made != null && !made.equals(existing)) {
      syncFolder(made);
      made = made.getParent();
    }
  }

  /// A name is durable only when the folder that holds it is synced.
  private static void syncFolder(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer octets) throws IOException {
    while (octets.hasRemaining()) {
      channel.write(octets);
    }
  }

  private static ArchiveException failed(String what, Path file, IOException e) {
    String said = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    String reason = said == null ? e.getClass().getSimpleName() : said;
    return switch (e) {
      case AccessDeniedException denied ->
          new StoreRefusedException("cannot " + what + " " + file + ": permission denied", e);
      case FileAlreadyExistsException exists ->
          new StoreRefusedException("cannot " + what + " " + file + ": it exists", e);
      default -> new StoreUnavailableException("cannot " + what + " " + file + ": " + reason, e);
    };
  }

  private record LocalAppender(Path file, FileChannel channel) implements Appender {

    @Override
    public void write(byte[] octets, int offset, int length) throws ArchiveException {
      try {
        writeAll(channel, ByteBuffer.wrap(octets, offset, length));
      } catch (IOException e) {
        throw failed("write", file, e);
      }
    }

    @Override
    public void sync() throws ArchiveException {
      try {
        channel.force(false);
      } catch (IOException e) {
        throw failed("sync", file, e);
      }
    }

    @Override
    public void close() throws ArchiveException {
      try {
        channel.close();
      } catch (IOException e) {
        throw failed("close", file, e);
      }
    }
  }

  private record LocalReader(Path file, FileChannel channel) implements Reader {

    @Override
    public long size() throws ArchiveException {
      try {
        return channel.size();
      } catch (IOException e) {
        throw failed("read", file, e);
      }
    }

    @Override
    public int read(byte[] into, int offset, int length, long position) throws ArchiveException {
      try {
        ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
        while (buffer.hasRemaining()
            && channel.read(buffer, position + buffer.position() - offset) >= 0) {}
        return buffer.position() - offset;
      } catch (IOException e) {
        throw failed("read", file, e);
      }
    }

    @Override
    public void close() throws ArchiveException {
      try {
        channel.close();
      } catch (IOException e) {
        throw failed("close", file, e);
      }
    }
  }
}
