package org.muniment.server.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.store.LockObtainFailedException;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.indexer.extract.ChildExtractor;
import org.muniment.indexer.index.AttachmentFollower;
import org.muniment.indexer.index.Attachments;
import org.muniment.indexer.index.CommittedIndex;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.index.IndexFollower;
import org.muniment.indexer.index.SearchIndex;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.search.Search;
import org.muniment.indexer.search.Substrings;
import org.muniment.server.access.AccessPolicy;
import org.muniment.server.access.KeyConfirmations;
import org.muniment.server.access.LocalSignIn;
import org.muniment.server.access.SavedSearches;
import org.muniment.server.access.SeenMarks;
import org.muniment.server.access.SignIn;
import org.muniment.server.access.StateDatabase;
import org.muniment.server.access.Subscriptions;
import org.muniment.server.access.Users;
import org.muniment.server.access.VirtualNumbers;
import org.muniment.server.capture.Capture;
import org.muniment.server.capture.CaptureLedger;
import org.muniment.server.capture.CaptureService;
import org.muniment.server.capture.CatalogueJournal;
import org.muniment.server.capture.CatalogueProgress;
import org.muniment.server.capture.Import;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.Settings;
import org.muniment.server.config.TargetConfig;
import org.muniment.server.credential.Credentials;
import org.muniment.server.publication.Ledger;
import org.muniment.server.publication.Publication;
import org.muniment.server.publication.PublicationHealth;
import org.muniment.server.publication.Standing;
import org.muniment.server.view.ArchiveReadModels;
import org.muniment.server.view.AttachmentTexts;

/// Everything that config.yml names, open for reading: what the server and every command begin
/// with. Many processes may have it open; [#openWriter] makes this one the writer.
public final class Installation implements AutoCloseable {

  private final Parts parts = new Parts();

  /// Run when the catalogue knows more.
  private volatile Runnable advanced = () -> {};

  private final Contention contention = new Contention();

  private final Settings settings;
  private final Archive archive;
  private final Catalogue catalogue;
  private final CatalogueFollower follower;
  private final Users users;
  private final Ledger ledger;
  private final CaptureLedger captureLedger;
  private final RootKeys rootKeys;
  private final KeyConfirmations confirmations;
  private final SeenMarks seenMarks;
  private final Subscriptions subscriptions;
  private final SavedSearches savedSearches;
  private final VirtualNumbers virtualNumbers;

  private Installation(Settings settings, Consumer<String> say)
      throws IOException, CannotStartException {
    this.settings = settings;
    try {
      this.archive = parts.add(archive(settings, say));
      this.rootKeys = ArchiveKeys.of(settings);
      StateDatabase state = parts.add(StateDatabase.open(settings.stateFile()));
      this.users = Users.of(state);
      this.confirmations = KeyConfirmations.of(state);
      this.seenMarks = SeenMarks.of(state);
      this.subscriptions = Subscriptions.of(state);
      this.savedSearches = SavedSearches.of(state);
      this.virtualNumbers = VirtualNumbers.of(state);
      this.ledger = new Ledger(state);
      this.captureLedger = new CaptureLedger(state);
      this.catalogue = parts.add(Catalogue.open(settings.catalogue().url()));
      this.follower =
          parts.add(new CatalogueFollower(archive, catalogue, Progress.NONE, () -> advanced.run()));
      catchUp(say);
    } catch (IOException | RuntimeException | CannotStartException e) {
      parts.close();
      throw e;
    }
  }

  /// Opens everything and lets the catalogue follow to the end of the log. Makes what is missing.
  ///
  /// @param say told in a sentence what is made or takes long
  public static Installation open(Settings settings, Consumer<String> say)
      throws IOException, CannotStartException {
    DataFolder.prepare(settings);
    return new Installation(settings, say);
  }

  /// Opens everything for one who only looks: nothing new is begun where there is no archive.
  ///
  /// @param say told in a sentence what takes long
  public static Installation openExisting(Settings settings, Consumer<String> say)
      throws IOException, CannotStartException {
    requireArchive(settings);
    return open(settings, say);
  }

  /// The archive at `settings`, and nothing beside it.
  static Archive existingArchive(Settings settings) throws IOException, CannotStartException {
    requireArchive(settings);
    return Archive.open(settings.archiveFolder(), ArchiveKeys.of(settings));
  }

  /// @throws CannotStartException when there is none
  static void requireArchive(Settings settings) throws CannotStartException {
    if (!Archive.exists(settings.archiveFolder())) {
      throw new CannotStartException(
          "there is no archive in "
              + settings.archiveFolder()
              + ": is archive.path right? \"scripts/muniment init\" makes one");
    }
  }

