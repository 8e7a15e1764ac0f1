package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Spelling;
import io.kubernetes.client.openapi.models.V1IngressTLS;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** KP507: an Ingress names a Secret that holds no certificate, or that there is none of. */
public final class MissingTlsSecret implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP507",
          "missing-tls-secret",
          Severity.WARNING,
          Confidence.HEURISTIC,
          "an Ingress names a Secret that does not exist, or that holds no certificate");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** A Secret of the input, or one that something of the input makes. */
  private record Made(String name, String namespace, Resource resource, Place place) {

    boolean isIn(Ingress ingress) {
      return namespace.isEmpty()
          || !ingress.route().namespaceIsWritten()
          || namespace.equals(ingress.route().namespace());
    }
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    List<Ingress> ingresses =
        Ingress.of(cluster).stream().filter(ingress -> !ingress.tls().isEmpty()).toList();
    if (ingresses.isEmpty()) {
      return;
    }
    List<Made> secrets = secrets(cluster);
    for (Ingress ingress : ingresses) {
      // cert-manager and its forerunners make the Secret
      boolean isMade =
          ingress.annotations().keySet().stream()
              .anyMatch(key -> key.contains("cert-manager") || key.contains("tls-acme"));
      for (V1IngressTLS tls : ingress.tls()) {
        if (!isMade && tls.getSecretName() != null && !tls.getSecretName().isEmpty()) {
          check(
              ingress, tls, secrets.stream().filter(made -> made.isIn(ingress)).toList(), findings);
        }
      }
    }
  }

  private static void check(
      Ingress ingress, V1IngressTLS tls, List<Made> secrets, Findings findings) {
    Cluster cluster = ingress.route().cluster();
    Place place = cluster.at(tls, "secretName");
    String name = tls.getSecretName();
    List<Made> found = secrets.stream().filter(made -> made.name.equals(name)).toList();
    if (!found.isEmpty()) {
      if (found.stream().noneMatch(made -> mayHoldCertificate(made.resource))) {
        findings
            .report(ingress.route(), place, "Secret " + name + " holds no tls.crt and tls.key")
            .confidence(Confidence.PROVED)
            .note(found.get(0).place, "the Secret")
            .help("make it a Secret of type kubernetes.io/tls");
      }
      return;
    }
    List<Made> slips = secrets.stream().filter(made -> Spelling.isSlip(name, made.name)).toList();
    if (slips.stream().map(Made::name).distinct().count() == 1) {
      findings
          .report(
              ingress.route(),
              place,
              "there is no Secret " + name + "; did you mean " + slips.get(0).name + "?")
          .note(slips.get(0).place, slips.get(0).name + " is one slip away");
    } else if (cluster.settings().closedWorld()) {
      findings
          .report(ingress.route(), place, "the input has no Secret " + name)
          .severity(Severity.INFO)
          .confidence(Confidence.PROVED)
          .help("without it the controller serves a certificate of its own, or nothing");
    }
  }

  private static boolean mayHoldCertificate(Resource resource) {
    if (!resource.kind().equals("Secret")) {
      return true;
    }
    boolean isTls = resource.tree().string("type").orElse("").equals("kubernetes.io/tls");
    boolean isEmpty =
        resource.tree().get("data").isEmpty() && resource.tree().get("stringData").isEmpty();
    return isTls
        || isEmpty
        || has(resource, "data", "tls.crt")
        || has(resource, "stringData", "tls.crt");
  }

  private static boolean has(Resource resource, String field, String key) {
    return below(resource, field).flatMap(data -> data.get(key)).isPresent();
  }

  private static Optional<Node.Mapping> below(Resource resource, String field) {
    return resource.tree().get(field).flatMap(Node::asMapping);
  }

  /** The Secrets of the neighbourhood, and those that its objects ask others to make. */
  private static List<Made> secrets(Cluster cluster) {
    List<Made> secrets = new ArrayList<>();
    for (Cluster unit : cluster.world().clusters()) {
      for (Resource resource : unit.resources()) {
        switch (resource.kind()) {
          case "Secret", "SealedSecret" ->
              secrets.add(made(resource, resource.name(), resource.at("metadata", "name")));
          case "Certificate" ->
              below(resource, "spec")
                  .flatMap(spec -> spec.string("secretName"))
                  .ifPresent(
                      name -> secrets.add(made(resource, name, resource.at("spec", "secretName"))));
          case "ExternalSecret" ->
              secrets.add(
                  made(
                      resource,
                      below(resource, "spec")
                          .flatMap(spec -> spec.get("target"))
                          .flatMap(Node::asMapping)
                          .flatMap(target -> target.string("name"))
                          .orElse(resource.name()),
                      resource.at("metadata", "name")));
          default -> {}
        }
      }
    }
    return secrets;
  }

  private static Made made(Resource resource, String name, Place place) {
    return new Made(name, resource.writtenNamespace(), resource, place);
  }
}
