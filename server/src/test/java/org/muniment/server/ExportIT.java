package org.muniment.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.store.Progress;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.export.Export;
import org.muniment.server.export.ExportFormat;
import org.muniment.server.export.ExportOutcome;
import org.muniment.server.export.ExportRequest;
import org.muniment.server.runtime.Installation;
import org.muniment.server.selection.Selection;

/// Mail goes out as files that others can read and check, whatever cuts the work.
class ExportIT {

  private static final AccountName LENA = new AccountName("lena");
  private static final String HEAD = "From: a@example.com\r\nSubject: ";
  private static final List<String> HARD =
      List.of(
          HEAD + "plain\r\n\r\nhello\r\n",
          HEAD + "quoted\r\n\r\nFrom here\r\n>From there\r\n>>From\r\nFrom",
          HEAD.replace("\r", "") + "unix\n\nFrom a\n\n\n",
          HEAD + "mixed\n\r\na\rb\n\u0000\u00ff\r\n",
          HEAD + "no end\r\n\r\nno end",
          "",
          ">",
          HEAD + "plain\r\n\r\nhello\r\n");

  @TempDir Path folder;
  @TempDir Path out;

  private FilledInstallation filled;

  @BeforeEach
  void fill() throws Exception {
    filled = new FilledInstallation(folder);
    filled.add("INBOX", HARD.stream().map(text -> Octets.of(text.getBytes(ISO_8859_1))));
    filled.add("Projekte/CON", 3, 2_000);
    filled.add("a:b?", 2, 10);
    filled.add("A:B*", 2, 10);
    filled.add("end. ", 1, 10);
    filled.add("=cmd|' /C calc'!A0" + "x".repeat(300), 1, 10);
  }

  private static final int ALL = 17;

  private int export(Path to, String format, String... more) {
    List<String> line =
        new ArrayList<>(List.of("export", "--to", to.toString(), "--format", format));
    line.addAll(List.of(more));
    return filled.run(line.toArray(String[]::new));
  }

  private static String[] everything(Path to, String format) {
    return new String[] {"export", "--account", "lena", "--to", to.toString(), "--format", format};
  }

  private static JsonNode manifest(Path folder) throws IOException {
    return new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
  }

