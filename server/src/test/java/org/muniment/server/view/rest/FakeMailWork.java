package org.muniment.server.view.rest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.muniment.archive.event.AccountName;
import org.muniment.server.access.User;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.export.ExportRequest;
import org.muniment.server.job.Job;
import org.muniment.server.job.Jobs;
import org.muniment.server.job.Jobs.BusyException;
import org.muniment.server.job.Results;
import org.muniment.server.restore.RestoreRequest;
import org.muniment.server.view.MailWork;

/// Remembers what it was asked for, and has no results.
final class FakeMailWork implements MailWork {

  final List<Object> asked = new ArrayList<>();
  private final Jobs jobs;

  FakeMailWork(Jobs jobs) {
    this.jobs = jobs;
  }

  @Override
  public Job export(User user, ExportRequest request) throws BusyException {
    asked.add(request);
    return jobs.start("export", request.toString(), user.name(), progress -> Map.of("ok", true));
  }

  @Override
  public boolean mayRestoreTo(AccountName account, SourceConfig.Imap target) {
    return target.host().equals("mail.example.com");
  }

  @Override
  public Job restore(User user, RestoreRequest request, SourceConfig.Imap target, boolean dryRun)
      throws BusyException {
    asked.add(request);
    asked.add(target);
    asked.add(dryRun);
    return jobs.start("restore", "x", user.name(), progress -> Map.of("ok", true));
  }

  @Override
  public List<Results.Result> results(User user) {
    return List.of();
  }

  @Override
  public Optional<Path> file(User user, String result, String name) {
    return Optional.empty();
  }

  @Override
  public boolean delete(User user, String result) {
    return false;
  }
}
