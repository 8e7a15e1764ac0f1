package io.github.kubeproof.maven;

import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.Settings.Platform;
import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.cluster.Settings.UnitMode;
import io.github.kubeproof.core.config.Configuration;
import io.github.kubeproof.core.config.Values;
import io.github.kubeproof.core.lint.Baseline;
import io.github.kubeproof.core.lint.Costs;
import io.github.kubeproof.core.lint.FailOn;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Linter;
import io.github.kubeproof.core.lint.Note;
import io.github.kubeproof.core.lint.Notice;
import io.github.kubeproof.core.lint.Profile;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Selection;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.render.Renderer;
import io.github.kubeproof.core.report.Format;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.rules.Rules;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.eclipse.aether.RepositorySystem;
import org.jspecify.annotations.Nullable;

/**
 * Lints the Kubernetes manifests of the project, and fails the build on what is found.
 *
 * <p>Mutable, because Maven sets the fields.
 */
@Mojo(name = "check", defaultPhase = LifecyclePhase.VERIFY, threadSafe = true)
public final class CheckMojo extends AbstractMojo {

  private static final List<String> USUAL_FOLDERS =
      List.of("src/main/kubernetes", "src/main/k8s", "k8s", "kubernetes", "deploy", "manifests");

  private final RepositorySystem repositories;
  private final MavenSession session;
  private final MavenProject project;

  /** Does nothing when true. */
  @Parameter(property = "kubeproof.skip")
  private boolean skip;

  /**
   * The configuration. When not given, the nearest .kubeproof.yaml from the inputs up to the root
   * of the repository.
   */
  @Parameter(property = "kubeproof.config", defaultValue = "${env.KUBEPROOF_CONFIG}")
  private @Nullable File config;

  /** Whether no configuration is read. */
  @Parameter(property = "kubeproof.noConfig", defaultValue = "${env.KUBEPROOF_NO_CONFIG}")
  private boolean noConfig;

  /** Which rules run: recommended or strict. */
  @Parameter(property = "kubeproof.profile", defaultValue = "${env.KUBEPROOF_PROFILE}")
  private @Nullable String profile;

  /**
   * From which severity on a finding fails the build: error, warning, info or never; error where
   * neither this nor the configuration says otherwise.
   */
  @Parameter(property = "kubeproof.failOn", defaultValue = "${env.KUBEPROOF_FAIL_ON}")
  private @Nullable String failOn;

  /**
   * Files and folders to lint. When not given, those of src/main/kubernetes, src/main/k8s, k8s,
   * kubernetes, deploy and manifests that the project has.
   */
  @Parameter(property = "kubeproof.inputs")
  private List<File> inputs = List.of();

  /**
   * Globs over paths, such as {@code **}{@code /prod/**}: of folders, only these files are read.
   */
  @Parameter(property = "kubeproof.includes")
  private List<String> includes = List.of();

  /** Globs over paths of files and folders that are left out. */
  @Parameter(property = "kubeproof.excludes")
  private List<String> excludes = List.of();

  /** Rules to run: ids, beginnings of ids, names or groups. When not given, all of them. */
  @Parameter(property = "kubeproof.select")
  private List<String> select = List.of();

  /** Rules not to run. */
  @Parameter(property = "kubeproof.ignore")
  private List<String> ignore = List.of();

  /** Whether nothing runs in the cluster but what is linted here. */
  @Parameter(property = "kubeproof.closedWorld", defaultValue = "${env.KUBEPROOF_CLOSED_WORLD}")
  private @Nullable Boolean closedWorld;

  /**
   * Whether kustomizations and charts are rendered, with the programs on the PATH: auto or never.
   */
  @Parameter(property = "kubeproof.render", defaultValue = "${env.KUBEPROOF_RENDER}")
  private @Nullable String render;

  /** What is surely deployed together: auto, dir, file or all. */
  @Parameter(property = "kubeproof.unit", defaultValue = "${env.KUBEPROOF_UNIT}")
  private @Nullable String unit;

  /** The namespace of objects that name none; default where nothing else is said. */
  @Parameter(property = "kubeproof.namespace", defaultValue = "${env.KUBEPROOF_NAMESPACE}")
  private @Nullable String namespace;

  /** The version of Kubernetes in the cluster, such as 1.34. */
  @Parameter(
      property = "kubeproof.kubernetesVersion",
      defaultValue = "${env.KUBEPROOF_KUBERNETES_VERSION}")
  private @Nullable String kubernetesVersion;

  /** The domain of the cluster; cluster.local where nothing else is said. */
  @Parameter(property = "kubeproof.clusterDomain", defaultValue = "${env.KUBEPROOF_CLUSTER_DOMAIN}")
  private @Nullable String clusterDomain;

