package org.muniment.archive.store;

import java.io.Closeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tree of files under one folder, and what can be promised of it. Names are relative, their
/// parts divided by `/`. What was written is durable only after the sync that says so; the order of
/// two writes without a sync between them is open.
///
/// Every method throws [StoreRefusedException] where trying again is of no use, else
/// [StoreUnavailableException].
public interface Disk {

  /// How the name of a file ends that is being written and has not got its own name yet. [#list]
  /// passes over such files.
  String UNFINISHED = ".tmp";

  /// Creates a file to append to; its name is durable when this returns.
  ///
  /// @throws StoreRefusedException also when there is a file of that name
  Appender create(String name) throws ArchiveException;

  /// Opens a file to append to behind its first `length` octets; what stood there is cut off, and
  /// is gone for good when this returns.
  Appender append(String name, long length) throws ArchiveException;

  /// Opens a file to read, or answers null when there is none.
  @Nullable Reader open(String name) throws ArchiveException;

  /// All octets of a small file, or null when there is none.
  ///
  /// @throws CorruptArchiveException when it is too large to be any of an archive's small files
  byte @Nullable [] read(String name) throws ArchiveException;

  /// Puts a file in one step: a reader finds what was there before, or all of this. Durable when
  /// this returns.
  void replace(String name, byte[] octets) throws ArchiveException;

  /// Puts a file in one step, like [#replace], but durable only after [#sync] of that name.
  void write(String name, byte[] octets) throws ArchiveException;

  /// Makes a file that was put by [#write], and its name, durable.
  void sync(String name) throws ArchiveException;

  /// Gives a file that is whole its own name, in one step, and makes it read-only. The name is
  /// durable when this returns; the octets have to be before.
  ///
  /// @throws StoreRefusedException also when there is a file of that name
  void finish(String unfinished, String name) throws ArchiveException;

  /// Cuts a file down to `length` octets; durable when this returns.
  void truncate(String name, long length) throws ArchiveException;

  /// Names of the files directly in a folder, sorted, without the folder; empty when there is no
  /// such folder.
  List<String> list(String folder) throws ArchiveException;

  /// Names of the folders directly in a folder, sorted, links not among them; `""` is the folder in
  /// which all names begin.
  List<String> folders(String folder) throws ArchiveException;

  /// Removes a file, if only for now: after a crash it may be there again. Nothing happens when
  /// there is none.
  void delete(String name) throws ArchiveException;

  /// Removes a file for good: durable when this returns. Nothing happens when there is none.
  void remove(String name) throws ArchiveException;

  /// A file that grows at its end. Not safe for use by many threads, but [#sync] may run while
  /// another thread writes.
  interface Appender extends Closeable {
    /// Appends octets, all of them.
    void write(byte[] octets, int offset, int length) throws ArchiveException;

    /// Returns when everything written before is durable.
    void sync() throws ArchiveException;

    @Override
    void close() throws ArchiveException;
  }

  /// A file open for reading, by many threads.
  interface Reader extends Closeable {
    /// Octets in the file now.
    long size() throws ArchiveException;

    /// Fills `into` from `position` on.
    ///
    /// @return number of octets read, less than asked only at the end of the file
    int read(byte[] into, int offset, int length, long position) throws ArchiveException;

    @Override
    void close() throws ArchiveException;
  }
}
