package io.github.kubeproof.cli;

import io.github.kubeproof.cli.Console.Colours;
import io.github.kubeproof.core.config.Configuration;
import io.github.kubeproof.core.lint.Baseline;
import io.github.kubeproof.core.lint.Costs;
import io.github.kubeproof.core.lint.FailOn;
import io.github.kubeproof.core.lint.Linter;
import io.github.kubeproof.core.lint.Notice;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.Selection;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.render.Renderer;
import io.github.kubeproof.core.report.Format;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.rules.Rules;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubeproof lint}: the findings of a set of manifests. */
@Command(
    name = "lint",
    customSynopsis = "kubeproof lint [FLAG]... [PATH]...",
    sortOptions = false,
    usageHelpWidth = 100,
    description = "Find faults in manifests: files, folders, or - for standard input.",
    footer = {
      "",
      "A rule is named by its id (KP404), the beginning of ids (KP4), its name, or its group",
      "(service); several with commas.",
      "Each folder is judged for itself, files (and -) together; with --unit all everything is.",
      "Every flag has a variable that stands in for it: KUBEPROOF_FAIL_ON=warning.",
      "",
      "Exit codes: 0 clean, or nothing as bad as --fail-on; 1 findings; 2 wrong usage;",
      "3 no manifest found; 4 incomplete, with --strict; 70 a bug of ours."
    })
final class LintCommand extends Job {

  /** How many rules the table of times names. */
  private static final int DEAREST = 15;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private InputFlags input = new InputFlags();

