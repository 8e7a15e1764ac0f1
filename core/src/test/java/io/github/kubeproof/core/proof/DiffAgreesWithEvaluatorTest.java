package io.github.kubeproof.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.proof.TrafficDiff.Answer;
import io.github.kubeproof.core.proof.TrafficDiff.Difference;
import io.github.kubeproof.core.proof.TrafficDiff.Sort;
import io.github.kubeproof.core.proof.TrafficDiff.State;
import io.github.kubeproof.core.proof.TrafficDiff.Subject;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.Population;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What changed between two random states, against the plain reading of every sort of flow; more
 * with {@code -Doracle.clusters=N}.
 */
class DiffAgreesWithEvaluatorTest {

  private static final int CLUSTERS =
      Math.max(8, Integer.getInteger("kubeproof.oracle.clusters", 100) / 10);
  private static final AllFlows FLOWS = new AllFlows();
  private static final List<String> NAMESPACES = List.of("one", "two");

  @BeforeAll
  static void theSolverIsThere() {
    assertThat(Natives.load()).isEqualTo(new Natives.Loading.Loaded());
  }

  @Test
  void whatOpensAndClosesIsWhatSomeFlowShows() {
    Map<Relation, Integer> relations = new TreeMap<>();
    for (long seed = 0; seed < CLUSTERS; seed++) {
      State before = States.of("old.yaml", RandomTiers.yaml(seed));
      State after = States.of("new.yaml", mutated(RandomTiers.yaml(seed), seed));
      TrafficDiff diff = TrafficDiff.between(before, after, Questions.UNWRITTEN);
      relations.merge(diff.whole().relation(), 1, Integer::sum);
      assertThat(answers(diff)).as("seed " + seed).isEqualTo(tried(before, after, diff));
    }
    assertThat(relations)
        .containsKeys(Relation.EQUAL, Relation.WIDENED, Relation.NARROWED)
        .doesNotContainKey(Relation.UNDECIDED);
  }

  /** One slip somewhere, or a policy more, or one less. */
  private static String mutated(String yaml, long seed) {
    int kind = (int) (seed % 8);
    return switch (kind) {
      case 0 ->
          yaml.replace(
              "{ matchLabels: { env: a } }",
              "{ matchExpressions: [ { key: env," + " operator: In, values: [ a ] } ] }");
      case 1 -> yaml.replaceFirst("operator: In", "operator: NotIn");
      case 2 -> yaml.replaceFirst("port: 80", "port: 79");
      case 3 -> yaml.replaceFirst("action: Deny", "action: Pass");
      case 4 -> yaml.replaceFirst("cidr: \"10.0.0.0/8\"", "cidr: \"0.0.0.0/1\"");
      case 5 -> yaml + RandomPolicies.yaml(seed + 1000).replaceAll("name: p", "name: q");
      // the last is a network, where there is one
      case 6 -> yaml.substring(0, yaml.lastIndexOf("---"));
      default -> yaml.replaceFirst("podSelector: \\{}", "podSelector: { matchLabels: { app: a } }");
    };
  }

  private static Set<String> answers(TrafficDiff diff) {
    Set<String> answers = new TreeSet<>();
    for (Difference difference : diff.whole().differences()) {
      answers.add(word("all", difference.opened()));
    }
    for (Subject subject : diff.subjects()) {
      String name = subject.sort() == Sort.ELSEWHERE ? "three" : subject.name();
      subject.ingress().differences().forEach(d -> answers.add(word(name + " in", d.opened())));
      subject.egress().differences().forEach(d -> answers.add(word(name + " out", d.opened())));
    }
    return answers;
  }

  private static String word(String who, boolean opened) {
    return who + (opened ? " opened" : " closed");
  }

  /** The same, found by trying every sort of flow. */
  private static Set<String> tried(State before, State after, TrafficDiff diff) {
    Set<String> named = new TreeSet<>();
    diff.subjects().forEach(subject -> named.add(subject.name()));
    Traffic inBefore = before.enforcement().allowed(Direction.INGRESS);
    Traffic inAfter = after.enforcement().allowed(Direction.INGRESS);
    Traffic outBefore = before.enforcement().allowed(Direction.EGRESS);
    Traffic outAfter = after.enforcement().allowed(Direction.EGRESS);
    Set<String> found = new TreeSet<>();
    FLOWS.forEach(
        flow -> {
          boolean comesInBefore = FlowEvaluator.contains(inBefore, flow);
          boolean comesInAfter = FlowEvaluator.contains(inAfter, flow);
          boolean goesOutBefore = FlowEvaluator.contains(outBefore, flow);
          boolean goesOutAfter = FlowEvaluator.contains(outAfter, flow);
          if (comesInBefore != comesInAfter) {
            found.add(word(space(flow.to(), named) + " in", comesInAfter));
          }
          if (goesOutBefore != goesOutAfter) {
            found.add(word(space(flow.from(), named) + " out", goesOutAfter));
          }
          boolean then = comesInBefore && goesOutBefore;
          boolean now = comesInAfter && goesOutAfter;
          if (then != now) {
            found.add(word("all", now));
          }
        });
    return found;
  }

