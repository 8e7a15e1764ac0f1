package io.github.kubeproof.core.proof;

import com.microsoft.z3.Context;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.reach.Reach;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.Population;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a question costs each of the three readers, and what it costs to say a set to the solver.
 *
 * <p>The cluster has as many policies as workloads, ten to a namespace, and a policy of the Admin
 * and of the Baseline tier. Each question is about another flow than the one before.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
public class ReadersBenchmark {

  private static final int FLOWS = 64;
  private static final int IN_NAMESPACE = 10;

  @Param({"100", "1000"})
  public int policies;

  private Inventory inventory;
  private List<Endpoint> endpoints;
  private Enforcement enforcement;
  private Traffic allowed;
  private Reach reach;
  private Prover prover;
  private final List<Flow> flows = new ArrayList<>();
  // the same objects each time: so the solver is told of each set once
  private final List<List<Traffic>> questions = new ArrayList<>();
  private int next;

  @Setup(Level.Trial)
  public void read() {
    if (!Natives.load().equals(new Natives.Loading.Loaded())) {
      throw new IllegalStateException("the solver is not there");
    }
    inventory =
        Inventory.of(
            new YamlReader(Limits.DEFAULT).read(new Source("bench.yaml", ".", yaml(policies))),
            Settings.DEFAULT,
            1);
    enforcement =
        Enforcement.of(
            inventory.policies(), inventory.tierPolicies(), List.of(), Blocks.OUTSIDE_ONLY);
    if (inventory.workloads().size() != policies || !enforcement.gaps().isEmpty()) {
      throw new IllegalStateException("the cluster is not the one that was meant");
    }
    endpoints = List.copyOf(Population.of(inventory).endpoints());
    allowed = enforcement.allowed();
    reach = new Reach(endpoints, enforcement);
    prover = Prover.open(name -> Optional.of(inventory.namespaceLabels(name)));
    for (int i = 0; i < FLOWS; i++) {
      Flow flow =
          new Flow(
              endpoints.get(i * 7 % policies),
              endpoints.get(i * 13 % policies),
              Protocol.TCP,
              8080 + i % 2);
      flows.add(flow);
      questions.add(
          List.of(
              Endpoints.only(End.FROM, flow.from()),
              Endpoints.only(End.TO, flow.to()),
              new Traffic.Ports(flow.protocol(), flow.port(), flow.port()),
              allowed));
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    prover.close();
  }

  private int turn() {
    next = (next + 1) % FLOWS;
    return next;
  }

  /** The plain reader, one flow. */
  @Benchmark
  public boolean plain() {
    return FlowEvaluator.contains(allowed, flows.get(turn()));
  }

  /** The exact reader, one flow, once its sets are there. */
  @Benchmark
  public boolean exact() {
    return reach.allows(flows.get(turn()));
  }

  /** What it takes to make the sets of the exact reader. */
  @Benchmark
  public Reach exactSets() {
    return new Reach(endpoints, enforcement);
  }

  /** The solver, one flow, once it knows the policies. */
  @Benchmark
  public boolean proof() {
    return prover.hasFlowIn(questions.get(turn())).orElseThrow();
  }

  /** What it takes to say what all policies allow as a formula. */
  @Benchmark
  public String encoder() {
    try (Context context = new Context()) {
      Universe universe =
          new Universe(
              context,
              context.mkSolver("QF_BV"),
              name -> Optional.of(inventory.namespaceLabels(name)));
      return new Encoder(context, universe).encode(allowed).formula().getSort().toString();
    }
  }

  private static String yaml(int workloads) {
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < workloads; i++) {
      String namespace = "n" + i / IN_NAMESPACE;
      yaml.append(
          """
          apiVersion: apps/v1
          kind: Deployment
          metadata: { name: w%1$d, namespace: %2$s }
          spec:
            selector: { matchLabels: { app: a%3$d } }
            template:
              metadata: { labels: { app: a%3$d, tier: t%4$d } }
              spec: { containers: [ { name: c, image: i, ports: [ { name: web, containerPort: 8080 } ] } ] }
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: { name: p%1$d, namespace: %2$s }
          spec:
            podSelector: { matchLabels: { app: a%3$d } }
            ingress:
              - from:
                  - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: n%5$d } }
                    podSelector: { matchExpressions: [ { key: tier, operator: In, values: [ t0, t1 ] } ] }
                  - ipBlock: { cidr: 203.0.%6$d.0/24, except: [ 203.0.%6$d.128/25 ] }
                ports: [ { port: web }, { port: 9090, endPort: 9099 } ]
          ---
          """
              .formatted(
                  i,
                  namespace,
                  i % IN_NAMESPACE,
                  i % 3,
                  (i / IN_NAMESPACE + 1) % Math.max(1, workloads / IN_NAMESPACE),
                  i % 256));
    }
    yaml.append(
        """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: { name: admin }
        spec:
          tier: Admin
          priority: 1
          subject: { namespaces: {} }
          ingress:
            - action: Deny
              from: [ { pods: { podSelector: { matchLabels: { tier: t2 } } } } ]
              protocols: [ { tcp: { destinationPort: { number: 22 } } } ]
        ---
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: { name: baseline }
        spec:
          tier: Baseline
          priority: 1
          subject: { namespaces: {} }
          egress: [ { action: Deny, to: [ { networks: [ "0.0.0.0/0" ] } ], protocols: [ { udp: { destinationPort: { number: 53 } } } ] } ]
        """);
    return yaml.toString();
  }
}