  @Mixin private QuestionFlag question = new QuestionFlag();

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT[=FILE]",
      description = "pretty (the default), json, sarif, github or markdown; may be repeated.")
  private List<String> formats = List.of();

  @Mixin private SettingFlags settings = new SettingFlags();

  @Mixin private JudgementFlags judgement = new JudgementFlags();

  @Option(
      names = "--strict",
      description = "Fail, too, when something could not be read or decided.")
  private boolean strict;

  @Option(
      names = "--select",
      split = ",",
      paramLabel = "RULE",
      description = "Run only these rules.")
  private List<String> select = List.of();

  @Option(names = "--ignore", split = ",", paramLabel = "RULE", description = "Leave these out.")
  private List<String> ignore = List.of();

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = "Report only what is not among the findings of this file.")
  private @Nullable String baseline;

  @Option(
      names = "--update-baseline",
      description = "Take out of it what is resolved; write it where there is none.")
  private boolean updateBaseline;

  @Option(
      names = "--no-suppressions",
      description = "Report what comments and annotations silence, too.")
  private boolean noSuppressions;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      description = "When to colour: auto (the default), always or never.")
  private Colours color = Colours.AUTO;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing about the run; only the findings.")
  private boolean quiet;

  @Option(names = "--stats", description = "Say what the run took, and each of its rules.")
  private boolean stats;

  @Override
  int run(Console console) {
    Outputs outputs = new Outputs(formats.isEmpty() ? List.of(Format.PRETTY.word()) : formats);
    List<String> arguments = input.paths();
    Configuration configuration = judgement.over(settings.configuration(arguments));
    List<Rule> rules = Selection.of(Rules.all(), select, ignore, configuration.rules());
    if (!quiet && spec != null) {
      new Environment(console.environment()).suspects(spec).forEach(console::say);
    }
    Questions questions = question.questions();
    Renderer renderer = Renderer.of(configuration.render(), console.environment());
    Costs costs = stats ? Costs.measured() : Costs.UNMEASURED;
    Linter.Options options = options(configuration, arguments, questions, renderer, costs);
    Report report = Linter.lint(arguments, console.in(), rules, options);
    Baseline.Comparison comparison = report.comparison();
    if (updateBaseline && comparison != null) {
      options.baseline().write(comparison);
    }
    outputs.write(report, console, console.colours(color));
    if (!quiet && comparison != null) {
      comparison.resolved().forEach(entry -> console.say("resolved: " + entry));
      console.say("baseline: " + comparison);
    }
    if (!quiet && outputs.toStandardOutput().isEmpty()) {
      console.say(summary(report));
    }
    question.tell(questions, quiet, console);
    if (stats) {
      costs(costs.byWall()).forEach(console::say);
      console.say(cost(report));
    }
    return exitCode(report, configuration.failOn(), arguments, console);
  }

  private Linter.Options options(
      Configuration configuration,
      List<String> arguments,
      Questions questions,
      Renderer renderer,
      Costs costs) {
    return new Linter.Options(
        configuration.settings(),
        List.of(),
        configuration.excludes(),
        input.jobs(),
        !noSuppressions,
        LocalDate.now(ZoneOffset.UTC),
        Rules.all().stream().map(Rule::info).toList(),
        configuration.rules().withComplete(configuration.isWholly(arguments)),
        baseline(),
        questions,
        renderer,
        costs);
  }

  private Baseline baseline() {
    if (baseline == null) {
      if (updateBaseline) {
        throw new UserError("--update-baseline needs --baseline FILE");
      }
      return Baseline.NONE;
    }
    return Baseline.read(Text.path("--baseline", baseline), updateBaseline);
  }

  private int exitCode(Report report, FailOn failOn, List<String> arguments, Console console) {
    if (failOn.fails(report)) {
      return Exit.FINDINGS;
    }
    if (report.resources() == 0 && report.findings().isEmpty()) {
      console.say("no manifest found in " + String.join(", ", arguments));
      return Exit.NO_MANIFEST;
    }
    if (strict && report.notices().stream().anyMatch(Notice::incomplete)) {
      console.say("the analysis is incomplete, which --strict forbids");
      return Exit.INCOMPLETE;
    }
    return Exit.CLEAN;
  }

  private static String summary(Report report) {
    List<String> counts = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      counts.add(Text.count(report.count(severity), severity.word()));
    }
    return String.join(", ", counts)
        + " in "
        + Text.count(report.resources(), "object")
        + " of "
        + Text.count(report.files(), "file");
  }

  /** The rules that took the most time, and all others in one line. */
  private static List<String> costs(List<Costs.Cost> costs) {
    List<Costs.Cost> first = costs.subList(0, Math.min(DEAREST, costs.size()));
    List<Costs.Cost> rest = costs.subList(first.size(), costs.size());
    List<String> lines = new ArrayList<>();
    lines.add("   wall ms    CPU ms  rule");
    first.forEach(cost -> lines.add(row(cost.wall(), cost.cpu(), cost.rule())));
    if (!rest.isEmpty()) {
      lines.add(
          row(
              rest.stream().mapToLong(Costs.Cost::wall).sum(),
              rest.stream().mapToLong(Costs.Cost::cpu).sum(),
              Text.count(rest.size(), "other rule")));
    }
    return lines;
  }

  private static String row(long wall, long cpu, String what) {
    return String.format(Locale.ROOT, "%10.1f%10.1f  %s", wall / 1e6, cpu / 1e6, what);
  }

  private static String cost(Report report) {
    ProcessHandle.Info process = ProcessHandle.current().info();
    Optional<Duration> wall =
        process.startInstant().map(start -> Duration.between(start, Instant.now()));
    return Text.count(report.files(), "file")
        + ", "
        + Text.count(report.resources(), "object")
        + ", "
        + Text.count(report.rules().size(), "rule")
        + ", "
        + Text.count(report.findings().size(), "finding")
        + "; wall "
        + seconds(wall)
        + ", CPU "
        + seconds(process.totalCpuDuration())
        + ", heap "
        + (Runtime.getRuntime().totalMemory() >> 20)
        + " MiB";
  }

  private static String seconds(Optional<Duration> duration) {
    return duration
        .map(time -> String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1000.0))
        .orElse("unknown");
  }
}
