package org.muniment.server.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;

/// Finds the messages of a mailbox again after its server has given all of them other UIDs: by the
/// ids that the server itself gives them ([OwnIds]); those without by the whole header, the size
/// and INTERNALDATE, which costs the headers and not the messages. What is found in that way is
/// provisional until [Comparison] has seen the octets.
final class Rematch {

  /// Messages per FETCH command.
  private static final int CHUNK = 250;

  private final AccountRun account;
  private final MailboxId mailbox;
  private final UidValidity uidValidity;

  /// UIDs of the view that were given away: the same mail can be there twice.
  private final BitSet taken = new BitSet();

  Rematch(AccountRun account, MailboxId mailbox, UidValidity uidValidity) {
    this.account = account;
    this.mailbox = mailbox;
    this.uidValidity = uidValidity;
  }

  /// Matches what it can, and records it.
  ///
  /// @param session with the mailbox open
  /// @param missing UIDs that are in no placement
  void run(Source.Session session, UidRanges missing)
      throws SourceException, IOException, AccountRun.StoppedException {
    for (UidRanges chunk : missing.chunks(CHUNK)) {
      UidRanges known = matchIdentified(session, chunk);
      List<Source.Look> looks = new ArrayList<>();
      if (!chunk.minus(known).isEmpty()) {
        session.looks(chunk.minus(known), looks::add);
      }
      record(match(looks), true);
      account.goOn();
    }
  }

  private UidRanges matchIdentified(Source.Session session, UidRanges chunk)
      throws SourceException, IOException {
    Map<Uid, ContentId> contents = new HashMap<>();
    try {
      for (OwnIds.Found found : new OwnIds(account, mailbox, uidValidity).found(session, chunk)) {
        contents.put(found.identity().uid(), found.archived().content());
      }
    } catch (SourceException e) {
      if (e.lost() || e.later()) {
        throw e;
      }
      // What the source has trouble to identify is matched by what it looks like.
    }
    return match(contents);
  }

  /// Matches messages whose octets are known, and records it.
  ///
  /// @param contents by UID at the source, at most [SourceProgress#MOST]
  /// @return those that were found in the mailbox
  UidRanges match(Map<Uid, ContentId> contents) throws IOException {
    UidRanges.Builder found = new UidRanges.Builder();
    if (!contents.isEmpty()) {
      Map<ContentId, List<SourceProgress.Other>> others =
          account.progress().others(mailbox, uidValidity, Set.copyOf(contents.values())).stream()
              .collect(Collectors.groupingBy(SourceProgress.Other::content));
      SortedMap<Long, Long> matched = new TreeMap<>();
      contents.forEach(
          (uid, content) ->
              others.getOrDefault(content, List.of()).stream()
                  .map(SourceProgress.Other::uid)
                  .filter(this::isFree)
                  .findFirst()
                  .ifPresent(view -> take(matched, uid, view)));
      matched.keySet().forEach(found::accept);
      record(matched, false);
    }
    return found.build();
  }

  private void take(SortedMap<Long, Long> matched, Uid source, Uid view) {
    if (matched.putIfAbsent(source.value(), view.value()) == null) {
      taken.set(Math.toIntExact(view.value()));
    }
  }

  private void record(SortedMap<Long, Long> matched, boolean provisional) throws IOException {
    if (!matched.isEmpty()) {
      account.record(
          new Event.Matched(account.name(), mailbox, uidValidity, runs(matched), provisional));
    }
  }

  /// @return UID of the view by UID at the source, ascending
  private SortedMap<Long, Long> match(List<Source.Look> looks) throws IOException {
    Map<ContentId, List<SourceProgress.Alike>> alike = new HashMap<>();
    if (!looks.isEmpty()) {
      alike.putAll(
          account
              .progress()
              .alike(
                  mailbox,
                  uidValidity,
                  looks.stream().map(Source.Look::header).collect(Collectors.toSet()))
              .stream()
              .collect(Collectors.groupingBy(SourceProgress.Alike::header)));
    }
    SortedMap<Long, Long> matched = new TreeMap<>();
    for (Source.Look look : looks) {
      alike.getOrDefault(look.header(), List.of()).stream()
          .filter(candidate -> isAlike(look, candidate) && isFree(candidate.uid()))
          .findFirst()
          .ifPresent(candidate -> take(matched, look.uid(), candidate.uid()));
    }
    return matched;
  }

  private static boolean isAlike(Source.Look look, SourceProgress.Alike candidate) {
    return look.size() == candidate.length()
        && candidate.internalDate().equals(look.internalDate());
  }

  /// A mailbox whose view has come to UIDs that no index can hold is not matched, but fetched.
  private boolean isFree(Uid uid) {
    return uid.value() <= Integer.MAX_VALUE && !taken.get((int) uid.value());
  }

  private static List<Event.UidRun> runs(SortedMap<Long, Long> matched) {
    List<Event.UidRun> runs = new ArrayList<>();
    long source = 0;
    long uid = 0;
    long count = 0;
    for (Map.Entry<Long, Long> next : matched.entrySet()) {
      if (count > 0 && next.getKey() == source + count && next.getValue() == uid + count) {
        count++;
        continue;
      }
      if (count > 0) {
        runs.add(new Event.UidRun(new Uid(source), new Uid(uid), count));
      }
      source = next.getKey();
      uid = next.getValue();
      count = 1;
    }
    if (count > 0) {
      runs.add(new Event.UidRun(new Uid(source), new Uid(uid), count));
    }
    return runs;
  }
}
