package org.muniment.archive.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void whatADamagedFileSaysIsShortAndDoesNothingToATerminal() {
    Report.Finding finding =
        new Report.Finding(
            "keys/a\u001b[2J",
            -1,
            null,
            null,
            "an event",
            "\ud800\n" + "\ud83d\ude00".repeat(1 << 20));
    assertThat(finding.text())
        .startsWith("keys/a?[2J: expected an event, found ??\ud83d\ude00")
        .hasSizeLessThan(2_100)
        .doesNotContain("\n");
    Report report = new Report(null, new Report.Counts(0, 0, 0, 0, 0), List.of(finding), List.of());
    assertThat(new String(report.json(), UTF_8)).contains("an event");
  }

  @Test
  void notesAreCutLikeFindings() {
    Findings findings = new Findings();
    findings.note("\ud800" + "x".repeat(2_000));
    assertThat(findings.notes()).singleElement().asString().startsWith("?x").hasSize(1_000);
  }
}
