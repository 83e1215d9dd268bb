package org.muniment.server.capture;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// Skips a test where a program is missing; with `CI=true` the test fails instead.
public final class Requires {

  private Requires() {}

  public static void dovecot() {
    program(Dovecot.installed(), "Dovecot (Debian package dovecot-imapd)");
  }

  private static void program(boolean present, String name) {
    if ("true".equals(System.getenv("CI"))) {
      Assertions.assertTrue(present, name + " is missing");
    }
    Assumptions.assumeTrue(present, name + " is missing");
  }
}
