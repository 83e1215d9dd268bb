package org.muniment.server.command;

/// What a command tells the shell.
enum ExitCode {
  /// All is done and well.
  DONE,
  /// All is done, and there is something to look at.
  FINDINGS,
  /// The command line or config.yml is wrong; nothing was done.
  WRONG_USE,
  /// It could not be done.
  COULD_NOT;

  /// 0 to 3.
  int number() {
    return ordinal();
  }
}
