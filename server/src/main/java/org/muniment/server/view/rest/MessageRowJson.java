package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.Address;
import org.muniment.indexer.mail.HeaderText;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.Structure;
import org.muniment.server.view.MessageRow;

/// A message in the list of a mailbox.
///
/// @param uid in the IMAP view
/// @param sentDate the Date field, null when missing or not understood
/// @param subject empty when missing
/// @param attachments whether a part is an attachment or has a file name
@JsonInclude(JsonInclude.Include.NON_NULL)
record MessageRowJson(
    String id,
    long uid,
    long length,
    String internalDate,
    String capturedAt,
    @Nullable String sentDate,
    String subject,
    String from,
    String to,
    List<String> flags,
    boolean attachments) {

  /// @param row with its structure
  static MessageRowJson of(MessageRow row) {
    Structure structure = row.structure();
    String subject = structure.envelope().subject();
    return new MessageRowJson(
        row.content().toString(),
        row.uid().value(),
        row.length(),
        row.internalDate().toString(),
        row.saved().toString(),
        row.sentDate() == null ? null : row.sentDate().instant().toString(),
        subject == null ? "" : HeaderText.decode(subject),
        display(structure.envelope().from()),
        display(structure.envelope().to()),
        row.flags().stream().sorted().toList(),
        attached(structure.root()));
  }

  private static String display(List<Address> addresses) {
    return addresses.stream().map(Address::display).collect(Collectors.joining(", "));
  }

  private static boolean attached(Part part) {
    boolean here =
        part.filename().isPresent()
            || (part.disposition() != null && part.disposition().type().equals("attachment"));
    return here || part.children().stream().anyMatch(MessageRowJson::attached);
  }
}
