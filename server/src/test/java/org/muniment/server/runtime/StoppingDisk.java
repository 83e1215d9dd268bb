package org.muniment.server.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.StoreUnavailableException;

/// A disk whose power goes after so many replacements of a file; others that share the power go
/// with it.
final class StoppingDisk {

  private StoppingDisk() {}

  /// @param left replacements until then
  static Disk of(Disk disk, AtomicInteger left) {
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("replace") && left.getAndDecrement() <= 0) {
                throw new StoreUnavailableException("the power is gone", new Exception());
              }
              try {
                return method.invoke(disk, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
