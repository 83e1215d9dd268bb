package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.muniment.server.job.JobState;

/// A job as it stands.
///
/// @param state `running`, `done` or `failed`
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobJson(
    String id,
    String kind,
    String subject,
    String state,
    String started,
    @Nullable String ended,
    @Nullable Object progress,
    @Nullable Object result,
    @Nullable String problem) {

  static JobJson of(JobState job) {
    return new JobJson(
        job.id(),
        job.kind(),
        job.subject(),
        Parameters.lower(job.phase()),
        job.started().toString(),
        job.ended() == null ? null : job.ended().toString(),
        job.progress(),
        job.result(),
        job.problem());
  }
}
