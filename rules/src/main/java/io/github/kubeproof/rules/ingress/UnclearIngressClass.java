package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Spelling;
import io.kubernetes.client.openapi.models.V1IngressClass;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.List;

/** KP509: which controller takes up an Ingress is not said, said the old way, or misspelt. */
public final class UnclearIngressClass implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP509",
              "unclear-ingress-class",
              Severity.INFO,
              Confidence.HEURISTIC,
              "the class of an Ingress is missing, unknown, or only in the deprecated annotation")
          .fixable(Fixability.UNSAFE);

  private static final String DEFAULT = "ingressclass.kubernetes.io/is-default-class";

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    List<Ingress> ingresses = Ingress.of(cluster);
    if (ingresses.isEmpty()) {
      return;
    }
    List<Resource> classes =
        cluster.world().clusters().stream()
            .flatMap(unit -> unit.all(V1IngressClass.class).stream())
            .map(Cluster.Typed::resource)
            .toList();
    for (Ingress ingress : ingresses) {
      String annotation = ingress.annotations().get(Ingress.CLASS);
      if (ingress.spec().getIngressClassName() != null) {
        checkName(ingress, classes, findings);
      } else if (annotation != null) {
        if (annotation.startsWith("gce")) {
          continue; // GKE reads nothing else: KP022
        }
        findings
            .report(
                ingress.route(),
                ingress.at(Ingress.CLASS),
                "annotation " + Ingress.CLASS + " is deprecated since Kubernetes 1.18")
            .help("write ingressClassName: " + annotation + ", where the controller has a class")
            .confidence(Confidence.PROVED);
      } else if (classes.stream().noneMatch(UnclearIngressClass::isDefault)) {
        findings
            .report(
                ingress.route(),
                ingress.route().resource().at("spec", "ingressClassName"),
                "no class is named, so only a default IngressClass takes this Ingress up")
            .help("name the class of the controller that is meant: ingressClassName");
      }
    }
  }

  private static boolean isDefault(Resource ingressClass) {
    V1ObjectMeta meta = ingressClass.as(V1IngressClass.class).orElseThrow().getMetadata();
    return "true".equals(Lists.orEmpty(meta == null ? null : meta.getAnnotations()).get(DEFAULT));
  }

  private static void checkName(Ingress ingress, List<Resource> classes, Findings findings) {
    String name = ingress.className();
    List<String> names = classes.stream().map(Resource::name).distinct().toList();
    if (names.contains(name)) {
      return;
    }
    List<Resource> slips =
        classes.stream().filter(known -> Spelling.isSlip(name, known.name())).toList();
    boolean closed = ingress.route().cluster().settings().closedWorld();
    if (!slips.isEmpty() || closed) {
      Findings.Draft draft =
          findings
              .report(
                  ingress.route(),
                  ingress.route().cluster().at(ingress.spec(), "ingressClassName"),
                  "there is no IngressClass " + name + Spelling.hint(name, names))
              .severity(Severity.WARNING);
      if (slips.size() == 1) {
        draft.unsafeFix(
            "write " + slips.get(0).name(),
            "the controller of that class takes the requests",
            Edits.value(
                ingress.route().cluster().at(ingress.spec(), "ingressClassName"),
                slips.get(0).name()));
      }
      slips.stream().limit(1).forEach(s -> draft.note(s.place(), s.name() + " is here"));
    }
  }
}
