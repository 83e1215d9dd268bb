package org.muniment.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.store.StoreUnavailableException;

/// A disk in memory that stops at a given step, as if the power had gone, and of which a crash
/// keeps only what the contract of [Disk] promises. For each name, whatever it stood for since its
/// last sync may be what it stands for after the crash, each name on its own, so that changes of
/// names are lost and reordered; and of octets that were not synced chance leaves all, a part, a
/// hole, nothing. The step at which the power goes may have taken place in part.
final class ForgetfulDisk implements Disk {

  /// What each name stands for; no entry where there is no file.
  private final TreeMap<String, Inode> files = new TreeMap<>();

  /// What a name may stand for after a crash, oldest first, null for no file; no entry where the
  /// name is durable as it is.
  private final Map<String, List<@Nullable Inode>> possible = new HashMap<>();

  private int stepsLeft;
  private int steps;

  /// @param stopAfter number of changes after which every further one fails
  ForgetfulDisk(int stopAfter) {
    this.stepsLeft = stopAfter;
  }

  /// Number of changes so far.
  int steps() {
    return steps;
  }

  /// What a machine finds when it starts again.
  ForgetfulDisk afterCrash(Random random) {
    TreeMap<String, Inode> left = new TreeMap<>(files);
    for (Map.Entry<String, List<@Nullable Inode>> name : new TreeMap<>(possible).entrySet()) {
      Inode inode = name.getValue().get(random.nextInt(name.getValue().size()));
      if (inode == null) {
        left.remove(name.getKey());
      } else {
        left.put(name.getKey(), inode);
      }
    }
    ForgetfulDisk disk = new ForgetfulDisk(Integer.MAX_VALUE);
    left.forEach((name, inode) -> disk.files.put(name, Inode.durable(inode.left(random))));
    return disk;
  }

  /// This disk, on which the power goes after so many changes.
  ForgetfulDisk stoppingAfter(int changes) {
    stepsLeft = changes;
    return this;
  }

  /// @param begun what may have happened of the change when the power goes in the middle of it
  private void step(String what, Runnable begun) throws ArchiveException {
    if (stepsLeft <= 0) {
      if (stepsLeft == 0) {
        begun.run();
      }
      stepsLeft--;
      throw new StoreUnavailableException("the power is gone: " + what, new Exception());
    }
    stepsLeft--;
    steps++;
  }

  /// Makes a name stand for something else, which a crash may undo.
  private void change(String name, @Nullable Inode inode) {
    List<@Nullable Inode> states = possible.computeIfAbsent(name, n -> new ArrayList<>());
    if (states.isEmpty()) {
      states.add(files.get(name));
    }
    states.add(inode);
    if (inode == null) {
      files.remove(name);
    } else {
      files.put(name, inode);
    }
  }

  @Override
  public Appender create(String name) throws ArchiveException {
    Inode inode = Inode.durable(new byte[0]);
    step("create " + name, () -> change(name, inode));
    if (files.containsKey(name)) {
      throw new StoreRefusedException(name + " exists");
    }
    change(name, inode);
    possible.remove(name);
    return new MemoryAppender(name, inode);
  }

  @Override
  public Appender append(String name, long length) throws ArchiveException {
    truncate(name, length);
    return new MemoryAppender(name, Objects.requireNonNull(files.get(name)));
  }

  @Override
  public @Nullable Reader open(String name) {
    Inode inode = files.get(name);
    return inode == null ? null : new MemoryReader(inode);
  }

  @Override
  public byte @Nullable [] read(String name) {
    Inode inode = files.get(name);
    return inode == null ? null : inode.octets.clone();
  }

  @Override
  public void replace(String name, byte[] octets) throws ArchiveException {
    Inode inode = Inode.durable(octets);
    step("replace " + name, () -> change(name, inode));
    change(name, inode);
    possible.remove(name);
  }

  @Override
  public void write(String name, byte[] octets) throws ArchiveException {
    Inode inode = new Inode(new byte[0], octets);
    step("write " + name, () -> change(name, inode));
    change(name, inode);
  }

  @Override
  public void sync(String name) throws ArchiveException {
    step("sync " + name, () -> {});
    Inode inode = files.get(name);
    if (inode == null) {
      throw new StoreUnavailableException(name + " is missing", new Exception());
    }
    inode.synced = inode.octets;
    possible.remove(name);
  }

