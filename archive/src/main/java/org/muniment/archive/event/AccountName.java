package org.muniment.archive.event;

/// The name of an account, its identity in the archive for ever: 1 to 128 of `a-z 0-9 . _ @ + -`.
public record AccountName(String value) implements Comparable<AccountName> {

  private static final int MAX_LENGTH = 128;

  /// @throws IllegalArgumentException when `value` is not of that form; the message says what is
  ///   allowed
  public AccountName {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "account name \"" + value + "\": 1 to 128 characters of a-z 0-9 . _ @ + - are allowed");
    }
  }

  /// Whether `value` has the form of an account name.
  public static boolean isValid(String value) {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      return false;
    }
    return value
        .chars()
        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "._@+-".indexOf(c) >= 0);
  }

  @Override
  public int compareTo(AccountName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
