package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.indexer.catalog.Absence;
import org.muniment.indexer.mail.Address;
import org.muniment.indexer.mail.Defect;
import org.muniment.indexer.mail.Envelope;
import org.muniment.indexer.mail.HeaderText;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.SentDate;
import org.muniment.server.view.MessageView;

/// A message: the fields of its header decoded, its parts, the places it has.
///
/// @param id SHA-256 of the octets
/// @param length number of octets
/// @param subject null when the field is missing
/// @param date the Date field as a moment, null when missing or not understood
/// @param journal what journal mailboxes tell of it, null for nothing
@JsonInclude(JsonInclude.Include.NON_NULL)
record MessageJson(
    String id,
    long length,
    @Nullable String subject,
    @Nullable String date,
    List<AddressJson> from,
    List<AddressJson> sender,
    List<AddressJson> replyTo,
    List<AddressJson> to,
    List<AddressJson> cc,
    List<AddressJson> bcc,
    @Nullable String messageId,
    @Nullable String inReplyTo,
    List<String> references,
    PartJson parts,
    List<PlaceJson> places,
    @Nullable List<JournalJson> journal,
    List<DefectJson> defects) {

  /// @param attachments how the reading of each attachment went
  static MessageJson of(MessageView message, Map<PartPath, String> attachments) {
    Envelope envelope = message.structure().envelope();
    return new MessageJson(
        message.id().toString(),
        message.structure().length(),
        decoded(envelope.subject()),
        date(envelope.date()),
        addresses(envelope.from()),
        addresses(envelope.sender()),
        addresses(envelope.replyTo()),
        addresses(envelope.to()),
        addresses(envelope.cc()),
        addresses(envelope.bcc()),
        decoded(envelope.messageId()),
        decoded(envelope.inReplyTo()),
        message.structure().references().stream().map(HeaderText::decode).toList(),
        PartJson.ofMessage(message.structure().root(), attachments),
        message.places().stream().map(PlaceJson::of).toList(),
        message.journal().isEmpty()
            ? null
            : message.journal().stream().map(JournalJson::of).toList(),
        message.structure().defects().stream().map(DefectJson::of).toList());
  }

  private static @Nullable String date(@Nullable String raw) {
    return raw == null
        ? null
        : SentDate.parse(raw).map(date -> date.instant().toString()).orElse(null);
  }

  private static @Nullable String decoded(@Nullable String raw) {
    return raw == null ? null : HeaderText.decode(raw);
  }

  private static List<AddressJson> addresses(List<? extends Address> addresses) {
    return addresses.stream().map(AddressJson::of).toList();
  }

  /// An address, or a group of them.
  ///
  /// @param name null when there is none
  /// @param address null for a group
  /// @param members null for a single address
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AddressJson(
      @Nullable String name, @Nullable String address, @Nullable List<AddressJson> members) {

    static AddressJson of(Address address) {
      return switch (address) {
        case Address.Mailbox mailbox ->
            new AddressJson(decoded(mailbox.name()), HeaderText.decode(mailbox.address()), null);
        case Address.Group group ->
            new AddressJson(decoded(group.name()), null, addresses(group.members()));
      };
    }
  }

  /// One place of the message.
  ///
  /// @param uid in the IMAP view
  /// @param gone when it was first missed at the source, null while it is there
  /// @param leaf index of its entry in the log
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PlaceJson(
      MailboxJson.Name mailbox,
      long uid,
      SourceJson source,
      String internalDate,
      List<String> flags,
      Event.Provenance provenance,
      String capturedAt,
      @Nullable GoneJson gone,
      long leaf) {

    static PlaceJson of(MessageView.Place place) {
      return new PlaceJson(
          MailboxJson.Name.of(place.mailbox()),
          place.uid().value(),
          SourceJson.of(place.source()),
          place.internalDate().toString(),
          place.flags().stream().sorted().toList(),
          place.provenance(),
          place.capturedAt().toString(),
          GoneJson.of(place.absence()),
          place.leaf());
    }
  }

  /// What the source knows the message by: `uidValidity` and `uid` of an IMAP server, `uniqueId` of
  /// a POP3 server, or `format` and `path` of a file.
  ///
  /// @param synthetic true where an import made the octets up
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SourceJson(
      @Nullable Long uidValidity,
      @Nullable Long uid,
      @Nullable String uniqueId,
      @Nullable String format,
      @Nullable String path,
      @Nullable Boolean synthetic) {

    static SourceJson of(Event.SourceId source) {
      return switch (source) {
        case Event.SourceUid uid ->
            new SourceJson(uid.uidValidity().value(), uid.uid().value(), null, null, null, null);
        case Event.Uidl(SourceText uniqueId) ->
            new SourceJson(null, null, uniqueId.display(), null, null, null);
        case Event.ImportedFrom(String format, SourceText path, boolean synthetic) ->
            new SourceJson(null, null, null, format, path.display(), synthetic ? true : null);
      };
    }
  }

  /// The message is no longer there.
  ///
  /// @param since when it was first missed
  /// @param moved whether its octets were elsewhere in the account then
  /// @param deletedByArchive whether Muniment deleted it there, once it was archived
  record GoneJson(String since, boolean moved, boolean deletedByArchive) {
    static @Nullable GoneJson of(@Nullable Absence absence) {
      return absence == null
          ? null
          : new GoneJson(absence.since().toString(), absence.moved(), absence.deletedByArchive());
    }
  }

  /// What is wrong with the message, and where it was met.
  record DefectJson(String kind, long offset) {
    static DefectJson of(Defect defect) {
      return new DefectJson(Parameters.lower(defect.kind()), defect.offset());
    }
  }
}
