package org.muniment.server.view.imap.session;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.server.access.SeenMarks;
import org.muniment.server.access.User;
import org.muniment.server.config.Secret;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.imap.message.FetchItem;
import org.muniment.server.view.imap.wire.Deflate;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.OverLimitException;
import org.muniment.server.view.imap.wire.SyntaxException;

/// One session: its state, and what its commands work with. Used by one thread.
public final class Session implements AutoCloseable {

  /// New messages are looked for at the end of a command, but not more often than this.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final ImapReader in;
  private final ImapWriter out;
  private final Resources resources;
  private final InetAddress peer;
  private final Limits limits;
  private final UserShares shares;

  private final Patience patience;

  private String tag = "*";
  private long lookedAt;

  /// Whether messages have left of which the client could not be told yet.
  private boolean owesExpunge;

  private State state = State.NOT_AUTHENTICATED;
  private Privacy privacy = Privacy.NONE;
  private @Nullable Deflate deflate;
  private boolean compressed;
  private int refusals;
  private final Set<Extension> enabled = EnumSet.noneOf(Extension.class);
  private @Nullable User user;
  private UserShares.@Nullable Share share;
  private @Nullable Selected selected;

  public Session(
      ImapReader in,
      ImapWriter out,
      Resources resources,
      InetAddress peer,
      Limits limits,
      UserShares shares,
      Patience patience) {
    this.in = in;
    this.out = out;
    this.resources = resources;
    this.peer = peer;
    this.limits = limits;
    this.shares = shares;
    this.patience = patience;
  }

  /// What the client sends; for commands that go on after their first line.
  public ImapReader in() {
    return in;
  }

  /// Where responses go.
  public ImapWriter out() {
    return out;
  }

  /// How patient the server is.
  public Limits limits() {
    return limits;
  }

  /// Sets how long the next octet may take.
  public void waitFor(Duration silence) throws IOException {
    patience.set(silence);
  }

  /// Begins a command.
  public void begin(String tag) {
    this.tag = tag;
  }

  /// The tag of the command.
  public String tag() {
    return tag;
  }

  public State state() {
    return state;
  }

  /// Whether a password may be sent over this connection: it is encrypted, or stays inside the
  /// machine.
  public boolean allowsPassword() {
    return isEncrypted() || peer.isLoopbackAddress();
  }

  /// Whether TLS lies over the connection.
  public boolean isEncrypted() {
    return privacy == Privacy.ENCRYPTED;
  }

  /// Asks for TLS behind the answer to the command.
  public void startTls() {
    privacy = Privacy.WANTED;
  }

  /// Whether TLS has to begin now.
  public boolean wantsTls() {
    return privacy == Privacy.WANTED;
  }

  /// TLS lies over the connection from here on.
  public void encrypted() {
    privacy = Privacy.ENCRYPTED;
  }

  /// Asks for compression behind the answer to the command.
  ///
  /// @return false where too many sessions are compressed
  public boolean compress() {
    deflate = Deflate.begin().orElse(null);
    return deflate != null;
  }

  /// What has to lie over the connection from here on, if it does not yet.
  public Optional<Deflate> beginCompression() {
    Optional<Deflate> begins = Optional.ofNullable(deflate).filter(wanted -> !compressed);
    compressed |= begins.isPresent();
    return begins;
  }

  /// Whether the connection is compressed.
  public boolean isCompressed() {
    return compressed;
  }

  /// How an attempt to sign in ended.
  public enum SignedIn {
    YES,
    /// Name or password is wrong.
    REFUSED,
    /// The user has as many sessions as there may be.
    TOO_MANY
  }

  /// Signs in.
  ///
  /// @throws OverLimitException when it was refused too often
  public SignedIn signIn(String name, Secret password) throws OverLimitException {
    Optional<User> found = resources.signIn().withPassword(name, password, peer);
    if (found.isPresent()) {
      share = shares.take(found.get().name()).orElse(null);
      if (share == null) {
        return SignedIn.TOO_MANY;
      }
      user = found.get();
      state = State.AUTHENTICATED;
      return SignedIn.YES;
    }
    if (++refusals >= limits.refusals()) {
      throw new OverLimitException("too many failed sign-ins");
    }
    return SignedIn.REFUSED;
  }

  /// Whether the user may select one more mailbox as it was; to be asked once before that.
  public boolean mayOpenPast() {
    return share != null && share.openPast();
  }

  /// Waits until so many octets may be sent to the user.
  public void pace(int octets) throws IOException {
    if (share != null) {
      share.pace(octets);
    }
  }

  /// What the user may see, now.
  ///
  /// @throws IllegalStateException before anybody has signed in
  public ReadModel model() {
    return resources.models().of(user());
  }

  private User user() {
    if (user == null) {
      throw new IllegalStateException("nobody has signed in");
    }
    return user;
  }

  /// The mailbox of that name as it is now, with the flags that the user sees.
  public Optional<MailboxView> open(String name) throws IOException {
    return Folders.open(model(), name, resources.shown()).map(this::read);
  }

  /// A mailbox as it is now, with the flags that the user sees; empty for a mere level.
  public Optional<MailboxView> open(Folder folder) throws IOException {
    return Folders.open(model(), folder, resources.shown()).map(this::read);
  }

  /// A mailbox as it is now, with the flags that the user sees.
  public Optional<MailboxView> open(MailboxSummary mailbox) throws IOException {
    return Folders.open(model(), mailbox, resources.shown()).map(this::read);
  }

  /// Whether the user can change `\Seen`.
  public boolean keepsSeen() {
    return resources.seen() != null;
  }

