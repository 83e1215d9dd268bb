package org.muniment.archive.store;

/// A disk that somebody looks at only: whatever would change it throws
/// [UnsupportedOperationException].
public interface ReadOnlyDisk extends Disk {

  @Override
  default Appender create(String name) {
    throw readOnly(name);
  }

  @Override
  default Appender append(String name, long length) {
    throw readOnly(name);
  }

  @Override
  default void replace(String name, byte[] octets) {
    throw readOnly(name);
  }

  @Override
  default void write(String name, byte[] octets) {
    throw readOnly(name);
  }

  @Override
  default void sync(String name) {
    throw readOnly(name);
  }

  @Override
  default void finish(String unfinished, String name) {
    throw readOnly(name);
  }

  @Override
  default void truncate(String name, long length) {
    throw readOnly(name);
  }

  @Override
  default void delete(String name) {
    throw readOnly(name);
  }

  @Override
  default void remove(String name) {
    throw readOnly(name);
  }

  private static UnsupportedOperationException readOnly(String name) {
    return new UnsupportedOperationException("nothing is to change " + name);
  }
}
