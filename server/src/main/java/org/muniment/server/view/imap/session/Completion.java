package org.muniment.server.view.imap.session;

/// How a command ended (RFC 9051 section 7.1).
///
/// @param code response code without brackets, empty when there is none
public record Completion(Kind kind, String code, String text) {

  /// The three answers to a command.
  public enum Kind {
    OK,
    NO,
    BAD
  }

  public static Completion ok(String text) {
    return new Completion(Kind.OK, "", text);
  }

  public static Completion ok(String code, String text) {
    return new Completion(Kind.OK, code, text);
  }

  public static Completion no(String code, String text) {
    return new Completion(Kind.NO, code, text);
  }

  public static Completion bad(String text) {
    return new Completion(Kind.BAD, "", text);
  }

  /// What every command that would change a mailbox gets.
  public static Completion readOnly() {
    return no("NOPERM", "this is an archive: it is read-only");
  }

  /// What a mailbox that is not there gets, and one that the user may not see.
  public static Completion noMailbox() {
    return no("NONEXISTENT", "there is no such mailbox");
  }
}
