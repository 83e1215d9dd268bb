package org.muniment.server.view.imap;

import java.io.IOException;
import org.muniment.server.config.ImapConfig;
import org.muniment.server.config.ImapConfig.UserFlags;
import org.muniment.server.view.imap.session.Limits;
import org.muniment.server.view.imap.session.Resources;

/// A server over a fake archive, on ports that are free.
final class TestServer {

  private TestServer() {}

  /// One where a user can take no more than that.
  static ImapListener of(FakeArchive archive, ImapConfig.PerUser perUser) throws IOException {
    return ImapListener.open(
        new ImapConfig(
            "127.0.0.1", 0, 0, null, 100, UserFlags.SEEN, ImapConfig.Gone.SHOW, true, perUser),
        TestTls.SERVER,
        Limits.DEFAULT,
        TestState.of(archive));
  }

  static ImapListener of(FakeArchive archive) throws IOException {
    return of(TestState.of(archive), Limits.DEFAULT);
  }

  static ImapListener of(Resources resources, Limits limits) throws IOException {
    return ImapListener.open(
        new ImapConfig("127.0.0.1", 0, 0, null, 100, UserFlags.SEEN, ImapConfig.Gone.SHOW, true),
        TestTls.SERVER,
        limits,
        resources);
  }
}