  /** Namespaces that neither side names are one, "elsewhere". */
  private static String space(Endpoint endpoint, Set<String> named) {
    String namespace = ((Pod) endpoint).namespace();
    return named.contains(namespace) ? namespace : "three";
  }

  @Test
  void podsThatChangeTheirLabelsPortsOrNetworkAreComparedAsThemselves() {
    int compared = 0;
    int differing = 0;
    for (long seed = 0; seed < 2L * CLUSTERS; seed++) {
      Random random = new Random(seed);
      String policies = RandomTiers.yaml(seed);
      String relabelled =
          random.nextBoolean() ? policies : policies.replaceFirst("env: a", "env: z");
      State before = States.of("old.yaml", policies + pods(random));
      State after = States.of("new.yaml", relabelled + pods(random));
      TrafficDiff diff = TrafficDiff.between(before, after, Questions.UNWRITTEN);
      for (Workload from : before.inventory().workloads()) {
        for (Workload to : before.inventory().workloads()) {
          if (from == to) {
            continue;
          }
          for (Protocol protocol : Protocol.values()) {
            for (int port = 79; port <= 82; port++) {
              Flow then = flow(from.name(), to.name(), before, protocol, port);
              Flow now = flow(from.name(), to.name(), after, protocol, port);
              for (Direction direction : Direction.values()) {
                boolean letThen = lets(before, direction, then);
                boolean letNow = lets(after, direction, now);
                compared++;
                if (letThen != letNow) {
                  differing++;
                  End end = End.guarded(direction);
                  Answer answer = answer(diff, then.end(end).toString(), direction);
                  assertThat(answer.differences())
                      .as("seed " + seed + ", " + direction + " of " + then)
                      .anyMatch(difference -> difference.opened() == letNow);
                }
              }
            }
          }
        }
      }
    }
    assertThat(differing).isBetween(compared / 50, compared / 2);
  }

  private static boolean lets(State state, Direction direction, Flow flow) {
    return FlowEvaluator.contains(state.enforcement().allowed(direction), flow);
  }

  private static Answer answer(TrafficDiff diff, String workload, Direction direction) {
    Subject subject =
        diff.subjects().stream().filter(s -> s.name().equals(workload)).findFirst().orElseThrow();
    return direction == Direction.INGRESS ? subject.ingress() : subject.egress();
  }

  private static Flow flow(String from, String to, State state, Protocol protocol, int port) {
    return new Flow(endpoint(from, state), endpoint(to, state), protocol, port);
  }

  private static Endpoint endpoint(String name, State state) {
    return state.inventory().workloads().stream()
        .filter(workload -> workload.name().equals(name))
        .map(workload -> Population.any(workload, state.inventory()))
        .findFirst()
        .orElseThrow();
  }

  private static String pods(Random random) {
    StringBuilder yaml = new StringBuilder();
    List<String> labels = List.of("{}", "{ app: a }", "{ app: \"\" }", "{ env: a, app: x }");
    List<String> ports =
        List.of(
            "[]", "[ { name: web, containerPort: 80 } ]", "[ { name: web, containerPort: 82 } ]");
    for (int i = 0; i < 5; i++) {
      yaml.append("---\napiVersion: v1\nkind: Pod\nmetadata: { name: w")
          .append(i)
          .append(", namespace: ")
          .append(NAMESPACES.get(i % 2))
          .append(", labels: ")
          .append(labels.get(random.nextInt(labels.size())))
          .append(" }\nspec: { hostNetwork: ")
          .append(random.nextInt(5) == 0)
          .append(", containers: [ { name: c, image: i, ports: ")
          .append(ports.get(random.nextInt(ports.size())))
          .append(" } ] }\n");
    }
    return yaml.toString();
  }
}
