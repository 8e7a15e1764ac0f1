package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.rules.manifest.Variables;
import io.kubernetes.client.openapi.models.V1IngressClass;
import io.kubernetes.client.openapi.models.V1IngressClassParametersReference;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * KP523: an IngressClass whose controller or parameters cannot be.
 *
 * @see "pkg/apis/networking/validation/validation.go, validateIngressClassSpec"
 */
public final class InvalidIngressClass implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP523",
          "invalid-ingress-class",
          "an IngressClass has no controller, or parameters that cannot be found");

  private static final int LONGEST = 250;
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Cluster.Typed<V1IngressClass> found : cluster.all(V1IngressClass.class)) {
      Reading reading = new Reading(found.resource(), findings);
      var spec = found.model().getSpec();
      reading.controller(spec == null ? null : spec.getController());
      if (spec != null && spec.getParameters() != null) {
        reading.parameters(spec.getParameters());
      }
    }
  }

  /** One IngressClass. */
  private record Reading(Resource resource, Findings findings) {

    void controller(@Nullable String controller) {
      Place place = resource.at("spec", "controller");
      if (controller == null || controller.isEmpty()) {
        if (resource.isUnderstood()) {
          findings
              .report(resource, place, "the IngressClass names no controller")
              .help("write the name that the controller is known by, as in example.com/ingress");
        }
        return;
      }
      flaw(controller)
          .ifPresent(
              flaw ->
                  findings
                      .report(resource, place, "controller \"" + controller + "\" " + flaw)
                      .help("write a domain, a slash and a path, as in example.com/ingress"));
    }

    private static Optional<String> flaw(String controller) {
      if (controller.length() > LONGEST) {
        return Optional.of("is longer than " + LONGEST + " characters");
      }
      int slash = controller.indexOf('/');
      if (slash < 0 || slash == controller.length() - 1) {
        return Optional.of("has no path behind its domain");
      }
      Optional<String> domain = Names.flawOfDnsName(controller.substring(0, slash));
      if (domain.isPresent()) {
        return Optional.of("has a domain before the slash that " + domain.get());
      }
      return PATH.matcher(controller.substring(slash + 1)).matches()
          ? Optional.empty()
          : Optional.of("has characters behind the slash that no path may have");
    }

    // the models require kind and name: where they are not there, KP017 speaks of it
    void parameters(V1IngressClassParametersReference parameters) {
      Place place = resource.at("spec", "parameters");
      String group = parameters.getApiGroup();
      if (group != null) {
        report(place.then("apiGroup"), "apiGroup", group, Names.flawOfDnsName(group));
      }
      segment(place.then("kind"), "kind", parameters.getKind());
      segment(place.then("name"), "name", parameters.getName());
      String scope = parameters.getScope() == null ? "Cluster" : parameters.getScope();
      String namespace = parameters.getNamespace();
      switch (scope) {
        case "Cluster" -> {
          if (namespace != null) {
            findings
                .report(
                    resource,
                    place.then("namespace"),
                    "namespace \"" + namespace + "\" is given for parameters of the scope Cluster")
                .help("set scope to Namespace, or leave the namespace out");
          }
        }
        case "Namespace" -> {
          if (namespace == null) {
            findings
                .report(
                    resource,
                    place.then("namespace"),
                    "parameters of the scope Namespace name no namespace")
                .help("write the namespace of the parameters");
          } else {
            report(
                place.then("namespace"), "namespace", namespace, Names.flawOfDnsLabel(namespace));
          }
        }
        default ->
            findings.report(
                resource,
                place.then("scope"),
                "scope \"" + scope + "\" is none of Cluster and Namespace");
      }
    }

    private void segment(Place place, String field, @Nullable String text) {
      if (text != null) {
        report(
            place,
            field,
            text,
            text.isEmpty() ? Optional.of("is empty") : Names.flawOfPathSegment(text));
      }
    }

    private void report(Place place, String field, String text, Optional<String> flaw) {
      Variables.reportFlaw(resource, place, field, text, flaw, findings);
    }
  }
}
