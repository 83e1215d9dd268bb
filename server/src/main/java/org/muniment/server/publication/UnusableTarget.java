package org.muniment.server.publication;

import java.io.IOException;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.server.config.TargetConfig;

/// A target that cannot be used as config.yml stands: every attempt fails, and says why.
record UnusableTarget(TargetConfig.Unusable config) implements Target {

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public void send(SignedCheckpoint checkpoint) throws IOException {
    throw new IOException(config.reason());
  }

  @Override
  public boolean outside() {
    return false;
  }
}
