package org.muniment.server.view.rest;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.muniment.archive.event.AccountName;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.job.Job;
import org.muniment.server.job.Jobs;
import org.muniment.server.job.Jobs.BusyException;
import org.muniment.server.job.Jobs.JobException;
import org.muniment.server.view.AccountState;
import org.muniment.server.view.AccountWork;

/// The accounts alice and bob, which their users own, the admin runs, and the auditor reads (alice
/// only). A capture of alice goes on until it is let go; one of bob fails.
final class FakeWork implements AccountWork {

  final Jobs jobs = new Jobs(InstantSource.system());
  final CountDownLatch letGo = new CountDownLatch(1);

  @Override
  public List<AccountState> states(User user) {
    return Stream.of("alice", "bob")
        .filter(
            name ->
                user.role() == Role.ADMIN
                    || user.name().equals(name)
                    || (user.name().equals("auditor") && name.equals("alice")))
        .map(name -> state(name, user.role() != Role.AUDITOR))
        .toList();
  }

  private static AccountState state(String name, boolean startable) {
    return new AccountState(
        new AccountName(name),
        name,
        false,
        "BAD Request is throttled. <b>",
        FakeArchive.TIME,
        FakeArchive.TIME.plusSeconds(1),
        new AccountState.Run("INBOX", 1, 2, 3, 4),
        new AccountState.Pause("later", Instant.EPOCH, "BAD Request is throttled. <b>"),
        Instant.EPOCH,
        startable);
  }

  @Override
  public Job capture(User user, AccountName account, boolean evenSo) throws BusyException {
    return jobs.start(
        "capture",
        account.value(),
        user.name(),
        progress -> {
          if (account.value().equals("bob")) {
            throw new JobException("the disk is full");
          }
          progress.accept(new AccountState.Run("INBOX", 1, 2, 3, 4));
          try {
            letGo.await();
          } catch (InterruptedException e) {
            throw new JobException("interrupted");
          }
          return Map.of("complete", true, "evenSo", evenSo);
        });
  }

  @Override
  public Job check(User user, AccountName account) throws BusyException {
    if (user.role() == Role.ADMIN) {
      throw new BusyException("The account was checked just now: wait some seconds.");
    }
    return jobs.start("check", account.value(), user.name(), progress -> Map.of("ok", true));
  }
}