  /** Where pods get their addresses from: blocks, such as 10.244.0.0/16. */
  @Parameter(property = "kubeproof.podCidrs")
  private List<String> podCidrs = List.of();

  /** Where Services get their addresses from. */
  @Parameter(property = "kubeproof.serviceCidrs")
  private List<String> serviceCidrs = List.of();

  /** Where nodes get their addresses from. */
  @Parameter(property = "kubeproof.nodeCidrs")
  private List<String> nodeCidrs = List.of();

  /** The network plugin: calico, cilium, flannel, and so on; other for any other one. */
  @Parameter(property = "kubeproof.cni", defaultValue = "${env.KUBEPROOF_CNI}")
  private @Nullable String cni;

  /** The node ports of the cluster. */
  @Parameter(
      property = "kubeproof.nodePortRange",
      defaultValue = "${env.KUBEPROOF_NODE_PORT_RANGE}")
  private @Nullable String nodePortRange;

  /** Findings that were there before, and that are not repeated. */
  @Parameter(property = "kubeproof.baseline", defaultValue = "${env.KUBEPROOF_BASELINE}")
  private @Nullable File baseline;

  /** Whether what is resolved is taken out of the baseline; where there is none, it is written. */
  @Parameter(property = "kubeproof.updateBaseline")
  private boolean updateBaseline;

  /** A file to write the findings to, as SARIF; its folder is made where it is missing. */
  @Parameter(property = "kubeproof.sarif")
  private @Nullable File sarif;

  @Inject
  CheckMojo(RepositorySystem repositories, MavenSession session, MavenProject project) {
    this.repositories = repositories;
    this.session = session;
    this.project = project;
  }

  @Override
  public void execute() throws MojoExecutionException, MojoFailureException {
    if (skip) {
      getLog().info("skipped, as kubeproof.skip says");
      return;
    }
    try {
      check();
    } catch (UserError e) {
      throw new MojoExecutionException(String.valueOf(e.getMessage()));
    }
  }

  private void check() throws MojoFailureException {
    List<String> arguments = arguments();
    if (arguments.isEmpty()) {
      getLog()
          .info(
              "nothing to lint: "
                  + project.getBasedir()
                  + " has none of "
                  + String.join(", ", USUAL_FOLDERS));
      return;
    }
    Configuration configuration = configuration(arguments);
    List<Rule> rules = Selection.of(Rules.all(), select, ignore, configuration.rules());
    Linter.Options options = options(configuration, arguments);
    Solver.provide(repositories, session, project, getLog());
    Report report = Linter.lint(arguments, InputStream.nullInputStream(), rules, options);
    report.findings().forEach(this::log);
    report.notices().forEach(this::log);
    writeSarif(report);
    compare(report, options.baseline());
    String summary = summary(report, arguments);
    if (configuration.failOn().fails(report)) {
      throw new MojoFailureException(summary + "; the build fails on " + configuration.failOn());
    }
    getLog().info(summary);
  }

  /** The parameters before what the configuration says. */
  private Configuration configuration(List<String> arguments) {
    Configuration configuration = read(arguments);
    if (render != null) {
      configuration = configuration.withRender(choose("render", render, Renderer.When.values()));
    }
    if (profile != null) {
      Profile chosen = choose("profile", profile, Profile.values());
      configuration = configuration.with(configuration.rules().withProfile(chosen));
    }
    if (failOn != null) {
      configuration = configuration.withFailOn(choose("failOn", failOn, FailOn.values()));
    }
    if (!excludes.isEmpty()) {
      configuration = configuration.withExcludes(excludes);
    }
    return configuration.with(settings(configuration.settings()));
  }

  private Settings settings(Settings configured) {
    Settings settings = configured;
    if (closedWorld != null) {
      settings = settings.withClosedWorld(closedWorld);
    }
    if (unit != null) {
      settings = settings.withUnits(choose("unit", unit, UnitMode.values()));
    }
    if (namespace != null) {
      settings = settings.withNamespace(read("namespace", namespace, Values::namespace));
    }
    if (nodePortRange != null) {
      settings = settings.withNodePorts(read("nodePortRange", nodePortRange, PortRange::of));
    }
    if (clusterDomain != null) {
      settings = settings.withDomain(read("clusterDomain", clusterDomain, Values::domain));
    }
    return settings.withPlatform(platform(settings.platform()));
  }

  private Platform platform(Platform configured) {
    return new Platform(
        kubernetesVersion == null
            ? configured.version()
            : read("kubernetesVersion", kubernetesVersion, Values::version),
        cni == null ? configured.cni() : read("cni", cni, Values::plugin),
        cidrs("podCidrs", podCidrs, configured.podCidrs()),
        cidrs("serviceCidrs", serviceCidrs, configured.serviceCidrs()),
        cidrs("nodeCidrs", nodeCidrs, configured.nodeCidrs()));
  }

