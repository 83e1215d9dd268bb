package org.muniment.indexer.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.mail;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.document.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.MailboxId;
import org.muniment.indexer.LiveArchive;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages.Structured;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.mail.PartPath;

class MessageDocumentTest {

  @TempDir Path directory;

  @Test
  void aDamagedMessageIsFoundByWhatTheCatalogueKnows() throws Exception {
    try (LiveArchive live = new LiveArchive(directory)) {
      MailboxId inbox = live.mailbox(ALICE, "INBOX");
      live.add(inbox, mail("anna@example.com", "turnover", "one"));
      live.settle();
      Message message = message(live, 0);
      Message lost =
          new Message(
              0,
              ContentId.of(new byte[ContentId.LENGTH]),
              message.length(),
              message.location(),
              message.leaf(),
              message.internalDate(),
              message.sentDate(),
              false,
              message.subject(),
              message.from(),
              message.to());
      Document document =
          MessageDocument.of(
                  new Structured(lost, live.catalogue().messages().structure(0)),
                  live.archive(),
                  Attachments.NONE)
              .document();
      assertThat(document.getValues(Fields.STATUS)).containsExactly(MessageDocument.UNREADABLE);
      assertThat(document.get(Fields.GRAM)).isEqualTo(Fields.GRAMLESS);
      assertThat(document.get(Fields.SUBJECT)).isEqualTo("turnover");
      assertThat(document.get(Fields.FROM)).contains("anna@example.com");
    }
  }

  @Test
  void keptTextThatCannotBeReadIsNotKnown() throws Exception {
    try (LiveArchive live = new LiveArchive(directory)) {
      live.add(live.mailbox(ALICE, "INBOX"), mail("anna@example.com", "turnover", "one"));
      live.settle();
      KeptText kept = KeptText.open(directory.resolve("text"), RootKeys.NONE);
      Attachments attachments = Attachments.of(kept, "1");
      kept.close();
      assertThat(
              attachments
                  .known(message(live, 0).content())
                  .orElseThrow()
                  .document(PartPath.MESSAGE.child(1), 0))
          .isEmpty();
    }
  }

  private static Message message(LiveArchive live, int number) {
    return Objects.requireNonNull(live.catalogue().messages().find(List.of(number)).get(number));
  }
}
