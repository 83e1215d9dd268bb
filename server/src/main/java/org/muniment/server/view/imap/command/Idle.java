package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Limits;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.SyntaxException;

/// IDLE (RFC 9051 section 6.3.13): tells of new messages until the client says DONE.
record Idle() implements Command {

  // ABNF: idle = "IDLE" CRLF "DONE"
  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    Limits limits = session.limits();
    session.out().raw("+ idling").crlf();
    session.waitFor(limits.poll());
    long end = System.nanoTime() + limits.idle().toNanos();
    while (!isAnswered(session)) {
      if (System.nanoTime() - end > 0) {
        throw new SocketTimeoutException("idle for too long");
      }
    }
    session.waitFor(Duration.ofSeconds(30));
    return session.in().line().equalsIgnoreCase("DONE")
        ? Completion.ok("done")
        : Completion.bad("expected DONE");
  }

  private static boolean isAnswered(Session session) throws IOException {
    session.refresh();
    session.out().flush();
    try {
      session.in().peek();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }
}
