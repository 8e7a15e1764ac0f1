package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1EnvVar;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** KP624: variables that Kubernetes makes of Services, and programs take for something else. */
public final class MisleadingServiceVariable implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP624",
          "misleading-service-variable",
          Severity.INFO,
          Confidence.HEURISTIC,
          "a variable that Kubernetes makes of a Service is taken for something else");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  private static final Pattern USE = Pattern.compile("(?<!\\$)\\$\\(([A-Z][A-Z0-9_]*)_PORT\\)");

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      boolean isForeign = service.namespaceIsWritten() && !service.namespace().equals("default");
      if (service.name().equals("kubernetes") && isForeign) {
        findings.report(
            service,
            service.resource().at("metadata", "name"),
            "pods of namespace "
                + service.namespace()
                + " take this Service for the API server: KUBERNETES_SERVICE_HOST is its address");
      }
    }
    for (Workload workload : cluster.workloads()) {
      if (!Boolean.FALSE.equals(workload.podSpec().getEnableServiceLinks())) {
        Mention.containers(workload).forEach(container -> check(workload, container, findings));
      }
    }
  }

  private static void check(Workload workload, V1Container container, Findings findings) {
    Cluster cluster = workload.cluster();
    List<V1EnvVar> variables = Lists.orEmpty(container.getEnv());
    if (!Lists.orEmpty(container.getEnvFrom()).isEmpty()) {
      return; // it may define them
    }
    for (V1EnvVar variable : variables) {
      check(workload, variables, cluster.at(variable, "value"), variable.getValue(), findings);
    }
    List<String> args = Lists.orEmpty(container.getArgs());
    for (int i = 0; i < args.size(); i++) {
      check(workload, variables, cluster.at(container, "args", i), args.get(i), findings);
    }
    List<String> command = Lists.orEmpty(container.getCommand());
    for (int i = 0; i < command.size(); i++) {
      check(workload, variables, cluster.at(container, "command", i), command.get(i), findings);
    }
  }

  private static void check(
      Workload workload,
      List<V1EnvVar> variables,
      Place at,
      @Nullable String text,
      Findings findings) {
    Matcher use = USE.matcher(text == null ? "" : text);
    while (use.find()) {
      String name = use.group(1);
      boolean isDefined = variables.stream().anyMatch(v -> (name + "_PORT").equals(v.getName()));
      String service = name.toLowerCase(Locale.ROOT).replace('_', '-');
      boolean isMade =
          !workload.cluster().world().services(workload.namespace(), service).isEmpty();
      if (!isDefined && isMade) {
        findings
            .report(
                workload,
                at,
                name
                    + "_PORT is no number: Kubernetes makes it of Service "
                    + workload.namespace()
                    + "/"
                    + service
                    + ", as in tcp://10.96.0.1:80")
            .help("use " + name + "_SERVICE_PORT for the number");
      }
    }
  }
}
