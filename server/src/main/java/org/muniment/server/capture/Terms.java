package org.muniment.server.capture;

import java.io.IOException;
import org.muniment.server.capture.net.Traffic;

/// What a run has to keep to, and what it says of itself to whoever watches it. Asked from the
/// threads of the run: quick, and never fails but where it says so.
@FunctionalInterface
public interface Terms {

  /// Whether the run is to end at the next message.
  boolean stop();

  /// Why it is, in the words of a receipt.
  default String reason() {
    return AccountRun.STOPPED.display();
  }

  /// What its connections are part of.
  default Traffic traffic() {
    return new Traffic(0);
  }

  /// The run has come further.
  default void moved() {}

  /// Does something to the archive.
  ///
  /// @throws IOException from `work`; or because the run was given up, and nothing was done
  default <T> T write(Work<T> work) throws IOException {
    return work.run();
  }

  /// Something that is done to the archive.
  interface Work<T> {
    T run() throws IOException;
  }
}
