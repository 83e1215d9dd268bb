package org.muniment.server.view.rest;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;

/// The routes that the resources really have, each as `METHOD /path`.
final class Routes {

  private Routes() {}

  static Set<String> all() {
    FakeArchive archive = new FakeArchive();
    FakeWork work = new FakeWork();
    Set<String> routes = new TreeSet<>();
    for (Object resource :
        RestApi.resources(
            archive,
            archive,
            work,
            new FakeMailWork(work.jobs),
            work.jobs,
            TemporaryState.searches())) {
      for (Method method : resource.getClass().getMethods()) {
        for (Annotation annotation : method.getAnnotations()) {
          HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
          if (http != null) {
            routes.add(http.value() + " " + path(resource.getClass(), method));
          }
        }
      }
    }
    return routes;
  }

  private static String path(Class<?> resource, Method method) {
    String base = resource.getAnnotation(Path.class).value();
    Path below = method.getAnnotation(Path.class);
    return below == null ? base : base + "/" + below.value();
  }
}
