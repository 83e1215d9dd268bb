package org.muniment.server.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.health.HealthCheck;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.config.TargetConfig;

class PublicationIT {

  @TempDir private Path data;
  private LoggedArchive archive;

  @BeforeEach
  void open() throws Exception {
    archive = new LoggedArchive(data);
  }

  @AfterEach
  void close() throws Exception {
    archive.close();
  }

  /// On the file system of the archive.
  private FolderTarget inside() throws Exception {
    Path folder = Files.createDirectories(data.resolve("sent"));
    return new FolderTarget(new TargetConfig.Folder(folder), archive.directory());
  }

  @Test
  void whatIsSentIsKeptInTheArchive() throws Exception {
    try (WebHook hook = new WebHook(200);
        Publication publication = archive.publication(hook.target())) {
      assertThat(publication.publishDue())
          .singleElement()
          .satisfies(
              delivery -> {
                assertThat(delivery.arrived()).isTrue();
                assertThat(delivery.outside()).isTrue();
                assertThat(delivery.size()).isEqualTo(1);
              });
      assertThat(archive.kept(1)).hasContent(hook.bodies().getFirst());
    }
  }

  @Test
  void nothingIsSentThatIsNotKept() throws Exception {
    try (WebHook hook = new WebHook(200);
        Publication publication = archive.publication(hook.target())) {
      Files.createDirectories(archive.kept(1).getParent());
      Files.writeString(archive.kept(1), "another checkpoint");

      assertThatThrownBy(publication::publishAll).isInstanceOf(CorruptArchiveException.class);
      assertThat(hook.bodies()).isEmpty();
      assertThat(archive.standing(hook.target()).trouble()).contains("log/checkpoints/1");
    }
  }

  @Test
  void aTargetThatHasItIsLeftAloneUntilTheLogGrowsOrHalfADayIsOver() throws Exception {
    try (WebHook hook = new WebHook(200);
        Publication publication = archive.publication(hook.target())) {
      publication.publishDue();
      archive.forward(Publication.AGAIN.minusSeconds(1));
      assertThat(publication.publishDue()).isEmpty();

      archive.grow();
      assertThat(publication.publishDue()).extracting(Delivery::size).containsExactly(2L);

      archive.forward(Publication.AGAIN);
      assertThat(publication.publishDue()).extracting(Delivery::size).containsExactly(2L);
      assertThat(hook.bodies()).hasSize(3);
      assertThat(publication.publishAll()).hasSize(1);
      assertThat(hook.bodies()).hasSize(4);
    }
  }

  @Test
  void anIdleLogStaysConfirmed() throws Exception {
    try (WebHook hook = new WebHook(200);
        Publication publication = archive.publication(hook.target())) {
      for (int hour = 0; hour < 100; hour++) {
        publication.publishDue();
        assertThat(archive.health(hook.target()).execute().isHealthy()).isTrue();
        archive.forward(Duration.ofHours(1));
      }
      assertThat(hook.bodies()).hasSizeBetween(4, 9);
    }
  }

  @Test
  void aTargetThatFailsCostsNoOtherAndIsTriedAgain() throws Exception {
    try (WebHook broken = new WebHook(500);
        WebHook good = new WebHook(200);
        Publication publication = archive.publication(broken.target(), good.target())) {
      assertThat(publication.publishDue())
          .extracting(Delivery::failure)
          .containsExactly("answered 500", "");
      assertThat(archive.standing(broken.target()).trouble()).isEqualTo("answered 500");

      broken.answer(200);
      assertThat(publication.publishDue())
          .extracting(Delivery::target)
          .containsExactly(broken.target().name());
      assertThat(archive.standing(broken.target()).trouble()).isEmpty();
      assertThat(publication.publishDue()).isEmpty();
    }
  }

  @Test
  void aTargetThatCannotBeUsedFailsWithTheReasonAndCostsNoOther() throws Exception {
    Target unusable =
        Target.of(
            new TargetConfig.Unusable("publish[0]", "the environment variable KEY is not set"),
            archive.directory());
    try (WebHook good = new WebHook(200);
        Publication publication = archive.publication(unusable, good.target())) {
      assertThat(publication.publishDue())
          .extracting(Delivery::failure)
          .containsExactly("the environment variable KEY is not set", "");
      HealthCheck.Result health = archive.health(unusable, good.target()).execute();
      assertThat(health.isHealthy()).isTrue();
      assertThat(health.getMessage())
          .contains("publish[0]: nothing confirmed yet; last attempt: the environment variable KEY")
          .contains("1 log entries confirmed");
      assertThat(archive.health(unusable).execute().isHealthy()).isFalse();
    }
  }