  private static List<String> cidrs(String parameter, List<String> given, List<String> configured) {
    return given.isEmpty()
        ? configured
        : given.stream().map(cidr -> read(parameter, cidr, Values::cidr)).toList();
  }

  private Configuration read(List<String> arguments) {
    if (noConfig) {
      return Configuration.NONE;
    }
    Optional<Path> file =
        config == null ? Configuration.find(arguments) : Optional.of(config.toPath());
    return file.map(found -> Configuration.read(found, known())).orElse(Configuration.NONE);
  }

  private static List<RuleInfo> known() {
    return Rules.all().stream().map(Rule::info).toList();
  }

  private Linter.Options options(Configuration configuration, List<String> arguments) {
    return new Linter.Options(
        configuration.settings(),
        includes,
        configuration.excludes(),
        Runtime.getRuntime().availableProcessors(),
        true,
        LocalDate.now(ZoneOffset.UTC),
        known(),
        configuration.rules().withComplete(configuration.isWholly(arguments)),
        baseline == null ? Baseline.NONE : Baseline.read(baseline.toPath(), updateBaseline),
        Questions.UNWRITTEN,
        Renderer.of(configuration.render(), System.getenv()),
        Costs.UNMEASURED);
  }

  private List<String> arguments() {
    Path base = project.getBasedir().toPath();
    if (!inputs.isEmpty()) {
      return inputs.stream().map(input -> name(input.toPath())).toList();
    }
    return USUAL_FOLDERS.stream()
        .map(base::resolve)
        .filter(Files::isDirectory)
        .map(CheckMojo::name)
        .toList();
  }

  /** Relative to where Maven was started, when it is below: SARIF wants such names. */
  private static String name(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = path.toAbsolutePath().normalize();
    return absolute.startsWith(here) && !absolute.equals(here)
        ? here.relativize(absolute).toString()
        : absolute.toString();
  }

  private void log(Finding finding) {
    Consumer<String> level =
        switch (finding.severity()) {
          case ERROR -> getLog()::error;
          case WARNING -> getLog()::warn;
          case INFO -> getLog()::info;
        };
    level.accept(
        at(finding.source(), finding.span())
            + ": "
            + finding.severity().word()
            + " "
            + finding.rule().id()
            + ": "
            + finding.message());
    for (Note note : finding.notes()) {
      level.accept("  " + at(note.place().source(), note.place().span()) + ": " + note.message());
    }
    if (!finding.help().isEmpty()) {
      level.accept("  help: " + finding.help());
    }
  }

  private void log(Notice notice) {
    Source source = notice.source();
    Span span = notice.span();
    String where = source == null || span == null ? "" : at(source, span) + ": ";
    if (notice.incomplete()) {
      getLog().warn(where + notice.message());
    } else {
      getLog().info(where + notice.message());
    }
  }

  /** Absolute, so that an editor finds it from wherever the build runs. */
  private static String at(Source source, Span span) {
    return Path.of(source.name()).toAbsolutePath() + ":" + span.line() + ":" + span.column();
  }

  private void compare(Report report, Baseline baseline) {
    Baseline.Comparison comparison = report.comparison();
    if (comparison != null) {
      comparison.resolved().forEach(entry -> getLog().info("resolved: " + entry));
      getLog().info("baseline: " + comparison);
      if (updateBaseline) {
        baseline.write(comparison);
      }
    }
  }

  private void writeSarif(Report report) {
    File file = sarif;
    if (file == null) {
      return;
    }
    Path target = file.toPath().toAbsolutePath();
    try {
      Path folder = target.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      try (Writer writer = Files.newBufferedWriter(target)) {
        Format.SARIF.reporter(Build.read().version(), false).write(report, writer);
      }
    } catch (IOException e) {
      throw new UserError("cannot write " + target + ": " + e);
    }
  }

  private static String summary(Report report, List<String> arguments) {
    return Stream.of(Severity.values())
            .map(severity -> count(report.count(severity), severity.word()))
            .collect(Collectors.joining(", "))
        + " in "
        + count(report.resources(), "object")
        + " of "
        + count(report.files(), "file")
        + " under "
        + String.join(", ", arguments);
  }

  private static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static <E extends Enum<E>> E choose(String parameter, String word, E[] values) {
    return read(parameter, word, w -> Values.choice(values, w));
  }

  private static <T> T read(String parameter, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (UserError e) {
      throw new UserError(parameter + ": " + e.getMessage());
    }
  }
}