  private MailboxView read(MailboxView captured) {
    SeenMarks seen = resources.seen();
    return seen == null
            || captured instanceof EmptyInbox
            || captured.kind() == MailboxView.Kind.PAST
        ? captured
        : new ReadMailbox(captured, seen, user().name(), beginsAsCaptured(captured));
  }

  private boolean beginsAsCaptured(MailboxView captured) {
    return switch (captured.kind()) {
      case SOURCE -> model().owns(captured.summary().account());
      // It knows itself which of its messages are whose.
      case VIRTUAL -> true;
      case PAST -> throw new IllegalArgumentException("nobody marks what was");
    };
  }

  /// The names that the user has unsubscribed.
  public Set<String> unsubscribed() {
    return resources.subscriptions().unsubscribed(user().name());
  }

  /// Subscribes the user to a name, as it is listed.
  public void subscribe(String name) {
    resources.subscriptions().subscribe(user().name(), name);
  }

  /// Takes the name off.
  public void unsubscribe(String name) {
    resources.subscriptions().unsubscribe(user().name(), name);
  }

  /// Switches extensions on, for the rest of the session.
  ///
  /// @return those that were not on
  public Set<Extension> enable(Set<Extension> extensions) {
    Set<Extension> added = EnumSet.noneOf(Extension.class);
    extensions.forEach(extension -> added.addAll(extension.withImplied()));
    added.removeAll(enabled);
    enabled.addAll(added);
    if (enabled.stream().anyMatch(Extension::hasUtf8)) {
      in.expectUtf8();
      out.quoteUtf8();
    }
    return added;
  }

  /// Whether the client has switched it on.
  public boolean isEnabled(Extension extension) {
    return enabled.contains(extension);
  }

  /// What a FETCH response says that was not asked for.
  public List<FetchItem> unasked() {
    return Selected.unasked(enabled, selected().view());
  }

  /// Whether MODSEQs are told of the messages of the selected mailbox.
  public boolean tellsModSeq() {
    return isEnabled(Extension.CONDSTORE) && selected().view().kind().hasModSeq();
  }

  /// Switches CONDSTORE on for a command that asks for MODSEQs. Where a mailbox is selected, the
  /// client is told how far it has been told of it (RFC 7162 section 3.1).
  ///
  /// @param here whether the command asks for MODSEQs of the selected mailbox
  /// @throws SyntaxException where that has none (section 3.1.2.2)
  public void enableModSeq(boolean here) throws IOException, SyntaxException {
    boolean begins = !enable(Set.of(Extension.CONDSTORE)).isEmpty();
    if (selected == null) {
      return;
    }
    if (here && !selected.view().kind().hasModSeq()) {
      throw new SyntaxException("this mailbox has no MODSEQs");
    }
    if (begins) {
      selected.writeHighestModSeq(out);
    }
  }

  /// The selected mailbox.
  ///
  /// @throws IllegalStateException when none is
  public Selected selected() {
    if (selected == null) {
      throw new IllegalStateException("no mailbox is selected");
    }
    return selected;
  }

  /// Selects a mailbox.
  ///
  /// @param name as it is listed
  /// @param writable whether `\Seen` may be changed
  public Selected select(String name, MailboxView view, boolean writable) {
    lookedAt = System.nanoTime();
    owesExpunge = false;
    unselect();
    selected = new Selected(name, view, writable);
    state = State.SELECTED;
    return selected;
  }

  /// Makes sure that the user may still read the selected mailbox, if any.
  ///
  /// @throws OverLimitException when they may not
  public void checkSelected() throws OverLimitException {
    if (selected != null && !selected.isVisible(model())) {
      throw gone();
    }
  }

  private static OverLimitException gone() {
    return new OverLimitException("the selected mailbox is not there any more");
  }

  /// Leaves the selected mailbox, if any.
  public void unselect() {
    if (selected != null) {
      if (share != null && selected.view().kind() == MailboxView.Kind.PAST) {
        share.closePast();
      }
      selected = null;
      state = State.AUTHENTICATED;
    }
  }

  /// Tells of what has come, left and changed in the selected mailbox, if any.
  ///
  /// @throws OverLimitException when the user may not see it any more
  public void refresh() throws IOException {
    refresh(/* mayExpunge= */ true);
  }

  private void refresh(boolean mayExpunge) throws IOException {
    lookedAt = System.nanoTime();
    if (selected != null) {
      MailboxView now =
          selected.now(model(), resources.shown()).map(this::read).orElseThrow(Session::gone);
      if (!now.summary().uidValidity().equals(selected.view().summary().uidValidity())) {
        throw new OverLimitException("the selected mailbox is numbered anew");
      }
      owesExpunge = !selected.refresh(now, mayExpunge, enabled, model(), out);
    }
  }

  /// Does the same at the end of any command, unless it was done a moment ago.
  ///
  /// @param mayExpunge whether it may be told now that messages have left; if not and some have,
  ///   nothing is told
  public void end(boolean mayExpunge) throws IOException {
    boolean late = System.nanoTime() - lookedAt >= LOOK.toNanos();
    if (late || (owesExpunge && mayExpunge)) {
      refresh(mayExpunge);
    }
  }

  /// How far TLS has come.
  private enum Privacy {
    NONE,
    WANTED,
    ENCRYPTED
  }

  /// Sets how long a read from the client may take.
  @FunctionalInterface
  public interface Patience {
    void set(Duration silence) throws IOException;
  }

  /// Gives back what the session holds outside of the heap, and of the user's share.
  @Override
  public void close() {
    unselect();
    if (share != null) {
      share.giveBack();
    }
    if (deflate != null) {
      deflate.close();
    }
  }

  public void logout() {
    state = State.LOGOUT;
  }
}