  @Test
  void aFailureWithoutWordsIsToldByItsKind() {
    assertThat(Publication.words(new ClosedByInterruptException()))
        .isEqualTo("ClosedByInterruptException");
    assertThat(Publication.words(new IOException(" "))).isEqualTo("IOException");
  }

  @Test
  void aTargetThatHangsHasADeadlineAndCostsNoOther() throws Exception {
    try (WebHook hanging = new WebHook(WebHook.HANG);
        WebHook good = new WebHook(200);
        Publication publication =
            archive.publication(Duration.ofSeconds(2), hanging.target(), good.target())) {
      assertThat(publication.publishDue())
          .extracting(Delivery::failure)
          .containsExactly("did not take it within 2 s", "");
      assertThat(hanging.bodies()).hasSize(1);
    }
  }

  @Test
  void aTargetThatCannotBeBrokenOffIsNotSentToTwiceAtOnce() throws Exception {
    try (MailServer silent = new MailServer(Map.of("EHLO", ""))) {
      MailTarget target =
          new MailTarget(
              new TargetConfig.Mail(
                  List.of("a@example.org"),
                  "m@example.com",
                  "127.0.0.1",
                  silent.port(),
                  SourceConfig.Security.NONE,
                  null,
                  null),
              Duration.ofSeconds(4));
      try (Publication publication = archive.publication(Duration.ofSeconds(1), target)) {
        assertThat(publication.publishDue().getFirst().failure()).contains("within 1 s");
        assertThat(publication.publishDue().getFirst().failure())
            .contains("does not let go of the attempt before");
      }
      assertThat(silent.commands()).hasSize(1);
    }
  }

  @Test
  void aFolderBesideTheArchiveIsPublishedToAndConfirmsNothing() throws Exception {
    try (Publication publication = archive.publication(inside())) {
      assertThat(publication.publishDue())
          .singleElement()
          .satisfies(
              delivery -> {
                assertThat(delivery.arrived()).isTrue();
                assertThat(delivery.outside()).isFalse();
                assertThat(delivery.words()).contains("the archive's own file system");
              });
      assertThat(inside().config().path().resolve("test.example_log-1")).exists();
      assertThat(archive.standing(inside()).confirmation()).isNull();
      assertThat(archive.health(inside()).execute().isHealthy()).isFalse();
    }
  }

  @Test
  void whatConfirmedOutlivesTheProgram() throws Exception {
    try (WebHook hook = new WebHook(200)) {
      try (Publication publication = archive.publication(hook.target())) {
        publication.publishDue();
      }
      try (Publication again = archive.publication(hook.target())) {
        assertThat(again.publishDue()).isEmpty();
      }
    }
  }

  @Test
  void healthWarnsUntilATargetOutsideHasConfirmedAndWhenNoneDidForADay() throws Exception {
    try (WebHook hook = new WebHook(500);
        Publication publication = archive.publication(hook.target(), inside())) {
      PublicationHealth health = archive.health(hook.target(), inside());
      assertThat(health.execute().getMessage()).contains("yet").contains("nothing confirmed yet");

      publication.publishDue();
      assertThat(health.execute().isHealthy()).isFalse();
      assertThat(health.execute().getMessage())
          .contains("no target outside has confirmed a checkpoint yet")
          .contains("answered 500")
          .contains("own file system");

      hook.answer(200);
      publication.publishDue();
      assertThat(health.execute().isHealthy()).isTrue();
      assertThat(health.execute().getMessage()).contains("1 log entries confirmed at 2026-03-01");

      hook.answer(503);
      archive.forward(Standing.ALIVE.minusSeconds(1));
      publication.publishDue();
      assertThat(health.execute().isHealthy()).isTrue();

      archive.forward(Duration.ofSeconds(1));
      assertThat(health.execute().isHealthy()).isFalse();
      assertThat(health.execute().getMessage())
          .contains("for 24 hours")
          .contains("answered 503")
          .contains("confirmed at 2026-03-01");
    }
  }

  @Test
  void withoutATargetHealthSaysWhatToDo() {
    assertThat(archive.health().execute().isHealthy()).isFalse();
    assertThat(archive.health().execute().getMessage()).contains("publish: in config.yml");
  }
}
