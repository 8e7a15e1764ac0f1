package io.github.kubeproof.core.intent;

import io.github.kubeproof.core.cluster.Assumptions;
import io.github.kubeproof.core.source.Fields;
import io.github.kubeproof.core.source.UserError;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads what the user says exists outside of the input. */
public final class AssumptionFields {

  private AssumptionFields() {}

  /**
   * The assumptions that a map of the configuration holds.
   *
   * @throws UserError for what cannot be understood; the message begins with the place
   */
  public static Assumptions read(Fields assume) {
    assume.only("namespaces", "services", "workloads");
    Map<String, Map<String, String>> namespaces = new TreeMap<>();
    for (Fields namespace : assume.allFields("namespaces")) {
      namespace.only("name", "labels");
      Map<String, String> labels = Selectors.labels(namespace, "labels");
      if (namespaces.put(namespace(namespace, "name"), labels) != null) {
        throw namespace.error("name", "this namespace stands in the list already");
      }
    }
    List<Assumptions.Pods> workloads =
        assume.allFields("workloads").stream()
            .map(workload -> workload.only("namespace", "labels", "createdBy"))
            .map(
                workload ->
                    new Assumptions.Pods(
                        namespace(workload, "namespace"),
                        Selectors.labels(workload, "labels"),
                        workload.text("createdBy").orElse("")))
            .toList();
    return new Assumptions(
        namespaces, assume.allParsed("services", AssumptionFields::service), workloads);
  }

  private static String namespace(Fields fields, String key) {
    return fields.parsed(key, IntentText::namespace).orElseThrow(() -> fields.missing(key));
  }

  private static Assumptions.Service service(String text) {
    int slash = text.indexOf('/');
    if (slash < 0
        || !(new IntentText(Set.of()).party("Service/" + text) instanceof Party.Service service)) {
      throw new UserError("not a Service, such as monitoring/prometheus: " + text);
    }
    return new Assumptions.Service(service.namespace(), service.name());
  }
}
