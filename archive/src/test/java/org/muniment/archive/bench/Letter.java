package org.muniment.archive.bench;

import java.time.Instant;
import java.util.List;

/// A letter before anybody received it.
///
/// @param octets as the author's program sent them; none when they were too many to be kept
@SuppressWarnings("ArrayRecordComponent")
record Letter(
    Person author,
    List<Person> recipients,
    String subject,
    String text,
    Instant date,
    String id,
    List<String> references,
    List<Attachment> attached,
    byte[] octets) {

  Letter withoutOctets() {
    return new Letter(
        author, recipients, subject, text, date, id, references, attached, new byte[0]);
  }
}
