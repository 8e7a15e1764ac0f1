package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.manifest.Manifests;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.render.Renderer;
import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.UserError;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs rules on what was read. */
public final class Linter {

  /**
   * How to run.
   *
   * @param includes globs over file names as they are shown; of folders only such files are read;
   *     empty for all
   * @param excludes globs over files and folders that are left out of folders
   * @param jobs how many threads work on it; the report does not depend on it
   * @param suppressions whether comments and annotations may silence findings
   * @param today the day that suppressions may have expired on
   * @param known all rules there are, so that a suppression of one that does not run is not called
   *     a slip
   * @param choices what the configuration says about single rules
   * @param baseline the findings that were there before
   * @param written where the questions about traffic go
   * @param renderer what makes manifests of kustomizations and charts
   * @param costs where the time of each rule is added up
   */
  public record Options(
      Settings settings,
      List<String> includes,
      List<String> excludes,
      int jobs,
      boolean suppressions,
      LocalDate today,
      List<RuleInfo> known,
      RuleChoices choices,
      Baseline baseline,
      Questions written,
      Renderer renderer,
      Costs costs) {

    /** With nothing rendered, and without measuring what rules take. */
    public Options(
        Settings settings,
        List<String> includes,
        List<String> excludes,
        int jobs,
        boolean suppressions,
        LocalDate today,
        List<RuleInfo> known,
        RuleChoices choices,
        Baseline baseline,
        Questions written) {
      this(
          settings,
          includes,
          excludes,
          jobs,
          suppressions,
          today,
          known,
          choices,
          baseline,
          written,
          Renderer.NONE,
          Costs.UNMEASURED);
    }

    /**
     * Without a configuration or a baseline, with no question written down and nothing rendered.
     */
    public Options(
        Settings settings,
        List<String> includes,
        List<String> excludes,
        int jobs,
        boolean suppressions,
        LocalDate today,
        List<RuleInfo> known) {
      this(
          settings,
          includes,
          excludes,
          jobs,
          suppressions,
          today,
          known,
          RuleChoices.NONE,
          Baseline.NONE,
          Questions.UNWRITTEN);
    }

    public Options {
      includes = List.copyOf(includes);
      excludes = List.copyOf(excludes);
      known = List.copyOf(known);
    }
  }

  private Linter() {}

  /**
   * Reads what the user names, and runs rules on it.
   *
   * @param arguments files, folders, and {@code -} for the standard input
   * @throws UserError when an argument names nothing
   * @throws IllegalStateException when a rule fails, which is our bug; the message names the rule
   */
  public static Report lint(
      List<String> arguments, InputStream standardInput, List<Rule> rules, Options options) {
    return lint(load(arguments, standardInput, options), rules, options);
  }

  /**
   * Reads what the user names.
   *
   * @throws UserError when an argument names nothing
   */
  public static Loaded load(List<String> arguments, InputStream standardInput, Options options) {
    Inputs inputs =
        new Inputs(
            Limits.DEFAULT,
            Globs.excluding(options.includes(), options.excludes()),
            options.jobs());
    return options.renderer().render(inputs.load(arguments, standardInput), inputs);
  }

