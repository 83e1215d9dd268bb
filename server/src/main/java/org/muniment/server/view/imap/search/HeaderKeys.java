package org.muniment.server.view.imap.search;

import java.nio.charset.Charset;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.Address;
import org.muniment.indexer.mail.HeaderText;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.search.BaseSubject;
import org.muniment.server.view.MessageRow;

/// What messages are put in order by. Texts are decoded (RFC 5255 section 4.6); a missing field is
/// empty.
final class HeaderKeys {

  /// Most characters of a text that are compared.
  private static final int MAX_CHARACTERS = 1_000;

  private final Structure structure;
  private final @Nullable Charset likely;

  /// @param row with its structure
  HeaderKeys(MessageRow row) {
    structure = row.structure();
    likely = structure.textCharset().orElse(null);
  }

  // RFC 5256 section 2.2
  /// The Date field, INTERNALDATE where it is missing or not understood.
  static Instant sent(MessageRow row) {
    return row.sentDate() == null ? row.internalDate() : row.sentDate().instant();
  }

  /// The subject as it was written.
  String subject() {
    return decoded(structure.envelope().subject());
  }

  String text(SortCriterion.Key key) {
    return switch (key) {
      case SUBJECT -> BaseSubject.of(subject()).text();
      case CC -> mailbox(structure.envelope().cc());
      case FROM -> mailbox(structure.envelope().from());
      case TO -> mailbox(structure.envelope().to());
      case DISPLAYFROM -> display(structure.envelope().from());
      case DISPLAYTO -> display(structure.envelope().to());
      case ARRIVAL, DATE, SIZE -> throw new IllegalArgumentException(key + " is no text");
    };
  }

  /// The addr-mailbox of the first address; of a group that is its name.
  private String mailbox(List<Address> addresses) {
    if (addresses.isEmpty()) {
      return "";
    }
    return switch (addresses.getFirst()) {
      case Address.Mailbox mailbox -> decoded(mailbox.localPart());
      case Address.Group group -> decoded(group.name());
    };
  }

  // RFC 5957 section 3
  private String display(List<Address> addresses) {
    if (addresses.isEmpty()) {
      return "";
    }
    return switch (addresses.getFirst()) {
      case Address.Mailbox mailbox -> {
        String name = decoded(mailbox.name());
        yield name.isEmpty() ? decoded(mailbox.address()) : name;
      }
      case Address.Group group -> decoded(group.name());
    };
  }

  private String decoded(@Nullable String raw) {
    if (raw == null) {
      return "";
    }
    String text = HeaderText.decode(raw, likely);
    return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS);
  }
}
