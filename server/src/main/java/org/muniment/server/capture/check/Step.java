package org.muniment.server.capture.check;

/// One step of a check.
///
/// @param name such as `TLS`
/// @param ok whether the next one could be taken
/// @param text what was found, on one line; never a secret
/// @param advice how to mend it, or what to look after; empty when there is nothing to do
public record Step(String name, boolean ok, String text, String advice) {

  /// Whether there is something to do.
  public boolean finding() {
    return !ok || !advice.isEmpty();
  }

  static Step ok(String name, String text) {
    return new Step(name, true, text, "");
  }

  static Step failed(String name, String text, String advice) {
    return new Step(name, false, text, advice);
  }
}