  private static Map<String, String> hashes(Path folder) throws Exception {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        hashes.put(folder.relativize(file).toString(), sha256(Files.readAllBytes(file)));
      }
    }
    return hashes;
  }

  private static String sha256(byte[]... octets) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (byte[] some : octets) {
      digest.update(some);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// What does not tell when the export was made.
  private static Map<String, String> mail(Path folder) throws Exception {
    Map<String, String> hashes = hashes(folder);
    hashes.keySet().removeIf(path -> !path.startsWith("mail/"));
    return hashes;
  }

  private static int sums(Path folder) throws Exception {
    Process check =
        new ProcessBuilder("sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return check.waitFor();
  }

  @ParameterizedTest
  @ValueSource(strings = {"eml", "maildir"})
  void everyMessageIsAFileWithItsOctets(String format) throws Exception {
    Path to = out.resolve("new/" + format);
    assertThat(export(to, format, "--account", "lena")).as(filled.err()).isZero();
    assertThat(filled.out()).endsWith("exported %d of %d, identical %d\n".formatted(ALL, ALL, ALL));
    assertThat(sums(to)).isZero();
    JsonNode manifest = manifest(to);
    assertThat(manifest.path("messages")).hasSize(ALL);
    assertThat(manifest.path("exceptions")).isEmpty();
    Map<String, String> files = hashes(to);
    for (JsonNode message : manifest.path("messages")) {
      assertThat(files.get(message.path("path").asText()))
          .isEqualTo(message.path("sha256").asText());
    }
    for (String text : HARD) {
      assertThat(files).containsValue(sha256(text.getBytes(ISO_8859_1)));
    }
    try (Stream<Path> all = Files.walk(to)) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
    assertThat(files.keySet()).noneMatch(name -> name.contains(".muniment-export"));
    JsonNode first = manifest.path("messages").path(0);
    assertThat(Files.getLastModifiedTime(to.resolve(first.path("path").asText())).toInstant())
        .isEqualTo(Instant.parse(first.path("internalDate").asText()));
    if (format.equals("maildir")) {
      assertThat(files.keySet()).anyMatch(name -> name.matches("mail/lena/cur/[^/]*:2,S"));
      assertThat(to.resolve("mail/lena/.Projekte._CON/new")).isDirectory();
    } else {
      assertThat(to.resolve("mail/lena/Projekte/_CON")).isDirectory();
      assertThat(files.keySet()).anyMatch(name -> name.matches("mail/lena/[aA]_[bB]_/.*"));
      assertThat(files.keySet()).anyMatch(name -> name.matches("mail/lena/[aA]_[bB]_ \\(2\\)/.*"));
    }
    List<String> table = Files.readAllLines(to.resolve("manifest.csv"));
    assertThat(table).hasSize(ALL + 1).anyMatch(line -> line.contains(",'=cmd|"));
  }

  @Test
  void aZipFileHoldsTheSame() throws Exception {
    Path plain = out.resolve("plain");
    Path zipped = out.resolve("zipped");
    Path unzipped = Files.createDirectories(out.resolve("unzipped"));
    assertThat(export(plain, "eml", "--account", "lena")).isZero();
    assertThat(export(zipped, "zip", "--account", "lena")).as(filled.err()).isZero();
    try (Stream<Path> files = Files.list(zipped)) {
      assertThat(files.toList()).containsExactly(zipped.resolve("export.zip"));
    }
    try (ZipFile zip = new ZipFile(zipped.resolve("export.zip").toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        Path file = unzipped.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        try (InputStream in = zip.getInputStream(entry)) {
          Files.copy(in, file);
        }
      }
    }
    assertThat(mail(unzipped)).isEqualTo(mail(plain)).hasSize(ALL);
    assertThat(sums(unzipped)).isZero();
    assertProved(manifest(unzipped));
  }

  @Test
  void anMboxIsImportedAgainAsItWas() throws Exception {
    Path to = out.resolve("mbox");
    assertThat(export(to, "mbox", "--account", "lena")).as(filled.err()).isZero();
    assertThat(sums(to)).isZero();
    assertThat(filled.run("import", "mboxrd", to.resolve("mail").toString(), "--account", "back"))
        .as(filled.err())
        .isZero();
    Path again = out.resolve("again");
    assertThat(export(again, "eml", "--account", "back")).as(filled.err()).isZero();
    List<String> before = new ArrayList<>(contents(to));
    // An mbox file has no message that does not end with a line end.
    for (String text : List.of(HARD.get(1), HARD.get(4), "", ">")) {
      before.remove(sha256(text.getBytes(ISO_8859_1)));
    }
    assertThat(contents(again)).containsAll(before);
  }

  private static List<String> contents(Path folder) throws IOException {
    List<String> contents = new ArrayList<>();
    manifest(folder).path("messages").forEach(row -> contents.add(row.path("sha256").asText()));
    return contents;
  }

  @Test
  void everyProofLeadsToTheSignedRoot() throws Exception {
    Path to = out.resolve("proved");
    assertThat(export(to, "eml", "--account", "lena")).isZero();
    filled.add("later", 3, 10);
    assertProved(manifest(to));
    assertThat(documentedCheck(to)).isZero();
    Path manifest = to.resolve("manifest.json");
    String text = Files.readString(manifest);
    int proof = text.indexOf("\"proof\"");
    int digit = text.indexOf('"', proof + 8) + 1;
    char other = text.charAt(digit) == '0' ? '1' : '0';
    Files.writeString(manifest, text.substring(0, digit) + other + text.substring(digit + 1));
    assertThat(documentedCheck(to)).isNotZero();
  }

  /// Runs the program that docs/export.md shows.
  private static int documentedCheck(Path folder) throws Exception {
    String page = Files.readString(Path.of("../docs/export.md"));
    int begin = page.indexOf("```python\n") + "```python\n".length();
    String program = page.substring(begin, page.indexOf("```", begin));
    return new ProcessBuilder("python3", "-c", program)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /// RFC 9162 section 2.1.3.2, written for this test alone.
  private static void assertProved(JsonNode manifest) throws Exception {
    JsonNode checkpoint = manifest.path("checkpoint");
    String[] note = checkpoint.path("note").asText().split("\n", -1);
    String root = HexFormat.of().formatHex(Base64.getDecoder().decode(note[2]));
    assertThat(root).isEqualTo(checkpoint.path("root").asText());
    assertThat(note[1]).isEqualTo(checkpoint.path("size").asText());
    assertThat(manifest.path("messages")).isNotEmpty();
    for (JsonNode message : manifest.path("messages")) {
      byte[] event = message.path("event").asText().getBytes(UTF_8);
      String leaf = message.path("leaf").path("json").asText();
      JsonNode happened = new ObjectMapper().readTree(event);
      assertThat(happened.path("content").asText()).isEqualTo(message.path("sha256").asText());
      byte[] blind = HexFormat.of().parseHex(message.path("blind").asText());
      assertThat(new ObjectMapper().readTree(leaf).path("commitment").asText())
          .isEqualTo(sha256(blind, event));
      String hash = sha256(new byte[] {0}, leaf.getBytes(UTF_8));
      long fn = message.path("leaf").path("index").asLong();
      long sn = checkpoint.path("size").asLong() - 1;
      for (JsonNode step : message.path("proof")) {
        byte[] node = HexFormat.of().parseHex(step.asText());
        byte[] here = HexFormat.of().parseHex(hash);
        assertThat(sn).isNotZero();
        if ((fn & 1) == 1 || fn == sn) {
          hash = sha256(new byte[] {1}, node, here);
          while ((fn & 1) == 0 && fn != 0) {
            fn >>= 1;
            sn >>= 1;
          }
        } else {
          hash = sha256(new byte[] {1}, here, node);
        }
        fn >>= 1;
        sn >>= 1;
      }
      assertThat(sn).isZero();
      assertThat(hash).isEqualTo(root);
    }
  }

  @Test
  void aQueryAMailboxAndADayChooseWhatIsExported() throws Exception {
    assertThat(export(out.resolve("q"), "eml", "--query", "subject:unix")).isZero();
    assertThat(filled.out()).endsWith("exported 1 of 1, identical 1\n");
    assertThat(export(out.resolve("m"), "eml", "--account", "lena", "--mailbox", "Projekte"))
        .isZero();
    assertThat(filled.out()).endsWith("exported 3 of 3, identical 3\n");
    String now = Instant.now().toString();
    Thread.sleep(20);
    filled.add("later", 3, 10);
    assertThat(export(out.resolve("t"), "eml", "--account", "lena", "--as-of", now)).isZero();
    assertThat(filled.out()).endsWith("exported %d of %d, identical %d\n".formatted(ALL, ALL, ALL));
    assertThat(export(out.resolve("x"), "eml", "--query", "from:(")).isEqualTo(2);
    assertThat(export(out.resolve("x"), "tar", "--account", "lena")).isEqualTo(2);
    assertThat(export(out.resolve("x"), "eml", "--account", "nobody")).isEqualTo(2);
    assertThat(out.resolve("x")).doesNotExist();
  }

  @Test
  void asOfADayMembershipAndFlagsAreThoseOfThatDay() throws Exception {
    Map<Long, String> before = flags(out.resolve("before"));
    String then = Instant.now().toString();
    Thread.sleep(20);
    filled.observe("INBOX", "1", "2:3");
    assertThat(before.get(3L)).isNotEqualTo("\\Flagged");

    assertThat(flags(out.resolve("then"), "--as-of", then)).isEqualTo(before).hasSize(8);
    Map<Long, String> now = flags(out.resolve("now"));
    assertThat(now).hasSize(7).doesNotContainKey(1L);
    assertThat(now).containsEntry(2L, "\\Flagged").containsEntry(3L, "\\Flagged");
    assertThat(now).containsEntry(4L, before.get(4L));
    assertThat(flags(out.resolve("gone"), "--with-gone")).containsKey(1L).hasSize(8);
  }

  /// What an export of INBOX has, flags by UID.
  private Map<Long, String> flags(Path to, String... more) throws Exception {
    List<String> options = new ArrayList<>(List.of("--account", "lena", "--mailbox", "INBOX"));
    options.addAll(List.of(more));
    assertThat(export(to, "eml", options.toArray(String[]::new))).as(filled.err()).isZero();
    Map<Long, String> flags = new TreeMap<>();
    for (JsonNode message : manifest(to).path("messages")) {
      List<String> names = new ArrayList<>();
      message.path("flags").forEach(flag -> names.add(flag.asText()));
      flags.put(message.path("uid").asLong(), String.join(" ", names));
    }
    return flags;
  }

  /// On a file system that is really full, of a name space of its own.
  @ParameterizedTest
  @ValueSource(strings = {"eml", "zip"})
  void aFullDiskIsNamedAndItGoesOnWhenThereIsRoom(String format) throws Exception {
    Requires.ownMounts();
    filled.add("large", 1, 3_000_000);
    Path disk = Files.createDirectory(out.resolve("disk"));
    Path to = disk.resolve("export");
    String script =
        """
        disk=$1; to=$2; shift 2
        mount -t tmpfs -o size=2m tmpfs "$disk" || exit 90
        "$@"; echo "full: $?"
        mount -o remount,size=100m "$disk"
        "$@"; echo "room: $?"
        cp -r "$to" "$disk.kept"
        """;
    List<String> words =
        new ArrayList<>(
            List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"));
    words.addAll(List.of(disk.toString(), to.toString()));
    words.addAll(ProgramChild.words(folder.resolve("config.yml"), everything(to, format)));
    Path said = out.resolve("said");
    Process process = ProgramChild.start(words, ProcessBuilder.Redirect.to(said.toFile()));
    String result = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    assertThat(result)
        .as(Files.readString(said))
        .contains("full: 3\n", "exported %d of %d, identical %d\nroom: 0\n".formatted(18, 18, 18));
    assertThat(Files.readString(said)).contains("No space left on device");
    Path kept = out.resolve("disk.kept");
    assertThat(format.equals("eml") ? sums(kept) : entries(kept).size() - 18).isZero();
  }

  @Test
  void aFolderWithSomethingInItIsLeftAlone() throws Exception {
    Files.writeString(out.resolve("mine"), "mine");
    assertThat(export(out, "eml", "--account", "lena")).isEqualTo(2);
    assertThat(filled.err()).contains("not empty");
    assertThat(export(out.resolve("mine"), "eml", "--account", "lena")).isEqualTo(2);
    assertThat(hashes(out)).hasSize(1);
  }

  private ExportOutcome run(ExportFormat format, Path to, BooleanSupplier stopped)
      throws Exception {
    try (Installation open = Installation.openExisting(filled.settings(), line -> {})) {
      Export export =
          new Export(open.archive(), open.catalogue(), Clock.systemUTC(), Progress.NONE, stopped);
      return export.run(
          new ExportRequest(LENA, Selection.EVERYTHING, format), List.of(LENA), null, to);
    }
  }

  @ParameterizedTest
  @EnumSource(ExportFormat.class)
  void cutBehindAnyMessageItGoesOnToTheSame(ExportFormat format) throws Exception {
    Path whole = out.resolve("whole");
    assertThat(run(format, whole, () -> false).complete()).isTrue();
    Path cut = out.resolve("cut");
    for (int after = 0; after < ALL; after++) {
      AtomicInteger calls = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  run(
                      format,
                      cut,
                      () -> {
                        if (calls.incrementAndGet() > 1) {
                          throw new IllegalStateException("cut");
                        }
                        return false;
                      }))
          .hasMessage("cut");
      tear(cut, after);
      if (after == ALL - 2) {
        break;
      }
    }
    filled.add("later", 2, 10);
    ExportOutcome outcome = run(format, cut, () -> false);
    assertThat(outcome.complete()).isTrue();
    assertThat(outcome.planned()).isEqualTo(ALL);
    if (format == ExportFormat.ZIP) {
      assertThat(entries(cut)).isEqualTo(entries(whole));
    } else {
      assertThat(mail(cut)).isEqualTo(mail(whole));
      assertThat(sums(cut)).isZero();
    }
  }

  /// As a crash may leave it: half a line, and octets behind the last message that nobody knows of.
  private static void tear(Path folder, int number) throws IOException {
    Path state = folder.resolve(".muniment-export/lines");
    Files.writeString(state, "{\"box\":0,\"uid\"", StandardOpenOption.APPEND);
    Path zip = folder.resolve("export.zip");
    if (Files.exists(zip)) {
      Files.writeString(zip, "torn".repeat(number), StandardOpenOption.APPEND);
    }
  }

  private static Map<String, Long> entries(Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(folder.resolve("export.zip").toFile())) {
      return new TreeMap<>(
          zip.stream()
              .filter(entry -> entry.getName().startsWith("mail/"))
              .collect(Collectors.toMap(ZipEntry::getName, ZipEntry::getCrc)));
    }
  }

  @Test
  void whatChangedSinceItWasWrittenIsWrittenAgain() throws Exception {
    Path cut = out.resolve("cut");
    AtomicInteger calls = new AtomicInteger();
    ExportOutcome stopped = run(ExportFormat.EML, cut, () -> calls.incrementAndGet() > 6);
    assertThat(stopped.finished()).isFalse();
    Path third =
        cut.resolve(
            new ObjectMapper()
                .readTree(Files.readAllLines(cut.resolve(".muniment-export/lines")).get(2))
                .path("span")
                .path("path")
                .asText());
    Files.writeString(third, "something else");
    assertThat(run(ExportFormat.EML, cut, () -> false).complete()).isTrue();
    assertThat(sums(cut)).isZero();
  }

  @Test
  void whatCannotBeWrittenStopsItUntilItCan() throws Exception {
    Path whole = out.resolve("whole");
    run(ExportFormat.EML, whole, () -> false);
    String fifth = manifest(whole).path("messages").path(4).path("path").asText();
    Path cut = out.resolve("cut");
    assertThatThrownBy(
            () ->
                run(
                    ExportFormat.EML,
                    cut,
                    () -> {
                      cut.resolve(fifth + "/in the way").toFile().mkdirs();
                      return false;
                    }))
        .isInstanceOf(IOException.class);
    Files.delete(cut.resolve(fifth + "/in the way"));
    Files.delete(cut.resolve(fifth));
    assertThat(run(ExportFormat.EML, cut, () -> false).complete()).isTrue();
    assertThat(mail(cut)).isEqualTo(mail(whole));
  }

  @ParameterizedTest
  @EnumSource(ExportFormat.class)
  void aDamagedMessageIsAnExceptionAndCostsNoOther(ExportFormat format) throws Exception {
    FilledInstallation damaged = new FilledInstallation(Files.createDirectory(out.resolve("data")));
    damaged.add("INBOX", 1, 10);
    damaged.add("Large", 1, 300_000);
    damaged.add("Sent", 1, 10);
    assertThat(damaged.run("seal", "--retire")).as(damaged.err()).isZero();
    damaged.damage("segments/0000000001");
    Path to = out.resolve("to");
    assertThat(damaged.run(everything(to, format.toString().toLowerCase(Locale.ROOT))))
        .isEqualTo(1);
    assertThat(damaged.out()).endsWith("exported 2 of 3, identical 2\n");
    assertThat(damaged.err()).contains("UID 1 of lena: the message cannot be read");
  }

  @Test
  void killedItGoesOnAndMemoryStaysSmall() throws Exception {
    filled.add("large", 1, 40_000_000);
    filled.add("many", IntStream.range(0, 3_000).mapToObj(i -> mail(i)));
    Path to = out.resolve("killed");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int exit = -1;
    for (int round = 0; exit != 0; round++) {
      assertThat(round).as("seed " + seed).isLessThan(12);
      Process child =
          ProgramChild.start(
              List.of(),
              folder.resolve("config.yml"),
              ProcessBuilder.Redirect.INHERIT,
              everything(to, "zip"));
      boolean killed = round < 4;
      if (killed && !child.waitFor(1_500 + random.nextInt(2_500), TimeUnit.MILLISECONDS)) {
        child.destroyForcibly();
      }
      exit = child.waitFor();
    }
    try (ZipFile zip = new ZipFile(to.resolve("export.zip").toFile())) {
      assertThat(zip.size()).as("seed " + seed).isEqualTo(ALL + 3_001 + 4);
    }
  }

  private static Octets mail(int number) {
    return Octets.of(
        (HEAD + number + "\r\n\r\n" + "word ".repeat(number) + "\r\n").getBytes(UTF_8));
  }
}
