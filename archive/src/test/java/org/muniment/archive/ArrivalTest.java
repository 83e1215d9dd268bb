package org.muniment.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.archive.Samples.KEYS;
import static org.muniment.archive.Samples.append;
import static org.muniment.archive.Samples.entries;
import static org.muniment.archive.Samples.inbox;
import static org.muniment.archive.Samples.message;
import static org.muniment.archive.Samples.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.store.StoreUnavailableException;

class ArrivalTest {

  @TempDir Path folder;
  private Archive archive;
  private ArchiveWriter writer;
  private MailboxId inbox;

  @BeforeEach
  void open() throws IOException {
    archive = Archive.create(folder.resolve("archive"), "test.example/archive", KEYS);
    writer = archive.writer(new MapIndex());
    inbox = inbox(writer);
  }

  private Event.Placement place(Arrival arrival, long uid) throws IOException {
    return writer.append(
        arrival,
        Samples.ALICE,
        inbox,
        new Event.SourceUid(new UidValidity(7), new Uid(uid)),
        Samples.INTERNAL_DATE,
        Set.of(),
        Samples.PROVENANCE);
  }

  @Test
  void messagesPreparedTogetherStandInTheOrderInWhichTheyWereAppended() throws IOException {
    List<byte[]> messages = new ArrayList<>();
    messages.add(random(3 << 20));
    for (int i = 0; i < 200; i++) {
      messages.add(message(i));
    }
    List<Arrival> arrivals = new ArrayList<>();
    for (byte[] octets : messages) {
      arrivals.add(writer.prepare(Octets.of(octets)));
    }
    for (int i = 0; i < arrivals.size(); i++) {
      assertThat(place(arrivals.get(i), i + 1).uid()).isEqualTo(new Uid(i + 1));
    }
    writer.commit();
    List<byte[]> archived = new ArrayList<>();
    for (Entry entry : entries(archive)) {
      if (entry.event() instanceof Event.Placement) {
        archived.add(read(archive, entry));
      }
    }
    assertThat(archived).usingElementComparator(java.util.Arrays::compare).isEqualTo(messages);
  }

  @Test
  void copiesThatArePreparedAtTheSameTimeAreStoredOnce() throws IOException {
    byte[] octets = random(2 << 20);
    List<Arrival> copies = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      copies.add(writer.prepare(Octets.of(octets)));
    }
    copies.forEach(Arrival::join);
    for (int i = 0; i < copies.size(); i++) {
      place(copies.get(i), i + 1);
    }
    writer.commit();
    assertThat(archive.storage().unsealed().octets()).isLessThan(3 << 20);
    assertThat(entries(archive).stream().map(Entry::location).distinct().count()).isEqualTo(2);
  }

  @Test
  void octetsThatCannotBeReadFailAtTheirTurnAndCostNothingElse() throws IOException {
    Arrival first = writer.prepare(Octets.of(message(1)));
    Arrival broken = writer.prepare(new Unreadable());
    Arrival last = writer.prepare(Octets.of(message(2)));
    place(first, 1);
    assertThatThrownBy(() -> place(broken, 2)).isInstanceOf(IOException.class).hasMessage("gone");
    assertThat(place(last, 3).uid()).isEqualTo(new Uid(2));
    writer.commit();
    append(writer, inbox, 4, message(3));
    writer.commit();
  }

  @Test
  void aClosedWriterPreparesNothing() throws IOException {
    writer.close();
    assertThatThrownBy(() -> writer.prepare(Octets.of(message(1))))
        .isInstanceOf(StoreUnavailableException.class);
  }

  private static byte[] random(int length) {
    byte[] octets = new byte[length];
    new Random(length).nextBytes(octets);
    return octets;
  }

  private static final class Unreadable implements Octets {
    @Override
    public long length() {
      return 10;
    }

    @Override
    public InputStream open() throws IOException {
      throw new IOException("gone");
    }
  }
}
