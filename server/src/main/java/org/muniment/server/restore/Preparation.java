package org.muniment.server.restore;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.server.capture.imap.ImapTargetSession;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;

/// Makes the mailboxes at the target that are needed, with special use and subscription.
final class Preparation {

  private static final Set<String> SPECIAL =
      Set.of("\\archive", "\\drafts", "\\flagged", "\\junk", "\\sent", "\\trash", "\\important");

  private static final int MOST_NUMBERS = 20;

  private final ImapTargetSession session;
  private final ImapTargetSession.Style style;

  /// Octets of the names there are.
  private final Set<String> there = new HashSet<>();

  private final Set<String> uses = new HashSet<>();

  /// Octets of the names that this restore uses.
  private final Set<String> used = new HashSet<>();

  private final List<String> trouble = new ArrayList<>();

  Preparation(ImapTargetSession session, ImapTargetSession.Style style) throws SourceException {
    this.session = session;
    this.style = style;
    list();
  }

  private void list() throws SourceException {
    there.clear();
    for (Source.Mailbox mailbox : session.mailboxes()) {
      there.add(mailbox.name().octets());
      mailbox.attributes().forEach(use -> uses.add(use.toLowerCase(Locale.ROOT)));
    }
  }

  /// Whether the target has a mailbox of this name.
  boolean has(TargetName name) {
    return there.contains(name.octets(style));
  }

  /// What went wrong, a sentence each.
  List<String> trouble() {
    return trouble;
  }

  /// A mailbox that messages can go to.
  record Made(TargetName name, boolean created) {}

  /// Makes the mailbox where it is missing; one of another name where the target refuses.
  ///
  /// @throws SourceException when there is no mailbox to be had at all
  Made make(TargetName name, Mailbox source) throws SourceException {
    Made made = made(name, source);
    used.add(made.name.octets(style));
    if (source.subscribed()) {
      try {
        session.subscribe(made.name.octets(style));
      } catch (SourceException e) {
        requireGoingOn(e);
        trouble.add(made.name.display() + " is not subscribed: " + e.words().display());
      }
    }
    return made;
  }

  private Made made(TargetName name, Mailbox source) throws SourceException {
    TargetName simple = Naming.simple(name);
    List<TargetName> candidates = new ArrayList<>(List.of(name));
    for (int number = 2; number <= MOST_NUMBERS; number++) {
      candidates.add(name.and(" (" + number + ")"));
    }
    @Nullable SourceException refusal = null;
    for (TargetName candidate : candidates) {
      Optional<SourceException> answer = attempt(candidate, source);
      if (answer.isEmpty()) {
        return new Made(candidate, created);
      }
      refusal = answer.get();
      if (!isTaken(candidate)) {
        break;
      }
    }
    for (TargetName candidate : List.of(simple, Naming.FALLBACK)) {
      if (attempt(candidate, source).isEmpty()) {
        trouble.add(
            "%s goes to %s: %s"
                .formatted(
                    name.display(),
                    candidate.display(),
                    refusal == null ? "" : refusal.words().display()));
        return new Made(candidate, created);
      }
    }
    if (refusal == null) {
      throw new IllegalStateException("nothing was tried for " + name.display());
    }
    throw refusal;
  }

  private boolean created;

  /// @return the target's refusal, if it does refuse
  private Optional<SourceException> attempt(TargetName name, Mailbox source)
      throws SourceException {
    created = false;
    if (name.isInbox() || there.contains(name.octets(style))) {
      return Optional.empty();
    }
    try {
      session.create(name.octets(style), use(source));
      there.add(name.octets(style));
      created = true;
      return Optional.empty();
    } catch (SourceException e) {
      requireGoingOn(e);
      list();
      return there.contains(name.octets(style)) || isThereInOtherCase(name)
          ? Optional.empty()
          : Optional.of(e);
    }
  }

  /// Where the target does not tell upper from lower case, a mailbox of the other case that nothing
  /// else of this restore goes to is the one.
  private boolean isThereInOtherCase(TargetName name) {
    return inOtherCase(there, name) && !inOtherCase(used, name);
  }

  private boolean isTaken(TargetName name) {
    return inOtherCase(used, name);
  }

  private boolean inOtherCase(Set<String> names, TargetName name) {
    return names.stream()
        .map(other -> other.toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet())
        .contains(name.octets(style).toLowerCase(Locale.ROOT));
  }

  /// The special use of the source, unless a mailbox at the target has it.
  private @Nullable String use(Mailbox source) {
    return source.attributes().stream()
        .filter(use -> SPECIAL.contains(use.toLowerCase(Locale.ROOT)))
        .filter(use -> uses.add(use.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElse(null);
  }

  private static void requireGoingOn(SourceException e) throws SourceException {
    if (e.lost()) {
      throw e;
    }
  }
}
