package org.muniment.archive.bench;

/// Somebody who writes mail.
///
/// @param account whether a Maildir of theirs is in the corpus
record Person(String name, String address, Language language, boolean account) {

  String domain() {
    return address.substring(address.indexOf('@') + 1);
  }
}
