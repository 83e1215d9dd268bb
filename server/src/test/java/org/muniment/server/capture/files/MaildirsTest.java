package org.muniment.server.capture.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaildirsTest {

  private static final Instant TIME = Instant.parse("2011-02-03T04:05:06Z");

  @TempDir Path folder;
  private Path temporary;
  private Path maildir;

  @BeforeEach
  void make() throws IOException {
    temporary = Files.createDirectory(folder.resolve("temporary"));
    maildir = Files.createDirectory(folder.resolve("Maildir"));
  }

  @Test
  void flagsAndTimeComeFromTheFile() throws Exception {
    add("cur/1.M1P1.host,S=99,W=100:2,DFPRST", "Subject: a\n\none");
    Files.writeString(maildir.resolve("dovecot-keywords"), "0 work\n1 $Junk\n2 bad(\n99 x\n");
    add("cur/2.M1P1.host:2,Sabcdx", "two");
    add("new/3.M1P1.host", "three");
    add("tmp/4.M1P1.host", "never read");
    Collected found = read();
    assertThat(found.octets()).containsExactlyInAnyOrder("Subject: a\n\none", "two", "three");
    assertThat(flags(found, "Subject: a\n\none"))
        .containsExactlyInAnyOrder(
            "\\Draft", "\\Flagged", "$Forwarded", "\\Answered", "\\Seen", "\\Deleted");
    assertThat(flags(found, "two")).containsExactlyInAnyOrder("\\Seen", "work", "$Junk");
    assertThat(flags(found, "three")).isEmpty();
    assertThat(found.messages).allMatch(message -> message.date().equals(TIME));
    assertThat(found.messages).allMatch(message -> message.mailbox().equals("INBOX"));
    assertThat(found.failed).isEmpty();
  }

  @Test
  void foldersOfMaildirPlusPlusAreMailboxesAsAServerShowsThem() throws Exception {
    add("cur/1:2,", "a");
    add(".Sent.2024/cur/1:2,", "b");
    add(".&ANw-bersicht/new/1", "c");
    add("Shared/Team/cur/1:2,", "d");
    add("Shared/Team/.Sub.Low/cur/1:2,", "e");
    Files.createDirectories(maildir.resolve(".Empty/cur"));
    Collected found = read();
    assertThat(found.byMailbox())
        .containsOnlyKeys(
            "INBOX", "Sent.2024", "\u00dcbersicht", "Shared/Team", "Shared/Team/Sub/Low");
    assertThat(found.messages.stream().filter(m -> m.delimiter().equals(".")).count()).isEqualTo(2);
  }

  @Test
  void aFolderWithoutAMaildirIsRefused() throws Exception {
    Files.writeString(maildir.resolve("file"), "x");
    assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("Maildir");
  }

  @Test
  void linksAreNotFollowed() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    add("cur/1:2,", "a");
    Files.createSymbolicLink(maildir.resolve("cur/2:2,"), secret);
    Files.createSymbolicLink(maildir.resolve(".Link"), maildir.resolve("cur"));
    Collected found = read();
    assertThat(found.octets()).containsExactly("a");
    assertThat(found.skipped).containsExactly(".Link", "cur/2:2,");
  }

  @Test
  void aMessageThatIsMovedMeanwhileIsReadOnceAndOneThatIsRemovedIsTold() throws Exception {
    add("new/1.a", "first");
    add("new/2.b", "second");
    add("new/3.c", "third");
    add("cur/4.d:2,", "fourth");
    Collected found = new Collected();
    MailFiles.at(maildir, ImportFormat.MAILDIR, temporary)
        .read(
            new Forwarding(found) {
              @Override
              public void message(FileMessage message) throws IOException {
                super.message(message);
                if (found.messages.size() == 1) {
                  Files.move(maildir.resolve("new/1.a"), maildir.resolve("cur/1.a:2,S"));
                  Files.move(maildir.resolve("new/2.b"), maildir.resolve("cur/2.b:2,S"));
                  Files.delete(maildir.resolve("new/3.c"));
                } else if (found.messages.size() == 2) {
                  Files.move(maildir.resolve("cur/4.d:2,"), maildir.resolve("cur/4.d:2,F"));
                }
              }
            });
    assertThat(found.octets()).containsExactlyInAnyOrder("first", "second", "fourth");
    assertThat(found.vanished).containsExactly("new/3.c");
    assertThat(found.failed).isEmpty();
  }

  @Test
  void tenThousandFoldersAreTenThousandMailboxes() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      Path new0 = Files.createDirectories(maildir.resolve(".f" + i + "/new"));
      Files.writeString(new0.resolve("1"), "m" + i);
    }
    assertThat(read().byMailbox()).hasSize(10_000);
  }

  @Test
  void aFolderThatLiesTooDeepIsTold() throws Exception {
    Path deep = maildir;
    for (int i = 0; i < 80; i++) {
      deep = deep.resolve("d");
    }
    Files.createDirectories(deep.resolve("cur"));
    add("cur/1:2,", "a");
    assertThat(read().failed).singleElement().asString().contains("folders deep");
  }

  private static List<String> flags(Collected found, String octets) {
    return found.messages.stream()
        .filter(message -> message.octets().equals(octets))
        .flatMap(message -> message.flags().stream())
        .toList();
  }

  private void add(String name, String octets) throws IOException {
    Path file = maildir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, octets);
    Files.setLastModifiedTime(file, FileTime.from(TIME));
  }

  private Collected read() throws IOException {
    return Collected.of(ImportFormat.MAILDIR, maildir, temporary);
  }

  /// Hands on everything.
  private static class Forwarding implements FileReceiver {
    private final FileReceiver to;

    Forwarding(FileReceiver to) {
      this.to = to;
    }

    @Override
    public void message(FileMessage message) throws IOException {
      to.message(message);
    }

    @Override
    public void failed(FilePlace place, String reason) throws IOException {
      to.failed(place, reason);
    }

    @Override
    public void vanished(FilePlace place) throws IOException {
      to.vanished(place);
    }

    @Override
    public void skipped(FilePlace place) throws IOException {
      to.skipped(place);
    }

    @Override
    public void at(long octets) throws IOException {
      to.at(octets);
    }
  }
}
