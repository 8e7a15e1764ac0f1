package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.ApiServerCall;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.cluster.Route;
import io.github.kubeproof.core.cluster.Route.Backend;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Spelling;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** KP501: an Ingress, a route or a webhook sends traffic to a Service that does not exist. */
public final class MissingBackendService implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP501",
              "missing-backend-service",
              Severity.WARNING,
              Confidence.HEURISTIC,
              "the backend of an Ingress, a route or a webhook is a Service that does not exist")
          .fixable(Fixability.UNSAFE);

  /** The port of a backend that only names an action of the AWS controller. */
  private static final String ACTION = "use-annotation";

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Route route : ApiServerCall.withRoutes(cluster)) {
      Set<String> reported = new HashSet<>();
      for (Backend backend : route.backends()) {
        boolean named =
            Names.flawOfService(backend.service()).isEmpty() && !backend.portName().equals(ACTION);
        if (named
            && isMissing(route, backend)
            && reported.add(backend.namespace() + "/" + backend.service())) {
          check(route, backend, findings);
        }
      }
    }
  }

  // whoever deploys a route without a namespace may put it beside any Service
  private static boolean isMissing(Route route, Backend backend) {
    World world = route.cluster().world();
    return isAnywhere(route, backend)
        ? world.servicesNamed(backend.service()).isEmpty()
        : world.services(backend.namespace(), backend.service()).isEmpty();
  }

  private static boolean isAnywhere(Route route, Backend backend) {
    return !route.namespaceIsWritten() && backend.namespace().equals(route.namespace());
  }

  private static void check(Route route, Backend backend, Findings findings) {
    String name = backend.namespace() + "/" + backend.service();
    List<Service> neighbours =
        route.cluster().alternatives(route).stream()
            .flatMap(alternative -> alternative.services().stream())
            .filter(service -> mayBeNamed(service, route, backend))
            .toList();
    List<Service> slips =
        neighbours.stream()
            .filter(service -> Spelling.isSlip(backend.service(), service.name()))
            .filter(service -> isFree(service, route))
            .toList();
    if (slips.stream().map(Service::name).distinct().count() == 1) {
      Service meant = slips.get(0);
      findings
          .report(
              route,
              backend.place(),
              "there is no Service " + name + "; did you mean " + meant.name() + "?")
          .severity(Severity.ERROR)
          .unsafeFix(
              "name " + meant.name(),
              "requests go to " + meant,
              Edits.value(backend.place(), meant.name()))
          .note(meant.resource().at("metadata", "name"), meant + " is one slip away");
      return;
    }
    List<Service> elsewhere =
        route.cluster().services().stream()
            .filter(service -> service.name().equals(backend.service()))
            .toList();
    if (!elsewhere.isEmpty()) {
      Service other = elsewhere.get(0);
      findings
          .report(
              route,
              backend.place(),
              "there is no Service " + name + ", but one in namespace " + other.namespace())
          .note(other.resource().at("metadata", "namespace"), other + " is here")
          .help(
              switch (route.resource().kind()) {
                case "Ingress" ->
                    "an Ingress reaches only Services of its own namespace: put both into one";
                case "APIService",
                    "CustomResourceDefinition",
                    "MutatingWebhookConfiguration",
                    "ValidatingWebhookConfiguration" ->
                    "name the namespace of the Service";
                default ->
                    "name the namespace of the Service, and let a ReferenceGrant there allow it";
              });
      return;
    }
    boolean closed = route.cluster().settings().closedWorld();
    List<Service> afar = slipsAfar(route, backend);
    if (closed || !neighbours.isEmpty() || !afar.isEmpty()) {
      Findings.Draft draft =
          findings
              .report(route, backend.place(), "the input has no Service " + name)
              .severity(closed ? Severity.WARNING : Severity.INFO)
              .confidence(closed ? Confidence.PROVED : Confidence.HEURISTIC);
      afar.stream()
          .limit(1)
          .forEach(
              meant ->
                  draft
                      .help("did you mean " + meant.name() + "?")
                      .note(meant.resource().at("metadata", "name"), meant + " is one slip away"));
    }
  }

  /** Services of one name, anywhere in the input, from which the backend's is one slip away. */
  private static List<Service> slipsAfar(Route route, Backend backend) {
    World world = route.cluster().world();
    List<Service> slips =
        world.serviceNames().stream()
            .filter(name -> Spelling.isSlip(backend.service(), name))
            .flatMap(name -> world.servicesNamed(name).stream())
            .filter(service -> mayBeNamed(service, route, backend))
            .toList();
    return slips.stream().map(Service::name).distinct().count() == 1 ? slips : List.of();
  }

  private static boolean mayBeNamed(Service service, Route route, Backend backend) {
    return isAnywhere(route, backend)
        || !service.namespaceIsWritten()
        || service.namespace().equals(backend.namespace());
  }

  /** Whether no route of the unit sends traffic to a Service, which then waits for one. */
  private static boolean isFree(Service service, Route route) {
    return route.cluster().routes().stream()
        .flatMap(other -> other.backends().stream())
        .noneMatch(backend -> backend.service().equals(service.name()));
  }
}
