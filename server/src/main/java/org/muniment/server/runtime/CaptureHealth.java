package org.muniment.server.runtime;

import com.codahale.metrics.health.HealthCheck;
import java.util.List;
import java.util.stream.Collectors;
import org.muniment.server.capture.CaptureService;
import org.muniment.server.capture.Pause;

/// Warns while an account is not complete, and says what is missing, in the words of its source,
/// and when it is tried again.
final class CaptureHealth extends HealthCheck {

  private final CaptureService service;

  CaptureHealth(CaptureService service) {
    this.service = service;
  }

  @Override
  protected Result check() {
    List<CaptureService.Status> all = service.lastRuns();
    List<CaptureService.Status> lacking =
        all.stream().filter(status -> !status.standing().complete()).toList();
    return lacking.isEmpty()
        ? Result.healthy("%d accounts are complete", all.size())
        : Result.unhealthy(
            "%s", lacking.stream().map(CaptureHealth::words).collect(Collectors.joining(" | ")));
  }

  private static String words(CaptureService.Status status) {
    Pause hold = status.hold();
    return status.account()
        + ": "
        + status.standing().words()
        + (hold == null ? "" : "; next try at " + hold.until());
  }
}
