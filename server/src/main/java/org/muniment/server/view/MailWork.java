package org.muniment.server.view;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.muniment.archive.event.AccountName;
import org.muniment.server.access.User;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.export.ExportRequest;
import org.muniment.server.job.Job;
import org.muniment.server.job.Jobs.BusyException;
import org.muniment.server.job.Results;
import org.muniment.server.restore.RestoreRequest;

/// What can be done with the mail that a person may see, as jobs, and what came of it. Whether the
/// person may read the account is for the caller to ask.
public interface MailWork {

  /// Starts an export into a zip file, of nothing that `user` may not see.
  Job export(User user, ExportRequest request) throws BusyException;

  /// Whether mail of an account may be sent to a server.
  boolean mayRestoreTo(AccountName account, SourceConfig.Imap target);

  /// Starts a restore.
  ///
  /// @param target kept no longer than the job runs
  /// @param dryRun whether only to say what would be done
  Job restore(User user, RestoreRequest request, SourceConfig.Imap target, boolean dryRun)
      throws BusyException;

  /// The results of a user, newest first.
  List<Results.Result> results(User user) throws IOException;

  /// A file of a result of a user.
  Optional<Path> file(User user, String result, String name) throws IOException;

  /// Deletes a result of a user.
  ///
  /// @return whether there was one
  boolean delete(User user, String result) throws IOException;
}
