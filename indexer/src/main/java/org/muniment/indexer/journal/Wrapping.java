package org.muniment.indexer.journal;

import org.muniment.archive.event.Event;

/// What a message that came to a journal mailbox wraps.
public sealed interface Wrapping {

  /// It is a journal report.
  ///
  /// @param message what it holds
  record Report(InnerMessage message, Event.Transmission transmission) implements Wrapping {}

  /// It is ordinary mail.
  record Nothing() implements Wrapping {}

  /// It claims to be a journal report and is not understood.
  ///
  /// @param reason in a few words, after "a journal report that"
  record Broken(String reason) implements Wrapping {}
}
