package org.muniment.server.command;

/// What a command tells the shell.
enum ExitCode {
  /// All is done and well.
  DONE(0),
  /// All is done, and there is something to look at.
  FINDINGS(1),
  /// The command line or config.yml is wrong; nothing was done.
  WRONG_USE(2),
  /// It could not be done.
  COULD_NOT(3);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /// 0 to 3.
  int number() {
    return number;
  }
}
