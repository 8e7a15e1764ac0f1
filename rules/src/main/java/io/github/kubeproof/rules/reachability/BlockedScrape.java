package io.github.kubeproof.rules.reachability;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
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

  /** Each Prometheus that is known by its image; none where some is on the network of its node. */
  private record Scrapers(List<Workload> workloads, Traffic from) {

    static Scrapers of(World world) {
      return world.once(
          Scrapers.class,
          () -> {
            List<Workload> workloads =
                world.workloads().stream().filter(BlockedScrape::isScraper).toList();
            List<Traffic> from = new ArrayList<>();
            for (Workload workload : workloads) {
              Optional<Endpoint.Pod> pod = Endpoints.of(workload).asPod();
              if (pod.isEmpty()) {
                return new Scrapers(List.of(), Traffic.none());
              }
              from.add(new Traffic.IsThis(End.FROM, pod.get()));
            }
            return new Scrapers(workloads, Traffic.anyOf(from));
          });
    }
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      Optional<Endpoint.Pod> pod = Endpoints.of(workload).asPod();
      if (pod.isEmpty() || !cluster.world().mayBeGuarded(workload)) {
        continue;
      }
      Traffic to = new Traffic.IsThis(End.TO, pod.get());
      Optional<Integer> port = scrapedPort(workload);
      if (port.isPresent() && !Scrapers.of(cluster.world()).workloads().isEmpty()) {
        Scrapers scrapers = Scrapers.of(cluster.world());
        stopping(workload, Traffic.allOf(scrapers.from(), to, tcp(port.get())), connectivity)
            .ifPresent(
                isolating ->
                    report(workload, port.get(), scrapers.workloads().get(0), isolating, findings));
      }
      for (Monitors.Target target : Monitors.of(cluster.world()).targets(workload)) {
        stopping(workload, Traffic.allOf(target.from(), to, tcp(target.port())), connectivity)
            .ifPresent(isolating -> report(workload, target, isolating, findings));
      }
    }
  }

  private static Traffic tcp(int port) {
    return new Traffic.Ports(Protocol.TCP, port, port);
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

  /** The policies of a workload that surely stop all of some flows to it; empty when none do. */
  private static Optional<List<Meaning>> stopping(
      Workload workload, Traffic flows, Connectivity connectivity) {
    List<Meaning> isolating = List.of();
    for (Alternative alternative : workload.cluster().alternatives(workload)) {
      Optional<PolicySet> policies = PolicySet.of(workload, alternative);
      List<Meaning> here =
          policies.map(set -> set.isolating(workload, Direction.INGRESS)).orElse(List.of());
      if (here.isEmpty()
          || connectivity
              .proveImpossible(
                  flows.and(policies.get().allowed(Direction.INGRESS)), workload.resource().place())
              .isEmpty()) {
        return Optional.empty();
      }
      isolating = isolating.isEmpty() ? here : isolating;
    }
    return isolating.isEmpty() ? Optional.empty() : Optional.of(isolating);
  }

  private static boolean isScraper(Workload workload) {
    return Mention.containers(workload).stream()
        .anyMatch(
            container ->
                container.getImage() != null && PROMETHEUS.matcher(container.getImage()).matches());
  }

  private static void report(
      Workload workload, int port, Workload reader, List<Meaning> isolating, Findings findings) {
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
                    + reader)
            .help("let the pods of Prometheus in on that port with an ingress rule");
    noteIsolating(draft, isolating);
  }

  private static void report(
      Workload workload, Monitors.Target target, List<Meaning> isolating, Findings findings) {
    Draft draft =
        findings
            .report(
                workload,
                workload.resource().at("metadata", "name"),
                target.monitor()
                    + " has "
                    + workload
                    + " scraped on port "
                    + target.port()
                    + ", but its policies do not let in "
                    + target.by())
            .help(
                "let the pods of Prometheus, which are labelled app.kubernetes.io/name=prometheus,"
                    + " in on that port with an ingress rule")
            .note(target.asked(), "the port is named here");
    noteIsolating(draft, isolating);
  }

  private static void noteIsolating(Draft draft, List<Meaning> isolating) {
    isolating.forEach(policy -> draft.note(policy.place(), policy.policy() + " isolates its pods"));
  }
}
