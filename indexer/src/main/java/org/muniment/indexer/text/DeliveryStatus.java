package org.muniment.indexer.text;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.muniment.indexer.mail.HeaderText;
import org.muniment.indexer.mail.Part;

/// Recipients that a delivery status tells of (RFC 3464 section 2.3, RFC 6533 section 3).
final class DeliveryStatus {

  /// Most recipients that are read of a report.
  static final int MAX_RECIPIENTS = 1000;

  private static final Set<String> SUBTYPES = Set.of("delivery-status", "global-delivery-status");

  private static final Set<String> FIELDS = Set.of("original-recipient", "final-recipient");

  private DeliveryStatus() {}

  /// The recipients, original and final, each once; none where the part is no delivery status.
  static List<String> recipients(Part part, String text) {
    Set<String> recipients = new LinkedHashSet<>();
    if (part.type().equals("message") && SUBTYPES.contains(part.subtype())) {
      text.lines()
          .filter(DeliveryStatus::isRecipient)
          .map(line -> address(line.substring(line.indexOf(':') + 1)))
          .filter(address -> !address.isEmpty())
          .limit(MAX_RECIPIENTS)
          .forEach(recipients::add);
    }
    return List.copyOf(recipients);
  }

  private static boolean isRecipient(String line) {
    int colon = line.indexOf(':');
    return colon > 0 && FIELDS.contains(line.substring(0, colon).strip().toLowerCase(Locale.ROOT));
  }

  // original-recipient-field = "Original-Recipient" ":" address-type ";" generic-address
  private static String address(String value) {
    String address = value.substring(value.indexOf(';') + 1).strip();
    boolean ascii = address.chars().allMatch(c -> c < 0x80);
    String decoded = ascii ? HeaderText.decode(address) : address;
    return decoded.startsWith("<") && decoded.endsWith(">")
        ? decoded.substring(1, decoded.length() - 1)
        : decoded;
  }
}
