package org.muniment.archive.bench;

/// What kinds of mail a corpus has, as shares from 0 to 1.
///
/// @param attached of new messages that have attachments
/// @param bundles of attachments that are archives of many megabytes
/// @param photos of attachments that are pictures of about a megabyte
/// @param newsletters of messages
/// @param document median length of other attachments, in octets
/// @param text median length of what a person writes, in characters
record Mix(
    double attached, double bundles, double photos, double newsletters, int document, int text) {

  /// The mail of an office: median 8 KB, mean 50 to 80 KB, up to 24 MB.
  static final Mix DEFAULT = new Mix(0.22, 0.0025, 0.012, 0.07, 36_000, 800);

  /// Many small messages: mean 13 KB, most of them 2 to 6 KB.
  static final Mix LEAN = new Mix(0.035, 0, 0, 0.03, 28_000, 450);
}
