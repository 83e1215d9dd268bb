package org.muniment.server.view.imap.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.muniment.indexer.mail.MessageIds;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.search.BaseSubject;
import org.muniment.indexer.search.Threading;
import org.muniment.indexer.text.CaseFold;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.imap.message.Rows;

/// Threads messages of one mailbox (RFC 5256 section 3): nothing but these messages shows in them.
public final class Threads {

  private static final long PER_MESSAGE = 300;
  private static final long PER_ID = 250;

  private final MailboxView view;

  public Threads(MailboxView view) {
    this.view = view;
  }

  /// The threading algorithms.
  public enum Algorithm {
    ORDEREDSUBJECT,
    REFERENCES
  }

  /// Threads messages.
  ///
  /// @throws TooManyMessagesException when that takes more memory than [Allowance#MAX_OCTETS]
  public ThreadList of(BitSet numbers, Algorithm algorithm)
      throws IOException, TooManyMessagesException {
    try (Allowance allowance = Allowance.take()) {
      return new ThreadList(
          switch (algorithm) {
            case ORDEREDSUBJECT -> bySubject(members(numbers, false, allowance));
            case REFERENCES ->
                Threading.of(members(numbers, true, allowance), Threading.Namesakes.TOGETHER);
          });
    }
  }

  private List<Threading.Member> members(BitSet numbers, boolean ids, Allowance allowance)
      throws IOException, TooManyMessagesException {
    List<Threading.Member> members = new ArrayList<>();
    boolean[] full = {false};
    Rows.forEach(
        view,
        numbers,
        true,
        rows -> {
          for (MessageRow row : rows) {
            Threading.Member member = member(row, ids);
            full[0] = full[0] || !allowance.hasRoom(octets(member));
            if (!full[0]) {
              members.add(member);
            }
          }
        });
    if (full[0]) {
      throw new TooManyMessagesException();
    }
    return members;
  }

  private static long octets(Threading.Member member) {
    long octets = PER_MESSAGE + 2L * member.subject().length() + 2L * member.id().length();
    for (String id : member.references()) {
      octets += PER_ID + 2L * id.length();
    }
    return octets;
  }

  private static Threading.Member member(MessageRow row, boolean ids) {
    Structure structure = row.structure();
    return new Threading.Member(
        row.sequence(),
        ids ? id(structure) : "",
        ids ? references(structure) : List.of(),
        HeaderKeys.sent(row),
        CaseFold.fold(new HeaderKeys(row).subject()));
  }

  private static String id(Structure structure) {
    String field = structure.envelope().messageId();
    List<String> ids = field == null ? List.of() : MessageIds.parse(field);
    return ids.isEmpty() ? "" : normalized(ids.getFirst());
  }

  /// Of In-Reply-To only the first id counts.
  private static List<String> references(Structure structure) {
    List<String> references = structure.references();
    String field = structure.envelope().inReplyTo();
    boolean inReplyTo = field != null && references.equals(MessageIds.parse(field));
    return references.stream()
        .limit(inReplyTo ? 1 : references.size())
        .map(Threads::normalized)
        .toList();
  }

  /// `"local"@domain` is the same as `local@domain`.
  private static String normalized(String id) {
    int end = id.lastIndexOf("\"@");
    if (!id.startsWith("\"") || end < 1) {
      return id;
    }
    StringBuilder local = new StringBuilder();
    for (int i = 1; i < end; i++) {
      if (id.charAt(i) == '\\' && i + 1 < end) {
        i++;
      }
      local.append(id.charAt(i));
    }
    return local.append(id, end + 1, id.length()).toString();
  }

  private static final Comparator<Threading.Member> BY_DATE =
      Comparator.comparing(Threading.Member::date).thenComparingInt(Threading.Member::number);

  /// Of each base subject the first message, and below it all others; without a subject all are of
  /// one thread too.
  private static List<Threading.Placed> bySubject(List<Threading.Member> members) {
    Map<String, List<Threading.Member>> threads = new LinkedHashMap<>();
    members.stream()
        .sorted(BY_DATE)
        .forEach(
            member ->
                threads
                    .computeIfAbsent(
                        BaseSubject.of(member.subject()).text(), subject -> new ArrayList<>())
                    .add(member));
    List<Threading.Placed> placed = new ArrayList<>();
    for (List<Threading.Member> thread : threads.values()) {
      int depth = 0;
      for (Threading.Member member : thread) {
        placed.add(new Threading.Placed(depth, member));
        depth = 1;
      }
    }
    return placed;
  }
}
