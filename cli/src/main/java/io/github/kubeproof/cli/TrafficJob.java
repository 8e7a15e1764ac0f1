package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.lint.Globs;
import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import java.util.List;
import picocli.CommandLine.Option;

/** A command that asks about the traffic of everything that it is given, deployed together. */
abstract class TrafficJob extends Job {

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "Leave these files out: '**/testdata/**'; may be repeated.")
  private List<String> excludes = List.of();

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "The namespace of objects that name none; default unless said otherwise.")
  private String namespace = Settings.DEFAULT.namespace();

  @Option(
      names = "--ipblock-matches-pods",
      description = {
        "Let an ipBlock match the addresses of pods, too, as some network plugins do;",
        "only what is outside of the cluster unless said otherwise."
      })
  private boolean podsToo;

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description = "How many threads to use; one for each processor unless said otherwise.")
  private Integer jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing about the run; only the answer.")
  boolean quiet;

  /**
   * Reads what was given, and says what of it does not count.
   *
   * @throws UserError when there is nothing to ask about
   */
  final Inventory inventory(List<String> paths, Console console) {
    if (jobs < 1) {
      throw new UserError("--jobs: not a number of threads: " + jobs);
    }
    List<String> arguments = paths.isEmpty() ? List.of(".") : paths;
    Inputs inputs = new Inputs(Limits.DEFAULT, Globs.excluding(List.of(), excludes), jobs);
    Loaded loaded = inputs.load(arguments, console.in());
    Inventory inventory = Inventory.of(loaded, Settings.DEFAULT.withNamespace(namespace), jobs);
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
              + " stand in the input more than once, and only the first counts: "
              + inventory.duplicates().get(0)
              + " ("
              + inventory.duplicates().get(0).place()
              + ")"
              + (inventory.duplicates().size() > 1 ? ", ..." : ""));
    }
  }

  /** What the policies enforce; each gap in what is known of it is said. */
  final Enforcement enforcement(Inventory inventory, Console console) {
    Enforcement enforcement =
        Enforcement.of(
            inventory.policies(),
            inventory.tierPolicies(),
            inventory.unknown(),
            podsToo ? Blocks.PODS_TOO : Blocks.OUTSIDE_ONLY);
    if (!quiet) {
      enforcement
          .gaps()
          .forEach(gap -> console.say("incomplete: " + gap.place() + ": " + gap.why()));
    }
    return enforcement;
  }
}
