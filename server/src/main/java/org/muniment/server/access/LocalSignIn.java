package org.muniment.server.access;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.server.config.Secret;

/// Sign-in of the local [Users].
public final class LocalSignIn implements SignIn {

  /// More attempts than this do not wait at the same time; further ones are refused unseen.
  private static final int MOST_WAITING = 64;

  private static final int LONGEST_PASSWORD = 1_000;

  /// Waits; tests have one that only counts.
  interface Pause {
    void of(Duration duration) throws InterruptedException;
  }

  private final Users users;
  private final PasswordHash hash;
  private final FailureDelay delay;
  private final RecentPasswords recent;
  private final Pause pause;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);

  LocalSignIn(Users users, InstantSource clock, Pause pause) {
    this.users = users;
    this.hash = users.hash();
    this.delay = new FailureDelay(clock);
    this.recent = new RecentPasswords(clock);
    this.pause = pause;
  }

  /// Sign-in of `users`.
  public static LocalSignIn of(Users users) {
    return new LocalSignIn(users, InstantSource.system(), Thread::sleep);
  }

  @Override
  public Optional<User> withPassword(String name, Secret password, InetAddress peer) {
    if (!isPlausible(name, password)) {
      return Optional.empty();
    }
    if (Token.looksLike(password)) {
      return withToken(password).filter(user -> user.name().equals(name));
    }
    String stored = users.password(name);
    if (stored != null && recent.has(password, stored)) {
      return users.find(name);
    }
    return waited(peer, name) ? verified(name, password, stored, peer) : Optional.empty();
  }

  @Override
  public Optional<User> withToken(Secret token) {
    return Token.looksLike(token) ? users.holder(token) : Optional.empty();
  }

  private static boolean isPlausible(String name, Secret password) {
    int length = password.value().length();
    return AccountName.isValid(name) && length > 0 && length <= LONGEST_PASSWORD;
  }

  private Optional<User> verified(
      String name, Secret password, @Nullable String stored, InetAddress peer) {
    if (stored == null) {
      hash.matchNobody(password);
      delay.failed(peer, name);
      return Optional.empty();
    }
    if (!hash.matches(password, stored)) {
      delay.failed(peer, name);
      return Optional.empty();
    }
    delay.succeeded(peer, name);
    recent.add(password, stored);
    return users.find(name);
  }

  private boolean waited(InetAddress peer, String name) {
    Duration duration = delay.attempt(peer, name);
    if (duration.isZero()) {
      return true;
    }
    if (!waiting.tryAcquire()) {
      return false;
    }
    try {
      pause.of(duration);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting.release();
    }
  }
}
