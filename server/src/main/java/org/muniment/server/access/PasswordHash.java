package org.muniment.server.access;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.muniment.server.config.Secret;

/// Argon2id (RFC 9106) of passwords, in the PHC string form `$argon2id$v=19$m=...`. At most two are
/// computed at once, since each takes 19 MiB and a core.
final class PasswordHash {

  // The first choice of OWASP's password storage recommendations for argon2id.
  private static final int MEMORY_KIB = 19_456;
  private static final int ITERATIONS = 2;
  private static final int PARALLELISM = 1;
  private static final int OUTPUT_OCTETS = 32;

  private static final int MOST_AT_ONCE = 2;
  private static final int LONGEST_WAIT_SECONDS = 10;

  private final Argon2Function function =
      Argon2Function.getInstance(MEMORY_KIB, ITERATIONS, PARALLELISM, OUTPUT_OCTETS, Argon2.ID);
  private final Semaphore computations = new Semaphore(MOST_AT_ONCE, true);
  private final String nobodys = function.hash("").getResult();

  /// The hash of a password, with a fresh random salt.
  ///
  /// @return empty when too many others wait
  Optional<String> of(Secret password) {
    return computed(() -> function.hash(password.value()).getResult());
  }

  /// Whether `hash` is one of `password`.
  ///
  /// @return false also when too many others wait
  boolean matches(Secret password, String hash) {
    return computed(() -> Argon2Function.getInstanceFromHash(hash).check(password.value(), hash))
        .orElse(false);
  }

  /// Takes as long as [#matches], for a user that does not exist.
  void matchNobody(Secret password) {
    boolean _ = matches(password, nobodys);
  }

  private <T> Optional<T> computed(Supplier<T> computation) {
    try {
      if (!computations.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        return Optional.empty();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    try {
      return Optional.of(computation.get());
    } finally {
      computations.release();
    }
  }
}
