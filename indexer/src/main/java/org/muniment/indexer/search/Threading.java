package org.muniment.indexer.search;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The threading algorithm REFERENCES of RFC 5256, section 3, in its order and its words. Needs
/// neither recursion nor more than the ids that the messages name.
public final class Threading {

  /// Deepest that a message stands below another; what would stand deeper begins a thread.
  private static final int MAX_DEPTH = 500;

  /// What becomes of two threads of one base subject, both of originals or both of replies, in step
  /// (5).
  public enum Namesakes {
    /// Both stand below a dummy, as the RFC has it.
    TOGETHER,
    /// They stay apart: in an archive of many years the RFC would make one conversation of all
    /// monthly reports.
    APART
  }

  /// A message to be placed.
  ///
  /// @param id Message-ID, `""` for none
  /// @param references ids, oldest first
  public record Member(
      int number, String id, List<String> references, Instant date, String subject) {
    public Member {
      references = List.copyOf(references);
    }
  }

  /// A message in its place.
  ///
  /// @param member null for one that others refer to and that is not among the members
  /// @param depth number of places above it
  public record Placed(int depth, @Nullable Member member) {}

  private static final class Container {
    private @Nullable Member member;
    private @Nullable Container parent;
    private final List<Container> children = new ArrayList<>();

    private Container(@Nullable Member member) {
      this.member = member;
    }

    /// A dummy has the date and the subject of its first child.
    private Member first() {
      Container container = this;
      while (container.member == null) {
        container = container.children.getFirst();
      }
      return container.member;
    }

    private boolean isEmpty() {
      return member == null && children.isEmpty();
    }

    private void add(Container child) {
      child.parent = this;
      children.add(child);
    }

    /// It is listed among the children until they are settled: to look for it there each time would
    /// take quadratic time.
    private void unlink() {
      parent = null;
    }

    private void settle() {
      List<Container> own =
          children.stream().filter(child -> child.parent == this).distinct().toList();
      children.clear();
      children.addAll(own);
    }
  }

  private static final Comparator<Container> BY_DATE =
      Comparator.comparing((Container container) -> container.first().date())
          .thenComparingInt(container -> container.first().number());

  private final Map<String, Container> byId = new LinkedHashMap<>();
  private final Namesakes namesakes;
  private List<Container> roots = new ArrayList<>();

  private Threading(Namesakes namesakes) {
    this.namesakes = namesakes;
  }

  /// Threads messages.
  ///
  /// @param members of two with one id the first has it
  /// @return in the order of the tree, each message once
  public static List<Placed> of(List<Member> members, Namesakes namesakes) {
    Threading threading = new Threading(namesakes);
    members.forEach(threading::link);
    threading.byId.values().forEach(Container::settle);
    threading.byId.values().stream()
        .filter(container -> container.parent == null)
        .forEach(threading.roots::add);
    threading.prune();
    threading.sort();
    threading.gatherSubjects();
    threading.sort();
    return threading.placed();
  }

  // (1) link messages by their references
  private void link(Member member) {
    Container own = container(member);
    @Nullable Container before = null;
    for (String reference : member.references) {
      Container next = byId.computeIfAbsent(reference, id -> new Container(null));
      if (before != null && next.parent == null && mayAdd(before, next)) {
        before.add(next);
      }
      before = next;
    }
    own.unlink();
    if (before != null && mayAdd(before, own)) {
      before.add(own);
    }
  }

  /// Of two messages with one id the second has none.
  private Container container(Member member) {
    @Nullable Container known = byId.get(member.id);
    if (known != null && known.member == null) {
      known.member = member;
      return known;
    }
    Container own = new Container(member);
    // No id has white space.
    byId.put(known != null || member.id.isEmpty() ? "\n" + member.number : member.id, own);
    return own;
  }

  /// Whether no loop would be made.
  private static boolean mayAdd(Container parent, Container child) {
    int depth = 0;
    for (@Nullable Container above = parent; above != null; above = above.parent) {
      if (above == child || ++depth > MAX_DEPTH) {
        return false;
      }
    }
    return true;
  }

  // (3) prune dummy messages
  private void prune() {
    for (Container container : deepestFirst()) {
      List<Container> kept = new ArrayList<>();
      for (Container child : container.children) {
        if (child.member != null) {
          kept.add(child);
        } else {
          kept.addAll(child.children);
        }
      }
      container.children.clear();
      kept.forEach(container::add);
    }
    List<Container> kept = new ArrayList<>();
    for (Container root : roots) {
      if (root.member != null || root.children.size() > 1) {
        kept.add(root);
      } else if (root.children.size() == 1) {
        Container only = root.children.getFirst();
        only.unlink();
        kept.add(only);
      }
    }
    roots = kept;
  }

  // (4), (6) sort by sent date
  private void sort() {
    for (Container container : deepestFirst()) {
      container.children.sort(BY_DATE);
    }
    roots.sort(BY_DATE);
  }

  // (5) gather together messages under the root that have the same base subject
  private void gatherSubjects() {
    Map<String, Container> table = new HashMap<>();
    for (Container root : roots) {
      BaseSubject subject = BaseSubject.of(root.first().subject());
      if (!subject.text().isEmpty()) {
        table.merge(subject.text(), root, Threading::preferred);
      }
    }
    List<Container> dummies = new ArrayList<>();
    for (Container root : roots) {
      String subject = BaseSubject.of(root.first().subject()).text();
      @Nullable Container same = root.parent == null ? table.get(subject) : null;
      if (same != null && same != root && !gather(same, root) && namesakes == Namesakes.TOGETHER) {
        Container dummy = new Container(null);
        dummy.add(same);
        dummy.add(root);
        dummies.add(dummy);
        table.put(subject, dummy);
      }
    }
    roots.removeIf(root -> root.parent != null || root.isEmpty());
    roots.addAll(dummies);
  }

  /// A dummy before a message, a message before a reply.
  private static Container preferred(Container known, Container other) {
    boolean dummy = known.member != null && other.member == null;
    boolean original =
        known.member != null && other.member != null && isReply(known) && !isReply(other);
    return dummy || original ? other : known;
  }

  private static boolean isReply(Container container) {
    return BaseSubject.of(container.first().subject()).reply();
  }

  /// @return false where both stay apart
  private static boolean gather(Container same, Container root) {
    if (same.member == null && root.member == null) {
      root.children.forEach(same::add);
      root.children.clear();
      return true;
    }
    if (same.member == null || (isReply(root) && !isReply(same))) {
      same.add(root);
      return true;
    }
    return false;
  }

  private List<Container> deepestFirst() {
    List<Container> order = new ArrayList<>(roots);
    for (int i = 0; i < order.size(); i++) {
      order.addAll(order.get(i).children);
    }
    Collections.reverse(order);
    return order;
  }

  private List<Placed> placed() {
    List<Placed> placed = new ArrayList<>();
    List<Container> open = new ArrayList<>(roots.reversed());
    Map<Container, Integer> depths = new HashMap<>();
    while (!open.isEmpty()) {
      Container next = open.removeLast();
      int depth = next.parent == null ? 0 : Objects.requireNonNull(depths.get(next.parent)) + 1;
      depths.put(next, depth);
      placed.add(new Placed(depth, next.member));
      open.addAll(next.children.reversed());
    }
    return placed;
  }
}
