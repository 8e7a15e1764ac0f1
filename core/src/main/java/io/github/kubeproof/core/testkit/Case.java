package io.github.kubeproof.core.testkit;

import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.intent.Intent;
import io.github.kubeproof.core.lint.Baseline;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Linter;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleChoices;
import io.github.kubeproof.core.lint.RulePage;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Manifests that a rule is tried on: they say in comments what it must find, and it must find
 * nothing else.
 *
 * <p>An example of a rule's page is a case, a YAML file of a folder is one, and so is a folder of
 * YAML files in it. A first line {@code # settings:} asks for {@code closed-world}, or for {@code
 * kubernetes-version=1.21}, {@code cni=flannel}, {@code pod-cidr=10.244.0.0/16}, {@code
 * service-cidr=10.96.0.0/12}, {@code env-label=env}. Each line {@code # intent: deny from outside
 * to namespace=shop} is an intent about it.
 */
public record Case(String name, List<Source> sources) {

  private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```yaml\\R(.*?)^```\\s*$");

  private static final Pattern INTENT = Pattern.compile("(?m)^# intent: (.*)$");

  private static final Pattern SETTINGS = Pattern.compile("# settings: (.*)");

  public Case {
    sources = List.copyOf(sources);
  }

  /** The YAML examples of a rule's page. */
  public static List<Case> ofPage(Rule rule) {
    String page = RulePage.of(rule).markdown();
    List<Case> cases = new ArrayList<>();
    Matcher example = EXAMPLE.matcher(page);
    while (example.find()) {
      String name =
          "example " + (cases.size() + 1) + " of " + rule.getClass().getSimpleName() + ".md";
      cases.add(new Case(name, List.of(new Source(name, example.group(1)))));
    }
    return cases;
  }

  /** The cases of a folder, sorted by name. */
  public static List<Case> ofFolder(Path folder) throws IOException {
    List<Case> cases = new ArrayList<>();
    for (Path entry : list(folder)) {
      List<Source> sources = new ArrayList<>();
      boolean isFolder = Files.isDirectory(entry);
      for (Path file : isFolder ? walk(entry) : List.of(entry)) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        String root = isFolder ? entry.getFileName().toString() : name;
        sources.add(new Source(name, root, Files.readString(file)));
      }
      cases.add(new Case(entry.getFileName().toString(), sources));
    }
    return cases;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  private static List<Path> walk(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** How many findings the case asks for. */
  public int expected() {
    return sources.stream().mapToInt(source -> Expectation.in(source).size()).sum();
  }

  /**
   * Runs a rule on the case.
   *
   * @throws AssertionError when it does not find what is asked for, or finds anything else
   */
  public void check(Rule rule) {
    Report report = lint(List.of(rule));
    List<Expectation> missing = new ArrayList<>();
    sources.forEach(source -> missing.addAll(Expectation.in(source)));
    List<Finding> surplus = new ArrayList<>();
    for (Finding finding : report.findings()) {
      if (!missing.removeIf(expectation -> expectation.isMetBy(finding))) {
        surplus.add(finding);
      }
    }
    StringBuilder complaint = new StringBuilder();
    missing.forEach(expectation -> complaint.append("\n  not found: ").append(expectation));
    surplus.forEach(finding -> complaint.append("\n  not expected: ").append(describe(finding)));
    report.notices().forEach(notice -> complaint.append("\n  notice: ").append(notice.message()));
    if (!complaint.isEmpty()) {
      throw new AssertionError(rule.info().id() + " on " + name + ":" + complaint);
    }
  }

  /** Runs rules on the case, whatever it expects. */
  public Report lint(List<Rule> rules) {
    List<Document> documents = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (Source source : sources) {
      Loaded loaded = new YamlReader(Limits.DEFAULT).read(source);
      documents.addAll(loaded.documents());
      problems.addAll(loaded.problems());
    }
    Linter.Options options =
        new Linter.Options(
            settings(),
            List.of(),
            List.of(),
            1,
            true,
            LocalDate.EPOCH,
            rules.stream().map(Rule::info).toList(),
            RuleChoices.NONE.withIntents(intents()).withComplete(true),
            Baseline.NONE,
            Questions.UNWRITTEN);
    return Linter.lint(new Loaded(documents, problems, sources.size()), rules, options);
  }

  private List<Intent> intents() {
    return sources.stream()
        .flatMap(source -> INTENT.matcher(source.text()).results())
        .map(line -> Intent.parse(line.group(1)))
        .toList();
  }

  /** What the first line of some file asks for. */
  private Settings settings() {
    Settings settings = Settings.DEFAULT;
    for (Source source : sources) {
      Matcher line = SETTINGS.matcher(source.line(1));
      if (line.matches()) {
        for (String word : line.group(1).strip().split(" +", -1)) {
          settings = with(settings, word);
        }
      }
    }
    return settings;
  }

  private static Settings with(Settings settings, String word) {
    int equals = word.indexOf('=');
    String value = word.substring(equals + 1);
    Settings.Platform known = settings.platform();
    return switch (equals < 0 ? word : word.substring(0, equals)) {
      case "closed-world" -> settings.withClosedWorld(true);
      case "kubernetes-version" -> settings.withPlatform(known.withVersion(value));
      case "cni" -> settings.withPlatform(known.withCni(value));
      case "pod-cidr" -> settings.withPlatform(known.withPodCidrs(List.of(value)));
      case "env-label" ->
          settings.withEnvironments(
              new Settings.Environments(value, Settings.Environments.PRODUCTION));
      case "service-cidr" -> settings.withPlatform(known.withServiceCidrs(List.of(value)));
      default -> throw new IllegalArgumentException("no setting for a case: " + word);
    };
  }

  private static String describe(Finding finding) {
    return finding.source().name()
        + ":"
        + finding.span().line()
        + ":"
        + finding.span().column()
        + ": "
        + finding.rule().id()
        + " "
        + finding.severity().word()
        + " \""
        + finding.message()
        + "\"";
  }
}
