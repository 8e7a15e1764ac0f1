package io.github.kubeproof.cli;

import io.github.kubeproof.core.config.Configuration;
import io.github.kubeproof.core.lint.Baseline;
import io.github.kubeproof.core.lint.Costs;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Fix;
import io.github.kubeproof.core.lint.Fixer;
import io.github.kubeproof.core.lint.Linter;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Selection;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.render.Renderer;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.rules.Rules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubeproof fix}: mends what can be mended, in the files themselves. */
@Command(
    name = "fix",
    customSynopsis = "kubeproof fix [FLAG]... [PATH]...",
    sortOptions = false,
    usageHelpWidth = 100,
    description = "Mend what lint finds, where that is beyond doubt; comments and formatting stay.",
    footer = {
      "",
      "A fix is safe when the manifests mean the same afterwards, or the API server refuses them as",
      "they stand. Fixes that change the traffic need --unsafe. Everything is linted again: a fix",
      "whose finding stays, or that brings a new one, is taken back. Templates, what stands behind",
      "YAML anchors and aliases, links that lead out of the input and what is silenced stay as they",
      "are. What only shows once kustomize or helm have run is told, and cannot be fixed here. With -",
      "the manifests go to standard output.",
      "",
      "Exit codes: 0 nothing as bad as --fail-on is left; 1 findings are left, or, with --diff, some",
      "would be fixed; 2 wrong usage; 3 no manifest found; 70 a bug of ours."
    })
final class FixCommand extends Job {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  @Spec private @Nullable CommandSpec spec;

  @Mixin private InputFlags input = new InputFlags();

  @Option(names = "--unsafe", description = "Apply fixes that change the traffic, too.")
  private boolean unsafe;

  @Option(names = "--diff", description = "Show what would be changed, and write nothing.")
  private boolean diff;

  @Mixin private SettingFlags settings = new SettingFlags();

  @Mixin private JudgementFlags judgement = new JudgementFlags();

  @Option(
      names = "--select",
      split = ",",
      paramLabel = "RULE",
      description = "Fix only what these rules find.")
  private List<String> select = List.of();

  @Option(
      names = "--ignore",
      split = ",",
      paramLabel = "RULE",
      description = "Leave these out; what they find takes no fix back.")
  private List<String> ignore = List.of();

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing about the run.")
  private boolean quiet;

  /** Why a file is left alone, by its name; empty for a file that can be written. */
  private final Map<String, String> refusals = new TreeMap<>();

  @Override
  int run(Console console) {
    List<String> arguments = input.paths();
    boolean isStandardInput = arguments.contains("-");
    if (isStandardInput && arguments.size() > 1) {
      throw new UserError("- goes to standard output, so no other path can stand beside it");
    }
    if (!quiet && spec != null) {
      new Environment(console.environment()).suspects(spec).forEach(console::say);
    }
    Configuration configuration = judgement.over(settings.configuration(arguments));
    Set<Rule> wanted =
        new LinkedHashSet<>(Selection.of(Rules.all(), select, ignore, configuration.rules()));
    Set<RuleInfo> wantedInfos = wanted.stream().map(Rule::info).collect(Collectors.toSet());
    // all rules judge what comes of it, whichever are selected, but those that are left out
    List<Rule> judges =
        Stream.concat(
                Selection.of(Rules.all(), List.of(), ignore, configuration.rules()).stream(),
                wanted.stream())
            .filter(distinctById())
            .toList();
    // nothing rendered: only what is written can be mended
    Linter.Options options = options(configuration, arguments, Renderer.NONE);
    byte[] given = isStandardInput ? given(console) : new byte[0];
    InputStream in = isStandardInput ? new ByteArrayInputStream(given) : console.in();
    Loaded loaded = Linter.load(arguments, in, options);
    Fixer.Outcome outcome =
        Fixer.fix(
            loaded,
            judges,
            options,
            finding -> wantedInfos.contains(finding.rule()) && isAllowed(finding));
    write(outcome, isStandardInput, given, console);
    Report report =
        isStandardInput
            ? outcome.report()
            : rendered(arguments, judges, configuration, console).orElse(outcome.report());
    List<Finding> left = wanted(report, wantedInfos);
    if (!quiet) {
      tell(outcome, left, wanted(outcome.report(), wantedInfos), console);
    }
    if (diff) {
      return outcome.changes().isEmpty() ? Exit.CLEAN : Exit.FINDINGS;
    }
    return exitCode(report, left, configuration, arguments, console);
  }

  private static List<Finding> wanted(Report report, Set<RuleInfo> rules) {
    return report.findings().stream().filter(finding -> rules.contains(finding.rule())).toList();
  }

  /**
   * What {@code lint} says of the files as they are now; empty where nothing is rendered, so that
   * it is what is known already.
   */
  private Optional<Report> rendered(
      List<String> arguments, List<Rule> judges, Configuration configuration, Console console) {
    Renderer renderer = Renderer.of(configuration.render(), console.environment());
    Linter.Options options = options(configuration, arguments, renderer);
    Loaded loaded = Linter.load(arguments, InputStream.nullInputStream(), options);
    boolean isRendered =
        loaded.documents().stream().anyMatch(document -> document.renderedBy().isPresent());
    return isRendered ? Optional.of(Linter.lint(loaded, judges, options)) : Optional.empty();
  }

  private static boolean isRendered(Finding finding) {
    Place place = finding.place();
    return place != null && place.document().renderedBy().isPresent();
  }

  private static byte[] given(Console console) {
    int most = Limits.DEFAULT.fileBytes();
    try {
      byte[] given = console.in().readNBytes(most + 1);
      if (given.length > most) {
        throw new UserError("the standard input is larger than " + most + " bytes");
      }
      return given;
    } catch (IOException e) {
      throw new UserError("cannot read the standard input: " + e.getMessage());
    }
  }