  /// The archive at `settings`, made when there is none.
  ///
  /// @param say told when it is made
  public static Archive archive(Settings settings, Consumer<String> say)
      throws IOException, CannotStartException {
    Path folder = settings.archiveFolder();
    if (Archive.exists(folder)) {
      return existingArchive(settings);
    }
    if (Files.exists(settings.catalogue().file())) {
      throw new CannotStartException(
          "there is a catalogue at "
              + settings.catalogue().file()
              + " but no archive at "
              + folder
              + ": is its disk not mounted? Move the catalogue away to begin a new archive");
    }
    RootKeys keys = ArchiveKeys.forNew(settings, say);
    Archive archive = Archive.create(folder, origin(), keys);
    say.accept("made a new archive in " + folder);
    return archive;
  }

  private static String origin() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
    } catch (UnknownHostException nameless) {
      host = "localhost";
    }
    StringBuilder name = new StringBuilder();
    host.chars()
        .filter(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-')
        .forEach(c -> name.append((char) c));
    int distinct = ThreadLocalRandom.current().nextInt();
    return name + "/muniment/" + HexFormat.of().toHexDigits(distinct);
  }

  private void catchUp(Consumer<String> say) throws IOException {
    long position = catalogue.position();
    long size = archive.size();
    if (position != size) {
      say.accept(
          "the catalogue is at %,d of %,d log entries: it catches up".formatted(position, size));
    }
    new CatalogueProgress(catalogue, follower).follow();
    if (position != size) {
      say.accept("the catalogue has all %,d log entries".formatted(catalogue.position()));
    }
  }

  /// Makes this process the one that writes, until this installation is closed.
  ///
  /// @throws IOException when another process writes; the message says which
  public Writing openWriter() throws IOException {
    ArchiveWriter writer = parts.add(archive.writer(catalogue));
    Sealing sealing = parts.add(new Sealing(archive, writer, catalogue, follower));
    writer.onCommit(
        size -> {
          contention.committed();
          follower.signal();
          sealing.committed();
        });
    follower.standBackWhile(contention);
    sealing.standBackWhile(contention);
    CatalogueProgress progress = new CatalogueProgress(catalogue, follower);
    Clock clock = Clock.systemUTC();
    Credentials credentials = new Credentials(settings.tokenFolder(), clock);
    Capture capture =
        new Capture(
            writer,
            progress,
            new CatalogueJournal(archive, catalogue),
            settings.temporaryFolder(),
            credentials,
            clock);
    return new Writing(
        parts.add(
            new CaptureService(
                capture, settings.accounts(), settings.capture(), captureLedger, clock)),
        parts.add(
            new Import(writer, progress, this::isCaptured, settings.temporaryFolder(), clock)),
        sealing,
        credentials,
        parts.add(
            Publication.of(archive, writer, settings.publish(), ledger, InstantSource.system())));
  }

  private boolean isCaptured(AccountName account) {
    return settings.accounts().stream().anyMatch(captured -> captured.name().equals(account));
  }

  /// What only the writer of the archive does.
  ///
  /// @param sealing not started
  public record Writing(
      CaptureService capture,
      Import imports,
      Sealing sealing,
      Credentials credentials,
      Publication publication) {}

  /// Opens the full-text index for writing and lets it follow the catalogue. Once, and after
  /// [#openWriter]: only the writer of the archive writes the index.
  ///
  /// @param say told in a sentence what takes long
  public FollowedIndex openIndex(Consumer<String> say) throws IOException {
    FullTextIndex index = parts.add(FullTextIndex.open(settings.index().path()));
    KeptText kept = parts.add(KeptText.open(settings.textFolder(), rootKeys));
    IndexFollower indexing =
        parts.add(new IndexFollower(archive, catalogue, index, attachments(kept), Progress.NONE));
    AttachmentFollower reading = parts.add(attachmentFollower(index, kept));
    advanced = indexing::signal;
    indexing.standBackWhile(contention);
    if (index.position() < catalogue.position()) {
      say.accept(
          "the index is at %,d of %,d log entries: it catches up while the server runs"
              .formatted(index.position(), catalogue.position()));
    }
    indexing.start();
    reading.standBackWhile(contention);
    reading.start();
    return new FollowedIndex(index, indexing, reading, new AttachmentTexts(kept, reading));
  }

  private Attachments attachments(KeptText kept) {
    return Attachments.of(kept, settings.index().attachments().settings().version());
  }

  private AttachmentFollower attachmentFollower(FullTextIndex index, KeptText kept) {
    Path folder = settings.temporaryFolder().resolve("attachments");
    return new AttachmentFollower(
        archive,
        catalogue,
        index,
        kept,
        new ChildExtractor(settings.index().attachments().settings(), folder.resolve("child")),
        folder);
  }

  /// The full-text index with what keeps it up to date, and what was read of attachments.
  public record FollowedIndex(
      FullTextIndex index,
      IndexFollower follower,
      AttachmentFollower attachments,
      AttachmentTexts texts) {}

  /// The full-text index, caught up; as the server last committed it when that holds it.
  public SearchedIndex openSearchIndex() throws IOException {
    FullTextIndex index;
    try {
      index = parts.add(FullTextIndex.open(settings.index().path()));
    } catch (LockObtainFailedException heldByTheServer) {
      return new SearchedIndex(committedIndex(), keptByTheServer());
    }
    KeptText kept = parts.add(KeptText.open(settings.textFolder(), rootKeys));
    parts
        .add(new IndexFollower(archive, catalogue, index, attachments(kept), Progress.NONE))
        .catchUp();
    return new SearchedIndex(index, new AttachmentTexts(kept, null));
  }

  /// A full-text index that this process does not keep up to date, and what was read of
  /// attachments.
  public record SearchedIndex(SearchIndex index, AttachmentTexts texts) {}

  private SearchIndex committedIndex() throws IOException {
    try {
      return parts.add(CommittedIndex.open(settings.index().path()));
    } catch (IndexNotFoundException e) {
      throw new IOException("the server has not saved its first index yet: try in a minute", e);
    }
  }

  private AttachmentTexts keptByTheServer() throws IOException {
    Optional<KeptText> kept = KeptText.openExisting(settings.textFolder(), rootKeys);
    return kept.isPresent()
        ? new AttachmentTexts(parts.add(kept.get()), null)
        : AttachmentTexts.NONE;
  }

  /// What people may see, by `policy`.
  public ArchiveReadModels readModels(
      SearchIndex index, AccessPolicy policy, AttachmentTexts texts) {
    Search search = new Search(archive, catalogue, index, texts.kept(), Clock.systemUTC());
    return new ArchiveReadModels(
        archive,
        catalogue,
        index,
        search,
        new Substrings(catalogue, index, texts.kept(), settings.imap().searchAttachments()),
        policy,
        settings.accounts().stream()
            .collect(Collectors.toMap(AccountConfig::name, AccountConfig::title)),
        texts);
  }

  /// For the one who owns the data folder, who may see everything.
  public AccessPolicy everything() {
    return new AccessPolicy(List.of(), user -> Set.copyOf(catalogue.mailboxes().accounts()));
  }

  public Settings settings() {
    return settings;
  }

  public Archive archive() {
    return archive;
  }

  public Catalogue catalogue() {
    return catalogue;
  }

  public CatalogueFollower follower() {
    return follower;
  }

  public Users users() {
    return users;
  }

  /// What users of the IMAP view have read.
  public SeenMarks seenMarks() {
    return seenMarks;
  }

  /// Which mailboxes users of the IMAP view want to see listed.
  public Subscriptions subscriptions() {
    return subscriptions;
  }

  /// The queries that users keep.
  public SavedSearches savedSearches() {
    return savedSearches;
  }

  /// By which numbers users know virtual mailboxes.
  public VirtualNumbers virtualNumbers() {
    return virtualNumbers;
  }

  /// How the last capture of each account ended.
  public CaptureLedger captures() {
    return captureLedger;
  }

  /// How things stand with each target of config.yml.
  public List<Standing> publications() {
    return ledger.standings(targets());
  }

  /// Warns when no checkpoint is outside.
  public PublicationHealth publicationHealth() {
    return new PublicationHealth(targets(), ledger, InstantSource.system());
  }

  private List<String> targets() {
    return settings.publish().stream().map(TargetConfig::name).toList();
  }

  /// How safe the root key is, now.
  public RootKeyState rootKey() {
    if (rootKeys.isEmpty()) {
      return new RootKeyState(null, null);
    }
    String id = rootKeys.current().id();
    return new RootKeyState(id, confirmations.confirmed(id).orElse(null));
  }

  /// Who may see what, by config.yml and the grants.
  public AccessPolicy policy() {
    return new AccessPolicy(settings.accounts(), users);
  }

  /// Sign-in of the local users, with a memory of failures of its own.
  public SignIn signIn() {
    return LocalSignIn.of(users);
  }

  @Override
  public void close() {
    parts.close();
  }
}
