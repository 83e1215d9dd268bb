package org.muniment.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.store.StoreUnavailableException;

/// A disk in memory that stops at a given step, as if the power had gone, and of which a crash
/// keeps only what was synced, and of the rest whatever chance leaves: a part, a hole, nothing.
final class ForgetfulDisk implements Disk {

  private final TreeMap<String, Contents> files = new TreeMap<>();
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
    ForgetfulDisk disk = new ForgetfulDisk(Integer.MAX_VALUE);
    files.forEach(
        (name, contents) -> {
          byte[] left = contents.left(random);
          if (left != null) {
            disk.files.put(name, new Contents(left, left));
          }
        });
    return disk;
  }

  /// This disk, on which the power goes after so many changes.
  ForgetfulDisk stoppingAfter(int changes) {
    stepsLeft = changes;
    return this;
  }

  private void step(String what) throws ArchiveException {
    if (stepsLeft-- <= 0) {
      throw new StoreUnavailableException("the power is gone: " + what, new Exception());
    }
    steps++;
  }

  @Override
  public Appender create(String name) throws ArchiveException {
    step("create " + name);
    if (files.containsKey(name)) {
      throw new StoreRefusedException(name + " exists");
    }
    Contents contents = new Contents(new byte[0], new byte[0]);
    files.put(name, contents);
    return new Appender() {
      @Override
      public void write(byte[] octets, int offset, int length) throws ArchiveException {
        step("append " + name);
        byte[] grown = Arrays.copyOf(contents.current, contents.current.length + length);
        System.arraycopy(octets, offset, grown, contents.current.length, length);
        contents.current = grown;
      }

      @Override
      public void sync() throws ArchiveException {
        step("sync " + name);
        contents.durable = contents.current;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public @Nullable Reader open(String name) {
    Contents contents = files.get(name);
    return contents == null ? null : new MemoryReader(contents);
  }

  @Override
  public byte @Nullable [] read(String name) {
    Contents contents = files.get(name);
    return contents == null ? null : contents.current.clone();
  }

  @Override
  public void replace(String name, byte[] octets) throws ArchiveException {
    step("replace " + name);
    files.put(name, new Contents(octets, octets));
  }

  @Override
  public void write(String name, byte[] octets) throws ArchiveException {
    step("write " + name);
    Contents before = files.get(name);
    files.put(name, new Contents(before == null ? null : before.durable, octets));
  }

  @Override
  public void sync(String name) throws ArchiveException {
    step("sync " + name);
    Contents contents = files.get(name);
    if (contents == null) {
      throw new StoreUnavailableException(name + " is missing", new Exception());
    }
    contents.durable = contents.current;
  }

  @Override
  public void truncate(String name, long length) throws ArchiveException {
    step("truncate " + name);
    Contents contents = files.get(name);
    if (contents != null) {
      contents.current = Arrays.copyOf(contents.current, Math.toIntExact(length));
      contents.durable = contents.current;
    }
  }

  @Override
  public List<String> list(String folder) {
    List<String> names = new ArrayList<>();
    for (String name : files.keySet()) {
      String prefix = folder + "/";
      if (name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0) {
        names.add(name.substring(prefix.length()));
      }
    }
    return names;
  }

  @Override
  public void delete(String name) throws ArchiveException {
    step("delete " + name);
    files.remove(name);
  }

  private static final class Contents {
    private byte @Nullable [] durable;
    private byte[] current;

    private Contents(byte @Nullable [] durable, byte[] current) {
      this.durable = durable;
      this.current = current;
    }

    private byte @Nullable [] left(Random random) {
      byte[] synced = durable;
      if (Arrays.equals(synced, current) || random.nextInt(3) == 0) {
        return synced;
      }
      if (random.nextBoolean()) {
        return current;
      }
      int from = synced == null ? 0 : Math.min(synced.length, current.length);
      int length = from + random.nextInt(current.length - from + 1);
      byte[] torn = Arrays.copyOf(current, length);
      if (length > from && random.nextBoolean()) {
        int hole = from + random.nextInt(length - from);
        Arrays.fill(torn, hole, Math.min(length, hole + 64), (byte) 0);
      }
      return torn;
    }
  }

  private record MemoryReader(Contents contents) implements Reader {

    @Override
    public long size() {
      return contents.current.length;
    }

    @Override
    public int read(byte[] into, int offset, int length, long position) {
      int at = Math.toIntExact(position);
      int count = Math.clamp(contents.current.length - (long) at, 0, length);
      System.arraycopy(
          contents.current, Math.min(at, contents.current.length), into, offset, count);
      return count;
    }

    @Override
    public void close() {}
  }
}