  private static Predicate<Rule> distinctById() {
    Set<String> seen = new LinkedHashSet<>();
    return rule -> seen.add(rule.info().id());
  }

  private Linter.Options options(
      Configuration configuration, List<String> arguments, Renderer renderer) {
    return new Linter.Options(
        configuration.settings(),
        List.of(),
        configuration.excludes(),
        input.jobs(),
        true,
        LocalDate.now(ZoneOffset.UTC),
        Rules.all().stream().map(Rule::info).toList(),
        configuration.rules().withComplete(configuration.isWholly(arguments)),
        Baseline.NONE,
        Questions.UNWRITTEN,
        renderer,
        Costs.UNMEASURED);
  }

  private boolean isAllowed(Finding finding) {
    Fix fix = finding.fix();
    return fix != null
        && (unsafe || fix.isSafe())
        && fix.edits().stream()
            .map(Edit::source)
            .allMatch(
                source ->
                    refusals
                        .computeIfAbsent(source.name(), name -> FixCommand.refusal(source))
                        .isEmpty());
  }

  /** Why a file is not written; empty for one that is. */
  private static String refusal(Source source) {
    if (source.name().equals(Source.STDIN)) {
      return "";
    }
    try {
      Path file = Path.of(source.name()).toRealPath();
      if (!file.startsWith(Path.of(source.root()).toRealPath())) {
        return "it is a link that leads out of the input";
      }
      if (!Files.isRegularFile(file) || !Files.isWritable(file)) {
        return "it cannot be written";
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return text.equals(source.text()) || text.equals(BYTE_ORDER_MARK + source.text())
          ? ""
          : "it has changed meanwhile";
    } catch (CharacterCodingException e) {
      return "it is not in UTF-8";
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void write(
      Fixer.Outcome outcome, boolean isStandardInput, byte[] given, Console console) {
    if (diff) {
      for (Fixer.Change change : outcome.changes()) {
        Source before = change.before();
        console.print(UnifiedDiff.of(before.name(), before.text(), change.after()));
      }
      return;
    }
    if (isStandardInput) {
      // also what could not be read comes out as it came in
      console.print(
          outcome.changes().isEmpty()
              ? new String(given, StandardCharsets.UTF_8)
              : outcome.changes().get(0).after());
      return;
    }
    for (Fixer.Change change : outcome.changes()) {
      write(change);
    }
    for (Finding finding : outcome.fixed().stream().sorted(Finding.ORDER).toList()) {
      Fix fix = finding.fix();
      console.print(
          Text.visible(
                  finding.source().name()
                      + ":"
                      + finding.span().line()
                      + ":"
                      + finding.span().column()
                      + ": "
                      + finding.rule().id()
                      + " "
                      + fix)
              + "\n");
    }
  }

  private static void write(Fixer.Change change) {
    Path named = Path.of(change.before().name());
    try {
      Path file = named.toRealPath();
      String now = Files.readString(file, StandardCharsets.UTF_8);
      String mark = now.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
      if (!now.equals(mark + change.before().text())) {
        throw new UserError(named + " has changed meanwhile, and is left as it is; run again");
      }
      AtomicFile.write(file, out -> out.append(mark).append(change.after()));
    } catch (IOException e) {
      throw new UserError("cannot write " + named + ": " + e);
    }
  }

  /**
   * @param left all that is
   * @param written what of it is in the files as they are written
   */
  private void tell(
      Fixer.Outcome outcome, List<Finding> left, List<Finding> written, Console console) {
    for (Fixer.TakenBack takenBack : outcome.takenBack()) {
      Finding finding = takenBack.finding();
      console.say(
          "taken back: "
              + finding.source().name()
              + ":"
              + finding.span().line()
              + ": "
              + finding.rule().id()
              + " "
              + finding.fix()
              + ", since "
              + takenBack.because());
    }
    refusals.forEach(
        (file, why) -> {
          if (!why.isEmpty()) {
            console.say("left as it is: " + file + ", because " + why);
          }
        });
    long unsafeLeft =
        written.stream().map(Finding::fix).filter(fix -> fix != null && !fix.isSafe()).count();
    long renderedLeft = left.stream().filter(FixCommand::isRendered).count();
    List<String> words = new ArrayList<>();
    words.add(
        (diff ? "would fix " : "fixed ")
            + Text.count(outcome.fixed().size(), "finding")
            + " in "
            + Text.count(outcome.changes().size(), "file"));
    words.add(Text.count(left.size(), "finding") + (left.size() == 1 ? " is" : " are") + " left");
    if (unsafeLeft > 0 && !unsafe) {
      words.add(unsafeLeft + " of them can be fixed with --unsafe, which changes the traffic");
    }
    if (renderedLeft > 0) {
      words.add(
          renderedLeft
              + " of them "
              + (renderedLeft == 1 ? "is" : "are")
              + " in what kustomizations and charts become, and cannot be fixed here");
    }
    console.say(String.join("; ", words));
  }

  private static int exitCode(
      Report report,
      List<Finding> left,
      Configuration configuration,
      List<String> arguments,
      Console console) {
    Report judged =
        new Report(
            report.rules(),
            left,
            report.suppressed(),
            report.notices(),
            report.files(),
            report.resources(),
            report.pages());
    if (configuration.failOn().fails(judged)) {
      return Exit.FINDINGS;
    }
    if (report.resources() == 0 && report.findings().isEmpty()) {
      console.say("no manifest found in " + String.join(", ", arguments));
      return Exit.NO_MANIFEST;
    }
    return Exit.CLEAN;
  }
}
