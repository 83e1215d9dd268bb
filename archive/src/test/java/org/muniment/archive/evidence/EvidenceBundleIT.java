package org.muniment.archive.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.MapIndex;
import org.muniment.archive.content.Octets;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;

/// The judge is a shell that runs the lines of the bundle's own README.
class EvidenceBundleIT {

  private static final AccountName ALICE = new AccountName("alice");
  private static final int MESSAGES = 300;

  @TempDir Path folder;
  private Path bundle;

  @BeforeEach
  void write() throws IOException {
    Archive archive =
        Archive.create(folder.resolve("archive"), "evidence.example/mail", RootKeys.NONE);
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      MailboxId inbox = writer.createMailbox(ALICE, SourceText.of("INBOX"), "/", Set.of()).id();
      for (int i = 1; i <= MESSAGES; i++) {
        writer.append(
            Octets.of(message(i)),
            ALICE,
            inbox,
            new Event.SourceUid(new UidValidity(1), new Uid(i)),
            Instant.EPOCH,
            Set.of(SourceText.of("\",\"content\":\"00")),
            new Event.Provenance("imap", "mail.example", "alice"));
      }
      writer.commit();
    }
    bundle = Files.createDirectory(folder.resolve("bundle"));
    EvidenceBundle.write(
        archive.evidence(137),
        new ByteArrayInputStream(message(137)),
        name -> Files.newOutputStream(bundle.resolve(name)));
  }

  @Test
  void theLinesOfTheReadmeCheckTheMessage() throws Exception {
    List<String> out = shell();
    assertThat(out).hasSize(7);
    assertThat(out.get(0)).startsWith(out.get(1)).hasSizeGreaterThan(64);
    assertThat(out.get(2)).startsWith(out.get(3)).hasSizeGreaterThan(64);
    assertThat(out.get(4)).isEqualTo(out.get(5)).hasSize(44);
    assertThat(out.get(6)).isEqualTo("Signature Verified Successfully");
  }

  @Test
  void whateverIsChangedIsSeenInTheLineThatChecksIt() throws Exception {
    change("message.eml");
    change("event.json");
    change("blind");
    change("leaf.json");
    change("inclusion-proof");
    change("checkpoint.text");
    change("checkpoint.signature");
  }

  private void change(String file) throws Exception {
    byte[] octets = Files.readAllBytes(bundle.resolve(file));
    byte[] changed = octets.clone();
    // A digit of a hash stays a digit.
    changed[changed.length - 3] = (byte) (changed[changed.length - 3] == '1' ? '2' : '1');
    Files.write(bundle.resolve(file), changed);
    List<String> out = shell();
    boolean seen =
        !out.get(0).startsWith(out.get(1))
            || !out.get(2).startsWith(out.get(3))
            || !out.get(4).equals(out.get(5))
            || !out.getLast().equals("Signature Verified Successfully");
    assertThat(seen).as(file).isTrue();
    Files.write(bundle.resolve(file), octets);
  }

  /// Runs the lines of the README that are indented by five: its commands.
  private List<String> shell() throws Exception {
    String commands =
        Files.readAllLines(bundle.resolve("README.txt")).stream()
            .filter(line -> line.startsWith("     "))
            .map(line -> line + "\n")
            .collect(Collectors.joining());
    Path script = Files.writeString(folder.resolve("check.sh"), commands);
    Process process =
        new ProcessBuilder("bash", script.toString())
            .directory(bundle.toFile())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return out.lines().toList();
  }

  private static byte[] message(int number) {
    return ("Subject: " + number + "\r\n\r\nwords\r\n").getBytes(UTF_8);
  }
}
