package io.github.kubeproof.rules.reachability;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySet;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** KP106: pods ask to be scraped, and do not let Prometheus in. */
public final class BlockedScrape implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP106",
          "blocked-scrape",
          Severity.INFO,
          Confidence.PROVED,
          "pods ask Prometheus to read their metrics, and their policies do not let it in");

  private static final String SCRAPE = "prometheus.io/scrape";
  private static final String PORT = "prometheus.io/port";
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");
  private static final Pattern PROMETHEUS = Pattern.compile("(.*/)?prometheus([:@].*)?");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      Optional<Integer> port = scrapedPort(workload);
      Optional<Endpoint.Pod> pod = Endpoints.of(workload).asPod();
      if (port.isPresent() && pod.isPresent() && cluster.world().mayBeGuarded(workload)) {
        Traffic there =
            new Traffic.IsThis(End.TO, pod.get())
                .and(new Traffic.Ports(Protocol.TCP, port.get(), port.get()));
        check(workload, port.get(), there, connectivity, findings);
      }
    }
  }

  /** The port that a workload's pods ask to be scraped at; empty when they do not say so. */
  private static Optional<Integer> scrapedPort(Workload workload) {
    Map<String, String> annotations = annotations(workload);
    String port = annotations.getOrDefault(PORT, "");
    boolean asks = "true".equals(annotations.get(SCRAPE)) && NUMBER.matcher(port).matches();
    return asks ? Optional.of(Integer.parseInt(port)).filter(n -> n <= 65535) : Optional.empty();
  }

  private static Map<String, String> annotations(Workload workload) {
    V1ObjectMeta meta = workload.podMeta();
    return Lists.orEmpty(meta == null ? null : meta.getAnnotations());
  }

  private static void check(
      Workload workload, int port, Traffic there, Connectivity connectivity, Findings findings) {
    Place place = workload.resource().place();
    List<Workload> scrapers =
        workload.cluster().world().workloads().stream().filter(BlockedScrape::isScraper).toList();
    List<Traffic> from = new ArrayList<>();
    for (Workload scraper : scrapers) {
      Optional<Endpoint.Pod> pod = Endpoints.of(scraper).asPod();
      if (pod.isEmpty()) {
        return; // what comes from the network of a node
      }
      from.add(new Traffic.IsThis(End.FROM, pod.get()));
    }
    List<Meaning> isolating = List.of();
    for (Alternative alternative : workload.cluster().alternatives(workload)) {
      Optional<PolicySet> policies = PolicySet.of(workload, alternative);
      List<Meaning> here =
          policies.map(set -> set.isolating(workload, Direction.INGRESS)).orElse(List.of());
      if (here.isEmpty()
          || connectivity
              .proveEmpty(
                  Traffic.allOf(
                      Traffic.anyOf(from), there, policies.get().allowed(Direction.INGRESS)),
                  place)
              .isEmpty()) {
        return;
      }
      isolating = isolating.isEmpty() ? here : isolating;
    }
    if (!scrapers.isEmpty()) {
      report(workload, port, scrapers.get(0), isolating, findings);
    }
  }

  private static boolean isScraper(Workload workload) {
    return Mention.containers(workload).stream()
        .anyMatch(
            container ->
                container.getImage() != null && PROMETHEUS.matcher(container.getImage()).matches());
  }

  private static void report(
      Workload workload, int port, Workload scraper, List<Meaning> isolating, Findings findings) {
    V1ObjectMeta meta = workload.podMeta();
    Draft draft =
        findings
            .report(
                workload,
                meta == null
                    ? workload.resource().place()
                    : workload.cluster().at(meta, "annotations", SCRAPE),
                workload
                    + " asks to be scraped on port "
                    + port
                    + ", but does not let in "
                    + scraper)
            .help("let the pods of Prometheus in on that port with an ingress rule");
    isolating.forEach(policy -> draft.note(policy.place(), policy.policy() + " isolates its pods"));
  }
}
