package org.muniment.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.CaptureOutcome;
import org.muniment.server.capture.CaptureProgress;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.Installation;

class DemoIT {

  @TempDir Path folder;

  @Test
  void theSecondStartFindsNothingNew() throws Exception {
    long messages =
        SampleMail.accounts().values().stream()
            .flatMap(mailboxes -> mailboxes.values().stream())
            .mapToLong(List::size)
            .sum();
    assertThat(messages).isGreaterThanOrEqualTo(300);
    assertThat(capture()).isEqualTo(messages);
    assertThat(capture()).isZero();
  }

  private long capture() throws Exception {
    try (DemoServer source = DemoServer.start()) {
      Settings settings = Main.settings(folder, source);
      try (Installation installation = Installation.open(settings, line -> {})) {
        Main.addUsers(installation.users(), source.accounts());
        Set<AccountName> names =
            settings.accounts().stream().map(AccountConfig::name).collect(Collectors.toSet());
        List<CaptureOutcome> outcomes =
            installation.openWriter().capture().run(names, CaptureProgress.NONE);
        assertThat(outcomes).hasSize(2).allMatch(CaptureOutcome::complete);
        return outcomes.stream()
            .mapToLong(outcome -> ((CaptureOutcome.Finished) outcome).messages())
            .sum();
      }
    }
  }

  @Test
  void theSamplesAreTheSameEveryTimeAndHaveWhatTheyPromise() {
    String all = text();
    assertThat(all).isEqualTo(text());
    assertThat(all)
        .contains("application/pdf", "application/zip", "wordprocessingml", "text/html")
        .contains("message/rfc822", "List-Id:", "In-Reply-To:", "never-closed");
    assertThat(SampleMail.accounts()).hasSize(2);
    assertThat(all.split("<twin.1@", -1)).hasSize(3);
  }

  private static String text() {
    StringBuilder text = new StringBuilder();
    for (Map<String, List<SampleMail.Mail>> mailboxes : SampleMail.accounts().values()) {
      mailboxes.forEach(
          (name, mails) ->
              mails.forEach(
                  mail ->
                      text.append(name)
                          .append(mail.internalDate())
                          .append(new String(mail.octets(), StandardCharsets.UTF_8))));
    }
    return text.toString();
  }

  @Test
  void aPdfPointsAtItsObjects() {
    String pdf = new String(Attachments.pdf(List.of("a (b)", "c\\d")), StandardCharsets.US_ASCII);
    int table =
        Integer.parseInt(
            pdf.substring(pdf.lastIndexOf("startxref\n") + 10).lines().findFirst().orElse(""));
    assertThat(pdf.substring(table)).startsWith("xref\n0 6\n");
    List<String> rows = pdf.substring(table).lines().toList();
    for (int object = 1; object <= 5; object++) {
      int offset = Integer.parseInt(rows.get(2 + object).substring(0, 10));
      assertThat(pdf.substring(offset)).startsWith(object + " 0 obj");
    }
  }
}
