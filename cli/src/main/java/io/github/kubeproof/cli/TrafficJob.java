package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.config.Configuration;
import io.github.kubeproof.core.lint.Globs;
import io.github.kubeproof.core.render.Renderer;
import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.Population;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that asks about the traffic of everything that it is given, deployed together. */
abstract class TrafficJob extends Job {

  @Mixin private InputFlags input = new InputFlags();

  @Mixin private SettingFlags settings = new SettingFlags();

  @Option(
      names = "--ipblock-matches-pods",
      description = {
        "Let an ipBlock match the addresses of pods, too, as some network plugins do;",
        "only what is outside of the cluster unless said otherwise."
      })
  private boolean podsToo;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing about the run; only the answer.")
  boolean quiet;

  /**
   * Reads what was given, and says what of it does not count.
   *
   * @throws io.github.kubeproof.core.source.UserError when a path names nothing
   */
  final Inventory inventory(Console console) {
    return inventory(rendered(paths(), console), console);
  }

  /** Files and folders, with kustomizations and charts rendered as wanted. */
  final Loaded rendered(List<String> paths, Console console) {
    Inputs inputs = inputs();
    Renderer renderer = Renderer.of(configuration().render(), console.environment());
    return renderer.render(inputs.load(paths, console.in()), inputs);
  }

  /** What to read. */
  List<String> paths() {
    return input.paths();
  }

  /** The arguments that are no flags, as they were given. */
  final List<String> arguments() {
    return input.written();
  }

  final Blocks blocks() {
    return podsToo ? Blocks.PODS_TOO : Blocks.OUTSIDE_ONLY;
  }

  final Configuration configuration() {
    return settings.configuration(paths());
  }

  final Inputs inputs() {
    Configuration configuration = configuration();
    return new Inputs(
        Limits.DEFAULT, Globs.excluding(List.of(), configuration.excludes()), input.jobs());
  }

  /** What was read, taken to be deployed together; what of it does not count is said. */
  final Inventory inventory(Loaded loaded, Console console) {
    Configuration configuration = configuration();
    Inventory inventory = Inventory.of(loaded, configuration.settings(), input.jobs());
    if (!quiet) {
      tell(inventory, console);
    }
    return inventory;
  }

  private static void tell(Inventory inventory, Console console) {
    long unreadable =
        inventory.problems().stream()
            .filter(problem -> problem.kind() != Problem.Kind.TEMPLATE)
            .count();
    if (unreadable > 0) {
      console.say(
          Text.count(unreadable, "part")
              + " of the input could not be read in full, so the answer may be incomplete:"
              + " kubeproof lint tells which");
    }
    if (!inventory.duplicates().isEmpty()) {
      console.say(
          Text.count(inventory.duplicates().size(), "object")
              + " in the input more than once, of which only the first counts: "
              + inventory.duplicates().get(0)
              + " ("
              + inventory.duplicates().get(0).place()
              + ")"
              + (inventory.duplicates().size() > 1 ? ", ..." : ""));
    }
  }

  /** What the policies enforce; each gap in what is known of it is said. */
  final Enforcement enforcement(Inventory inventory, Population population, Console console) {
    Enforcement enforcement = enforcement(inventory);
    if (!quiet) {
      enforcement.gaps(population.endpoints()).forEach(gap -> tell(gap, console));
    }
    return enforcement;
  }

  static void tell(Gap gap, Console console) {
    console.say("incomplete: " + gap.place() + ": " + gap.why());
  }

  /** What the policies enforce, for those who tell of the gaps themselves. */
  final Enforcement enforcement(Inventory inventory) {
    return Enforcement.of(inventory, blocks());
  }

  /** Of a workload that talks to itself, another pod: what a pod sends itself is never stopped. */
  static Endpoint another(Endpoint to, Endpoint from) {
    return to.equals(from) && to instanceof Pod pod ? pod.withReplica(pod.replica() + 1) : to;
  }

  /** What else has a say, or may have one, where something is enforced. */
  static List<Gap> gaps(Endpoint from, Endpoint to, Enforcement enforcement) {
    Flow any = new Flow(from, to, Protocol.TCP, 1); // no gap is about some ports alone
    return from.equals(to)
        ? List.of()
        : enforcement.gaps(List.of(from, to)).stream()
            .filter(gap -> FlowEvaluator.contains(gap.flows(), any))
            .toList();
  }
}
