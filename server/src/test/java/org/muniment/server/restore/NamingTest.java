package org.muniment.server.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidValidity;
import org.muniment.indexer.catalog.Counts;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.server.capture.imap.ImapTargetSession.Style;

class NamingTest {

  private static final Counts NONE = new Counts(0, 0, 0);

  private static final Style SLASH = new Style("", "/");

  @Test
  void levelsGetTheDelimiterAndThePrefixOfTheTarget() {
    assertThat(octets(new Style("INBOX.", "."), Map.of(), "INBOX", "Work/2024", "v1.2"))
        .containsExactly("INBOX", "INBOX.Work.2024", "INBOX.v1_2");
  }

  @Test
  void aTargetWithFlatNamesGetsFlatNames() {
    assertThat(octets(new Style("", ""), Map.of(), "a/b", "c")).containsExactly("a_b", "c");
  }

  @Test
  void namesThatBecomeTheSameAreKeptApart() {
    assertThat(octets(new Style("", "_"), Map.of(), "a/b", "a_b", "a-b"))
        .containsExactly("a_b", "a-b", "a-b (2)");
    assertThat(octets(SLASH, Map.of(), "a*", "a%", "a_")).containsExactly("a_", "a_ (2)", "a_ (3)");
  }

  @Test
  void mailboxesOfOneNameAndThoseMappedToOneComeTogether() {
    assertThat(octets(SLASH, Map.of("Old", "INBOX"), "INBOX", "Old", "Same", "Same"))
        .containsExactly("INBOX", "INBOX", "Same", "Same");
  }

  @Test
  void theLongestNameOfTheMapCounts() {
    assertThat(
            octets(
                SLASH,
                Map.of("Work", "Job", "Work/2024", "Archive/24"),
                "Work",
                "Work/2023",
                "Work/2024/May",
                "Workshop"))
        .containsExactly("Job", "Job/2023", "Archive/24/May", "Workshop");
  }

  @Test
  void aSourceThatHasEverythingBelowInboxIsTakenOutOfIt() {
    assertThat(octets(SLASH, Map.of(), "INBOX", "INBOX/Sent", "INBOX/Work/2024"))
        .containsExactly("INBOX", "Sent", "Work/2024");
    assertThat(octets(SLASH, Map.of(), "INBOX", "INBOX/Sent", "Work"))
        .containsExactly("INBOX", "INBOX/Sent", "Work");
  }

  @Test
  void otherAlphabetsAreModifiedUtf7() {
    assertThat(octets(SLASH, Map.of(), "Entwürfe & mehr/日本語"))
        .containsExactly("Entw&APw-rfe &- mehr/&ZeVnLIqe-");
  }

  private static List<String> octets(Style style, Map<String, String> map, String... names) {
    List<Mailbox> mailboxes = new ArrayList<>(Stream.of(names).map(NamingTest::mailbox).toList());
    Map<MailboxId, TargetName> named = new Naming(style, map).names(mailboxes);
    return mailboxes.stream()
        .map(mailbox -> Objects.requireNonNull(named.get(mailbox.id())).octets(style))
        .toList();
  }

  private static Mailbox mailbox(String name) {
    return new Mailbox(
        1,
        MailboxId.random(new SecureRandom()),
        new AccountName("lena"),
        SourceText.of(name),
        "/",
        Set.of(),
        true,
        "",
        true,
        new UidValidity(1),
        1,
        0,
        0,
        0,
        NONE,
        NONE,
        -1);
  }
}