  /** Runs rules on every unit of what was read. */
  public static Report lint(Loaded loaded, List<Rule> rules, Options options) {
    Settings settings = options.settings();
    int jobs = options.jobs();
    Manifests manifests = Manifests.read(loaded.documents(), jobs);
    List<Problem> problems = new ArrayList<>(loaded.problems());
    problems.addAll(manifests.problems());
    List<Cluster> clusters =
        World.of(manifests, problems, settings).stream()
            .flatMap(world -> world.clusters().stream())
            .toList();
    Intents intents =
        new Intents(
            options.choices(),
            () -> Inventory.of(manifests, problems, settings),
            clusters,
            options.written());
    List<Outcome> outcomes = lintAll(clusters, rules, options, intents);

    List<Finding> findings = new ArrayList<>();
    List<Notice> notices = new ArrayList<>();
    Set<String> gaps = new LinkedHashSet<>();
    problems.stream()
        .filter(problem -> !problem.kind().isFault())
        .map(Notice::of)
        .forEach(notices::add);
    for (Outcome outcome : outcomes) {
      outcome.findings().stream().map(options.choices()::judged).forEach(findings::add);
      notices.addAll(outcome.notices());
      gaps.addAll(outcome.gaps());
    }
    notices.addAll(intents.notices());
    notices.sort(Notice.ORDER);
    gaps.forEach(gap -> notices.add(Notice.ofRun(gap)));
    List<RuleInfo> infos =
        rules.stream().map(Rule::info).sorted(Comparator.comparing(RuleInfo::id)).toList();
    List<Report.Suppressed> suppressed = List.of();
    if (options.suppressions()) {
      Exemptions exemptions =
          new Exemptions(options.choices(), settings.namespace(), options.today());
      Suppressions.Settled settled =
          Suppressions.in(loaded, manifests.resources(), options.known(), options.today())
              .settle(findings, infos, exemptions);
      findings = new ArrayList<>(settled.findings());
      suppressed = settled.suppressed();
      UnusedSuppression.findings(settled.complaints(), infos).stream()
          .map(options.choices()::judged)
          .forEach(findings::add);
    }
    Baseline.@Nullable Comparison comparison = null;
    if (!options.baseline().isNone()) {
      UnusedSuppression.findings(options.baseline().complaints(options.today()), infos).stream()
          .map(options.choices()::judged)
          .forEach(findings::add);
      comparison =
          options
              .baseline()
              .compare(
                  findings,
                  presence(loaded, manifests),
                  infos.stream().map(RuleInfo::id).collect(Collectors.toSet()),
                  options.today());
      findings = new ArrayList<>(comparison.added());
      suppressed = new ArrayList<>(suppressed);
      for (Baseline.Unchanged unchanged : comparison.unchanged()) {
        suppressed.add(
            new Report.Suppressed(unchanged.finding(), Report.By.BASELINE, unchanged.reason()));
      }
    }
    findings.sort(Finding.ORDER);
    return new Report(
        infos,
        RenderedFindings.folded(findings),
        suppressed,
        notices,
        loaded.files(),
        manifests.resources().size(),
        new RulePages(rules),
        comparison);
  }

  /** Whether a file holds an object, both as {@link Baseline#compare} names them. */
  private static BiPredicate<String, String> presence(Loaded loaded, Manifests manifests) {
    record Held(String file, String resource) {}
    Set<Held> there = new HashSet<>();
    Stream.of(
            loaded.documents().stream().map(Document::source),
            loaded.replaced().stream().map(Document::source),
            loaded.problems().stream().map(Problem::source))
        .flatMap(sources -> sources)
        .distinct()
        .forEach(source -> there.add(new Held(path(source), "")));
    for (Resource resource : manifests.resources()) {
      there.add(new Held(path(resource.place().source()), resource.toString()));
    }
    return (file, resource) -> there.contains(new Held(file, resource));
  }

  private static String path(Source source) {
    return source.name().equals(Source.STDIN)
        ? source.name()
        : Path.of(source.name()).toAbsolutePath().normalize().toString();
  }

  /** What came of one unit. */
  private record Outcome(List<Finding> findings, List<Notice> notices, Set<String> gaps) {}

  private static List<Outcome> lintAll(
      List<Cluster> clusters, List<Rule> rules, Options options, Intents intents) {
    if (options.jobs() <= 1) {
      return clusters.stream().map(cluster -> lint(cluster, rules, options, intents)).toList();
    }
    ForkJoinPool pool = new ForkJoinPool(options.jobs());
    try {
      // a parallel stream runs in the pool that it is started from, and keeps the order
      return pool.submit(
              () ->
                  clusters.parallelStream()
                      .map(cluster -> lint(cluster, rules, options, intents))
                      .toList())
          .join();
    } finally {
      pool.shutdown();
    }
  }

  private static Outcome lint(Cluster cluster, List<Rule> rules, Options options, Intents intents) {
    List<Finding> found = new ArrayList<>();
    try (Connectivity connectivity = new Connectivity(cluster, options.written(), intents)) {
      for (Rule rule : rules) {
        Findings findings = new Findings(rule.info(), cluster);
        connectivity.askedBy(rule.info());
        try {
          options.costs().measure(rule.info(), () -> rule.check(cluster, connectivity, findings));
        } catch (RuntimeException e) {
          throw new IllegalStateException(
              "rule " + rule.info().id() + " failed on " + cluster + ": " + e, e);
        }
        found.addAll(findings.all());
      }
      return new Outcome(found, connectivity.notices(), connectivity.gaps());
    }
  }
}
