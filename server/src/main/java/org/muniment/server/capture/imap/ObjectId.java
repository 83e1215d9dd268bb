package org.muniment.server.capture.imap;

/// `objectid = 1*255(ALPHA / DIGIT / "_" / "-")` (RFC 8474 section 7)
final class ObjectId {

  private static final int MAX_LENGTH = 255;

  private ObjectId() {}

  static boolean isOf(String text) {
    return !text.isEmpty() && text.length() <= MAX_LENGTH && text.chars().allMatch(ObjectId::isOf);
  }

  private static boolean isOf(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
