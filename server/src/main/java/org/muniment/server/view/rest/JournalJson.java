package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Event;
import org.muniment.indexer.catalog.Transmissions;
import org.muniment.indexer.catalog.Unwrapping;

/// What a journal mailbox tells of a message.
///
/// @param mailbox id of the journal mailbox
/// @param uid there, in the IMAP view
/// @param came id of the message that came there; another one than this where that is a report and
///   this is what it holds
/// @param result `report`, `ordinary` or `broken`
/// @param reason why a broken report is not understood
/// @param sent from whom to whom the message was sent, as the report says
@JsonInclude(JsonInclude.Include.NON_NULL)
record JournalJson(
    String account,
    String mailbox,
    long uid,
    String came,
    String result,
    @Nullable String reason,
    @Nullable SentJson sent,
    long leaf) {

  static JournalJson of(Unwrapping unwrapping) {
    Event.Unwrapped event = unwrapping.event();
    return new JournalJson(
        event.account().value(),
        event.mailbox().value(),
        event.uid().value(),
        unwrapping.came().toString(),
        Transmissions.result(event.finding()),
        event.finding() instanceof Event.BrokenReport broken ? broken.reason() : null,
        event.finding() instanceof Event.JournalReport report
            ? SentJson.of(report.transmission())
            : null,
        unwrapping.leaf());
  }

  /// From whom to whom.
  ///
  /// @param sender `""` for the null sender
  /// @param count number of recipients, of which `recipients` has the first [#MOST]
  /// @param cut what of the report is not known
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SentJson(
      String sender,
      @Nullable String onBehalfOf,
      int count,
      List<RecipientJson> recipients,
      @Nullable String cut) {

    /// Recipients that are told.
    static final int MOST = 1_000;

    static SentJson of(Event.Transmission sent) {
      return new SentJson(
          sent.sender(),
          orNull(sent.onBehalfOf()),
          sent.recipients().size(),
          sent.recipients().stream().limit(MOST).map(RecipientJson::of).toList(),
          orNull(sent.cut()));
    }
  }

  /// One recipient.
  ///
  /// @param as `to`, `cc`, `bcc` or `unknown`
  /// @param expanded the list that this one is a member of
  /// @param forwarded the one in whose place this one is
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RecipientJson(
      String address, String as, @Nullable String expanded, @Nullable String forwarded) {

    static RecipientJson of(Event.Recipient recipient) {
      return new RecipientJson(
          recipient.address(),
          Parameters.lower(recipient.addressed()),
          orNull(recipient.expanded()),
          orNull(recipient.forwarded()));
    }
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
