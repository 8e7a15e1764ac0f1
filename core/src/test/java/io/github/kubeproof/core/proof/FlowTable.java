package io.github.kubeproof.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.reach.Reach;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.Population;
import io.github.kubeproof.core.traffic.Population.RunningPod;
import io.github.kubeproof.core.traffic.Traffic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A table of cases, each with the flows that it decides about; every flow is read by all three
 * readers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FlowTable {

  private static final String REFUSED = "is refused by the API server";

  private final String file;
  private final int least;

  /**
   * @param file a resource beside this class
   * @param least how many cases it has at least
   */
  FlowTable(String file, int least) {
    this.file = file;
    this.least = least;
  }

  /**
   * A case, and the cluster that is the same for all of them.
   *
   * @param cluster the first piece of the table
   * @param text of the case
   */
  record Case(String name, String cluster, String text) {

    /** What stands behind a word at the beginning of lines. */
    List<String> lines(String word) {
      return lines(text, word);
    }

    private static List<String> lines(String text, String word) {
      return text.lines()
          .filter(line -> line.startsWith("# " + word))
          .map(line -> line.substring(word.length() + 2).strip())
          .toList();
    }

    Inventory inventory() {
      Inventory inventory =
          Inventory.of(
              new YamlReader(Limits.DEFAULT)
                  .read(new Source("table.yaml", ".", cluster + "\n---\n" + text)),
              Settings.DEFAULT,
              1);
      // a policy that is refused has a problem, too, where a field is missing
      if (!isRefused()) {
        assertThat(inventory.problems()).isEmpty();
      }
      return inventory;
    }

    List<RunningPod> pods() {
      List<RunningPod> pods = new ArrayList<>();
      for (String line : lines(cluster + "\n" + text, "pod:")) {
        List<String> words = List.of(line.split(" +", -1));
        List<String> name = List.of(words.get(0).split("/", -1));
        pods.add(
            new RunningPod(
                name.get(0),
                name.get(1),
                "Pod/" + name.get(1),
                words.stream().skip(1).map(Address::of).toList()));
      }
      return pods;
    }

    boolean isRefused() {
      return !lines(text, "refused").isEmpty();
    }

    String quotation() {
      String said = String.join(" ", lines(text, "says:"));
      assertThat(said).as(name).matches("\".+\"");
      return said.substring(1, said.length() - 1);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void theSolverIsThere() {
    assertThat(Natives.load()).isEqualTo(new Natives.Loading.Loaded());
  }

  @Test
  void theTableIsLongEnough() throws IOException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(least);
    assertThat(cases().stream().map(Case::name)).doesNotHaveDuplicates();
  }

  List<Case> cases() throws IOException {
    try (InputStream in = FlowTable.class.getResourceAsStream(file)) {
      assertThat(in).isNotNull();
      List<String> pieces =
          List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n# case: ", -1));
      return pieces.stream()
          .skip(1)
          .map(
              piece ->
                  new Case(piece.substring(0, piece.indexOf('\n')), pieces.get(0), "# " + piece))
          .toList();
    }
  }

  /** Both ends of each flow do what the table says, whoever reads it. */
  @ParameterizedTest
  @MethodSource("cases")
  void everyReaderGivesEveryFlowItsVerdict(Case one) {
    Inventory inventory = one.inventory();
    Population population = Population.of(inventory, one.pods());
    Enforcement enforcement = Enforcement.of(inventory, Blocks.OUTSIDE_ONLY);
    Reach reach = new Reach(population.endpoints(), enforcement);
    List<String> rows = Case.lines(one.text(), "flow:");
    assertThat(rows).isNotEmpty();
    try (Prover prover = Prover.open(name -> Optional.of(inventory.namespaceLabels(name)))) {
      for (String row : rows) {
        List<String> words = List.of(row.split(" +", -1));
        String[] port = words.get(2).split("/", -1);
        Flow flow =
            new Flow(
                population.find(words.get(0)).orElseThrow(),
                population.find(words.get(1)).orElseThrow(),
                Protocol.of(port[1]).orElseThrow(),
                Integer.parseInt(port[0]));
        List<String> plain = new ArrayList<>();
        List<String> exact = new ArrayList<>();
        List<String> proof = new ArrayList<>();
        for (Direction direction : List.of(Direction.EGRESS, Direction.INGRESS)) {
          Traffic allowed = Traffic.anyOf(new Traffic.ToItself(), enforcement.allowed(direction));
          boolean guarded = flow.end(End.guarded(direction)).asPod().isPresent();
          plain.add(word(guarded, FlowEvaluator.contains(allowed, flow)));
          exact.add(
              word(
                  guarded,
                  (direction == Direction.EGRESS
                          ? reach.egress(flow.from(), flow.to())
                          : reach.ingress(flow.from(), flow.to()))
                      .contains(flow.protocol(), flow.port())));
          proof.add(word(guarded, isPossible(prover, allowed, flow)));
        }
        plain.add(word(true, FlowEvaluator.contains(enforcement.allowed(), flow)));
        exact.add(word(true, reach.allows(flow)));
        proof.add(word(true, isPossible(prover, enforcement.allowed(), flow)));
        List<String> expected = words.subList(3, 6);
        assertThat(plain).as("plain: " + row).isEqualTo(expected);
        assertThat(exact).as("exact: " + row).isEqualTo(expected);
        assertThat(proof).as("proof: " + row).isEqualTo(expected);
      }
    }
  }

  private static String word(boolean guarded, boolean allowed) {
    return !guarded ? "-" : allowed ? "allow" : "deny";
  }

  private static boolean isPossible(Prover prover, Traffic allowed, Flow flow) {
    return prover
        .hasFlowIn(
            List.of(
                Endpoints.only(End.FROM, flow.from()),
                Endpoints.only(End.TO, flow.to()),
                new Traffic.Ports(flow.protocol(), flow.port(), flow.port()),
                allowed))
        .orElseThrow();
  }

  /** What the table says to be unknown is said, and nothing else. */
  @ParameterizedTest
  @MethodSource("cases")
  void whatNobodyKnowsIsSaid(Case one) {
    Inventory inventory = one.inventory();
    Population population = Population.of(inventory, one.pods());
    List<String> gaps =
        Enforcement.of(inventory, Blocks.OUTSIDE_ONLY).gaps(population.endpoints()).stream()
            .map(Enforcement.Gap::why)
            .distinct()
            .toList();
    if (one.isRefused()) {
      assertThat(gaps).hasSize(1);
      assertThat(gaps.get(0)).contains(REFUSED);
    } else {
      assertThat(gaps).isEqualTo(Case.lines(one.text(), "gap:"));
    }
  }
}
