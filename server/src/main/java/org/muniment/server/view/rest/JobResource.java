package org.muniment.server.view.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.muniment.server.access.User;
import org.muniment.server.job.Job;
import org.muniment.server.job.JobState;
import org.muniment.server.job.Jobs;

/// Jobs, each for who started it: as they stand, or as they go on (server-sent events, HTML section
/// 9.2).
@Path("/api/v1/jobs")
public final class JobResource {

  /// For who asks for it alone.
  private static final String EVENTS = "text/event-stream;qs=0.1";

  /// Listeners at the same time: each holds a thread.
  private static final int MOST_LISTENERS = 50;

  /// After this long without news a listener is told that there is none, which shows whether it is
  /// still there.
  private static final Duration SILENCE = Duration.ofSeconds(15);

  /// Events come no closer than this.
  private static final Duration BREATH = Duration.ofMillis(200);

  /// After this long a listener has to come again.
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Jobs jobs;
  private final ObjectMapper json;
  private final Semaphore listeners = new Semaphore(MOST_LISTENERS);

  JobResource(Jobs jobs, ObjectMapper json) {
    this.jobs = jobs;
    this.json = json;
  }

  @GET
  @Path("{job}")
  @Produces(MediaType.APPLICATION_JSON)
  public JobJson job(@Auth User user, @PathParam("job") String id) {
    return JobJson.of(find(user, id).state());
  }

  @GET
  @Path("{job}")
  @Produces(EVENTS)
  public Response events(@Auth User user, @PathParam("job") String id) {
    Job job = find(user, id);
    if (!listeners.tryAcquire()) {
      return Problem.of(Status.SERVICE_UNAVAILABLE, "Too many listen: ask without events.")
          .response();
    }
    return Response.ok((StreamingOutput) out -> send(job, out)).build();
  }

  private Job find(User user, String id) {
    return jobs.find(id, user.name()).orElseThrow(() -> Problem.notFound("job"));
  }

  private void send(Job job, OutputStream out) throws IOException {
    try {
      long end = System.nanoTime() + LONGEST.toNanos();
      JobState state = job.state();
      write(state, out);
      while (!state.over() && System.nanoTime() - end < 0) {
        JobState now = job.after(state.version(), SILENCE);
        if (now.version() == state.version()) {
          out.write(":\n\n".getBytes(StandardCharsets.US_ASCII));
          out.flush();
        } else {
          write(now, out);
          Thread.sleep(BREATH);
        }
        state = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      listeners.release();
    }
  }

  private void write(JobState state, OutputStream out) throws IOException {
    // JSON has no line end outside of its strings, and none in them that is not escaped.
    String event = "data: " + json.writeValueAsString(JobJson.of(state)) + "\n\n";
    out.write(event.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
