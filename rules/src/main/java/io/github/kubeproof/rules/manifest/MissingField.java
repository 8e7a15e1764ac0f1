package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Cluster.Typed;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Problem;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** KP017: a required field that is not there. */
public final class MissingField implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected("KP017", "missing-field", "a field that the object needs is not there")
          .fixable(Fixability.SAFE);

  private static final Set<String> HEADER = Set.of("apiVersion", "kind", "metadata", "status");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Problem problem : cluster.problems()) {
      if (problem.kind() == Problem.Kind.MISSING_FIELD) {
        Findings.Draft draft = findings.report(problem);
        ofPathType(problem)
            // what the versions without the field had
            .ifPresent(path -> draft.fix("write pathType: ImplementationSpecific", pathType(path)));
        if (cluster.resources().stream().anyMatch(r -> isNoMoreThanAName(r) && holds(r, problem))) {
          lower(draft);
        }
      }
    }
    for (Typed<KubernetesObject> found : cluster.all(KubernetesObject.class)) {
      V1ObjectMeta meta = found.model().getMetadata();
      checkName(found.resource(), meta, findings);
      if (meta != null) {
        checkOwners(cluster, found.resource(), meta, findings);
      }
    }
    for (Service service : cluster.services()) {
      // what else is unknown or mistyped in it may be what is missing
      if (service.resource().isUnderstood()) {
        check(service, findings);
      }
    }
  }

  /** The path of an Ingress that has no type; empty for any other problem. */
  private static Optional<Place> ofPathType(Problem problem) {
    Place place = problem.place();
    List<Object> steps = place == null ? List.of() : place.path().steps();
    int last = steps.size() - 1;
    return place != null && last >= 0 && steps.get(last).equals("pathType")
        ? Optional.of(place.document().at(NodePath.ROOT.then(steps.subList(0, last).toArray())))
        : Optional.empty();
  }

  /** What gives a path of an Ingress its type: behind the path itself, or behind its backend. */
  static List<Edit> pathType(Place path) {
    List<Edit> edits = Edits.addAfter(path.then("path"), "pathType", "ImplementationSpecific");
    return edits.isEmpty()
        ? Edits.addAfter(path.then("backend"), "pathType", "ImplementationSpecific")
        : edits;
  }

  /** Whether an object has no content: enough for {@code kubectl delete}, or to be patched. */
  private static boolean isNoMoreThanAName(Resource resource) {
    return resource.tree().entries().stream().allMatch(entry -> HEADER.contains(entry.key()));
  }

  private static boolean holds(Resource resource, Problem problem) {
    return resource.place().source().equals(problem.source())
        && resource.place().extent().covers(problem.span().line());
  }

  private static void lower(Findings.Draft draft) {
    draft
        .severity(Severity.INFO)
        .help("write a spec, unless the object is only named here to be deleted or patched");
  }

  private static void checkName(Resource resource, @Nullable V1ObjectMeta meta, Findings findings) {
    boolean generated =
        meta != null && meta.getGenerateName() != null && !meta.getGenerateName().isEmpty();
    if (resource.name().isEmpty() && !generated) {
      findings.report(
          resource,
          resource.at("metadata", "name"),
          "required field \"metadata.name\" is missing in " + resource.kind());
    }
  }

  /**
   * Owners are written by controllers: what lacks their uid is a copy of something that lived in a
   * cluster, or what a test expects to find there.
   */
  private static void checkOwners(
      Cluster cluster, Resource resource, V1ObjectMeta meta, Findings findings) {
    for (V1OwnerReference owner : Lists.orEmpty(meta.getOwnerReferences())) {
      if (owner == null) {
        continue;
      }
      String field = "";
      if (isEmpty(owner.getUid())) {
        field = "uid";
      } else if (isEmpty(owner.getApiVersion())) {
        field = "apiVersion";
      } else if (isEmpty(owner.getKind())) {
        field = "kind";
      } else if (isEmpty(owner.getName())) {
        field = "name";
      }
      if (!field.isEmpty()) {
        findings
            .report(
                resource,
                cluster.at(owner, field),
                "required field \"" + field + "\" of an owner is missing in " + resource.kind())
            .severity(Severity.INFO)
            .help("remove ownerReferences: controllers write them");
      }
    }
  }

  private static boolean isEmpty(@Nullable String text) {
    return text == null || text.isEmpty();
  }

  /** What a Service needs depends on its type (core validation.go, ValidateService). */
  private static void check(Service service, Findings findings) {
    if (service.isExternalName()) {
      String name = service.spec().getExternalName();
      if (name == null || name.isEmpty() || name.equals(".")) {
        findings.report(
            service,
            service.resource().at("spec", "externalName"),
            "required field \"spec.externalName\" is missing in a Service of type ExternalName");
      }
    } else if (service.ports().isEmpty() && !service.isHeadless()) {
      Findings.Draft draft =
          findings
              .report(
                  service,
                  service.resource().at("spec", "ports"),
                  "required field \"spec.ports\" is missing in Service")
              .help("list the ports, or set clusterIP: None if clients only look up addresses");
      if (isNoMoreThanAName(service.resource())) {
        lower(draft);
      }
    }
  }
}
