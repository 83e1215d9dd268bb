package org.muniment.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
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
        List<CaptureOutcome> outcomes = installation.openCapture().run(names, CaptureProgress.NONE);
        assertThat(outcomes).hasSize(2).allMatch(CaptureOutcome::complete);
        return outcomes.stream()
            .mapToLong(outcome -> ((CaptureOutcome.Finished) outcome).messages())
            .sum();
      }
    }
  }

  @Test
  void theSamplesAreTheSameEveryTimeAndHaveWhatTheyPromise() {
    Map<String, Map<String, List<SampleMail.Mail>>> one = SampleMail.accounts();
    Map<String, Map<String, List<SampleMail.Mail>>> two = SampleMail.accounts();
    String all = "";
    for (String account : one.keySet()) {
      assertThat(text(one.get(account))).isEqualTo(text(two.get(account)));
      all += text(one.get(account));
    }
    assertThat(all)
        .contains("application/pdf", "application/zip", "wordprocessingml", "text/html")
        .contains("message/rfc822", "List-Id:", "In-Reply-To:", "never-closed");
    assertThat(one.keySet()).hasSize(2);
    assertThat(all.split("<twin.1@", -1)).hasSize(3);
  }

  private static String text(Map<String, List<SampleMail.Mail>> mailboxes) {
    StringBuilder text = new StringBuilder();
    mailboxes.forEach(
        (name, mails) ->
            mails.forEach(
                mail ->
                    text.append(name)
                        .append(mail.internalDate())
                        .append(new String(mail.octets(), StandardCharsets.UTF_8))));
    return text.toString();
  }

  @Test
  void aPdfPointsAtItsObjects() {
    String pdf = new String(Attachments.pdf(List.of("a (b)", "c\\d")), StandardCharsets.US_ASCII);
    int table = Integer.parseInt(pdf.substring(pdf.lastIndexOf("startxref\n") + 10).split("\n")[0]);
    assertThat(pdf.substring(table)).startsWith("xref\n0 6\n");
    List<String> rows = Arrays.asList(pdf.substring(table).split("\n"));
    for (int object = 1; object <= 5; object++) {
      int offset = Integer.parseInt(rows.get(2 + object).substring(0, 10));
      assertThat(pdf.substring(offset)).startsWith(object + " 0 obj");
    }
  }
}
