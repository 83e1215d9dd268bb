package org.muniment.server.view.rest;

import io.dropwizard.auth.AuthDynamicFeature;
import io.dropwizard.auth.AuthValueFactoryProvider;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import java.util.List;
import java.util.Set;
import org.muniment.server.access.SavedSearches;
import org.muniment.server.access.SignIn;
import org.muniment.server.access.User;
import org.muniment.server.job.Jobs;
import org.muniment.server.view.AccountWork;
import org.muniment.server.view.MailWork;
import org.muniment.server.view.ReadModels;
import org.muniment.server.view.SystemStatus;
import org.muniment.server.view.web.WebPage;

/// The REST interface and the web page over it, put into a Dropwizard application whose root path
/// is `/`.
public final class RestApi {

  private static final Set<String> COMPRESSED =
      Set.of("application/json", "text/html", "text/css", "text/javascript");

  private RestApi() {}

  /// Call once, from the application's `run`.
  ///
  /// @param server its error pages and its compression are set for this interface: octets go out as
  ///   they are, whatever the client accepts
  public static void register(
      AbstractServerFactory server,
      Environment environment,
      ReadModels models,
      SystemStatus status,
      AccountWork work,
      MailWork mail,
      Jobs jobs,
      SavedSearches searches,
      SignIn signIn) {
    server.setRegisterDefaultExceptionMappers(false);
    server.getGzipFilterFactory().setCompressedMimeTypes(COMPRESSED);
    JerseyEnvironment jersey = environment.jersey();
    resources(models, status, work, mail, jobs, searches).forEach(jersey::register);
    jersey.register(new WebPage());
    jersey.register(new AuthDynamicFeature(new Authentication(signIn)));
    jersey.register(new AuthValueFactoryProvider.Binder<>(User.class));
    jersey.register(new SecurityHeaders());
    jersey.register(new SameOrigin());
    jersey.register(new ProblemMapper());
    ProblemPages pages = new ProblemPages(environment.getObjectMapper());
    environment.getApplicationContext().setErrorHandler(pages);
    environment.lifecycle().addServerLifecycleListener(started -> started.setErrorHandler(pages));
  }

  static List<Object> resources(
      ReadModels models,
      SystemStatus status,
      AccountWork work,
      MailWork mail,
      Jobs jobs,
      SavedSearches searches) {
    return List.of(
        new SearchResource(models),
        new SavedSearchResource(searches, Jackson.newObjectMapper()),
        new AccountResource(models, status, work),
        new MailboxResource(models),
        new MessageResource(models),
        new CaptureResource(status, work),
        new MailWorkResource(models, mail),
        new ResultResource(mail),
        new JobResource(jobs, Jackson.newObjectMapper()),
        new ArchiveResource(status),
        new OpenApiResource());
  }
}