  @Override
  public void finish(String unfinished, String name) throws ArchiveException {
    Inode inode = files.get(unfinished);
    if (inode == null || files.containsKey(name)) {
      throw new StoreRefusedException(unfinished + " is missing, or " + name + " exists");
    }
    step("finish " + name, () -> rename(unfinished, name, inode));
    rename(unfinished, name, inode);
    possible.remove(unfinished);
    possible.remove(name);
  }

  private void rename(String unfinished, String name, Inode inode) {
    change(unfinished, null);
    change(name, inode);
  }

  @Override
  public void truncate(String name, long length) throws ArchiveException {
    Inode inode = files.get(name);
    if (inode == null) {
      throw new StoreUnavailableException(name + " is missing", new Exception());
    }
    byte[] cut = Arrays.copyOf(inode.octets, Math.toIntExact(length));
    step("truncate " + name, () -> inode.octets = cut);
    inode.octets = cut;
    inode.synced = cut;
  }

  @Override
  public List<String> list(String folder) {
    List<String> names = new ArrayList<>();
    for (String name : files.keySet()) {
      String prefix = folder.isEmpty() ? "" : folder + "/";
      if (name.startsWith(prefix)
          && name.indexOf('/', prefix.length()) < 0
          && !name.endsWith(UNFINISHED)) {
        names.add(name.substring(prefix.length()));
      }
    }
    return names;
  }

  @Override
  public List<String> folders(String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return files.keySet().stream()
        .filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) > 0)
        .filter(name -> !name.startsWith("../"))
        .map(name -> name.substring(prefix.length(), name.indexOf('/', prefix.length())))
        .distinct()
        .toList();
  }

  @Override
  public void delete(String name) throws ArchiveException {
    if (files.containsKey(name)) {
      step("delete " + name, () -> change(name, null));
      change(name, null);
    }
  }

  @Override
  public void remove(String name) throws ArchiveException {
    if (files.containsKey(name)) {
      step("remove " + name, () -> change(name, null));
      change(name, null);
      possible.remove(name);
    }
  }

  private final class MemoryAppender implements Appender {
    private final String name;
    private final Inode inode;

    private MemoryAppender(String name, Inode inode) {
      this.name = name;
      this.inode = inode;
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws ArchiveException {
      step("append " + name, () -> append(octets, offset, length));
      append(octets, offset, length);
    }

    private void append(byte[] octets, int offset, int length) {
      byte[] grown = Arrays.copyOf(inode.octets, inode.octets.length + length);
      System.arraycopy(octets, offset, grown, inode.octets.length, length);
      inode.octets = grown;
    }

    @Override
    public void sync() throws ArchiveException {
      step("sync " + name, () -> {});
      inode.synced = inode.octets;
    }

    @Override
    public void close() {}
  }

  /// The octets behind a name.
  private static final class Inode {
    private byte[] synced;
    private byte[] octets;

    private Inode(byte[] synced, byte[] octets) {
      this.synced = synced;
      this.octets = octets;
    }

    private static Inode durable(byte[] octets) {
      return new Inode(octets, octets);
    }

    /// What a crash leaves: the first synced octets always.
    private byte[] left(Random random) {
      if (Arrays.equals(synced, octets)) {
        return synced;
      }
      int from = Math.min(synced.length, octets.length);
      return switch (random.nextInt(4)) {
        case 0 -> synced;
        case 1 -> octets;
        case 2 -> Arrays.copyOf(octets, from + random.nextInt(octets.length - from + 1));
        default -> withHole(octets, from, random);
      };
    }

    private static byte[] withHole(byte[] octets, int from, Random random) {
      byte[] left = octets.clone();
      if (from < left.length) {
        int hole = from + random.nextInt(left.length - from);
        int length = 1 + random.nextInt(random.nextBoolean() ? 32 : 1024);
        Arrays.fill(left, hole, Math.min(left.length, hole + length), (byte) 0);
      }
      return left;
    }
  }

  private record MemoryReader(Inode inode) implements Reader {

    @Override
    public long size() {
      return inode.octets.length;
    }

    @Override
    public int read(byte[] into, int offset, int length, long position) {
      int at = Math.toIntExact(position);
      int count = Math.clamp(inode.octets.length - (long) at, 0, length);
      System.arraycopy(inode.octets, Math.min(at, inode.octets.length), into, offset, count);
      return count;
    }

    @Override
    public void close() {}
  }
}
