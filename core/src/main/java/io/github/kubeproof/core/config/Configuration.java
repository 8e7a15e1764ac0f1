package io.github.kubeproof.core.config;

import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.Settings.Dns;
import io.github.kubeproof.core.cluster.Settings.NamedUnit;
import io.github.kubeproof.core.lint.Exemption;
import io.github.kubeproof.core.lint.FailOn;
import io.github.kubeproof.core.lint.RuleChoices;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.render.Renderer.When;
import io.github.kubeproof.core.source.Fields;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.UserError;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a project tells Kubeproof once and for all, in {@value #FILE}; whatever it does not say has
 * the default.
 *
 * @param file the configuration that was read; null when there is none
 * @param excludes globs that begin at the root of the file system
 * @param render whether kustomizations and charts are rendered
 * @param written where each value that it says was written, by its key: {@code cluster.domain}
 */
public record Configuration(
    @Nullable Path file,
    Settings settings,
    List<String> excludes,
    When render,
    FailOn failOn,
    RuleChoices rules,
    Map<String, Place> written) {

  /** The name of the file that is looked for. */
  public static final String FILE = ".kubeproof.yaml";

  /** The version of the format that is read. */
  public static final int VERSION = 1;

  /** All defaults. */
  public static final Configuration NONE =
      new Configuration(
          null, Settings.DEFAULT, List.of(), When.AUTO, FailOn.ERROR, RuleChoices.NONE, Map.of());

  public Configuration {
    excludes = List.copyOf(excludes);
    written = Collections.unmodifiableMap(new TreeMap<>(written));
  }

  /**
   * The configuration that belongs to an input: the nearest one from each argument up to the folder
   * that holds {@code .git}, or to the root of the file system.
   *
   * @param arguments files and folders; {@code -} counts as the current folder
   * @return empty when there is none
   * @throws UserError when two arguments belong to different ones
   */
  public static Optional<Path> find(List<String> arguments) {
    Set<Path> found = new LinkedHashSet<>();
    for (String argument : arguments) {
      absolute(argument.equals("-") ? "" : argument)
          .flatMap(Configuration::above)
          .ifPresent(found::add);
    }
    if (found.size() > 1) {
      throw new UserError(
          "the input belongs to several configurations: "
              + String.join(", ", found.stream().map(Configuration::shown).toList())
              + "; choose one with --config, or lint one part at a time");
    }
    return found.stream().findFirst();
  }

  /** Empty for what is no path, which reading it will say. */
  private static Optional<Path> absolute(String argument) {
    try {
      return Optional.of(Path.of(argument).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> above(Path input) {
    for (Path at = input; at != null; at = at.getParent()) {
      Path file = at.resolve(FILE);
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
      if (Files.exists(at.resolve(".git"))) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * Reads a configuration.
   *
   * @param known all rules there are
   * @throws UserError for every slip in it, with file, line and column
   */
  public static Configuration read(Path file, List<RuleInfo> known) {
    Source source;
    try {
      source = new Source(shown(file), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new UserError("no such configuration: " + shown(file));
    } catch (MalformedInputException e) {
      throw new UserError("the configuration is not UTF-8: " + shown(file));
    } catch (IOException e) {
      throw new UserError("cannot read the configuration " + shown(file) + ": " + e.getMessage());
    }
    return new ConfigurationReader(file.toAbsolutePath().normalize(), known)
        .read(Fields.read(source));
  }

  public Configuration with(Settings value) {
    return new Configuration(file, value, excludes, render, failOn, rules, written);
  }

  public Configuration with(RuleChoices value) {
    return new Configuration(file, settings, excludes, render, failOn, value, written);
  }

  public Configuration withExcludes(List<String> value) {
    return new Configuration(file, settings, value, render, failOn, rules, written);
  }

  public Configuration withRender(When value) {
    return new Configuration(file, settings, excludes, value, failOn, rules, written);
  }

  public Configuration withFailOn(FailOn value) {
    return new Configuration(file, settings, excludes, render, value, rules, written);
  }

  /**
   * Whether some arguments hold everything that this configuration is about: its own folder, or one
   * above it.
   */
  public boolean isWholly(List<String> arguments) {
    Path folder = file == null ? null : file.getParent();
    return folder != null
        && arguments.stream()
            .filter(argument -> !argument.equals("-"))
            .anyMatch(
                argument -> folder.startsWith(Path.of(argument).toAbsolutePath().normalize()));
  }

  /** Every value, by its key, in the order of the sections; empty texts where nothing is said. */
  public Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("profile", rules.profile().toString());
    values.put("failOn", failOn.toString());
    values.put("inputs.exclude", String.join(", ", excludes));
    values.put("inputs.render", render.toString());
    values.put("inputs.unit", settings.units().toString());
    values.put("inputs.namespace", settings.namespace());
    values.put("inputs.world", settings.closedWorld() ? "closed" : "open");
    values.put("inputs.units", list(settings.named(), Configuration::unit));
    values.put("cluster.version", settings.platform().version());
    values.put("cluster.domain", settings.domain());
    values.put("cluster.nodePortRange", settings.nodePorts().toString());
    values.put("cluster.podCIDRs", String.join(", ", settings.platform().podCidrs()));
    values.put("cluster.serviceCIDRs", String.join(", ", settings.platform().serviceCidrs()));
    values.put("cluster.nodeCIDRs", String.join(", ", settings.platform().nodeCidrs()));
    values.put("cluster.cni", settings.platform().cni());
    values.put("cluster.dns", dns(settings.dns()));
    values.put(
        "assume.namespaces",
        list(settings.assume().namespaces().entrySet(), n -> n.getKey() + labels(n.getValue())));
    values.put("assume.services", list(settings.assume().services(), Object::toString));
    values.put(
        "assume.workloads",
        list(settings.assume().workloads(), pods -> pods.namespace() + labels(pods.labels())));
    values.put("labels.env", settings.environments().toString());
    rules.off().forEach(id -> values.put("rules." + id + ".severity", "off"));
    rules.severities().forEach((id, s) -> values.put("rules." + id + ".severity", s.word()));
    for (Exemption exemption : rules.exemptions()) {
      values.merge(
          "rules." + exemption.rule() + ".ignore",
          exemption.toString(),
          (some, more) -> some + "; " + more);
    }
    values.put("intents", list(rules.intents(), Object::toString));
    return values;
  }

  private static <T> String list(Collection<T> items, Function<T, String> word) {
    return items.stream().map(word).collect(Collectors.joining("; "));
  }

  private static String unit(NamedUnit unit) {
    return unit.name()
        + " ("
        + (unit.closed() ? "closed: " : "")
        + list(unit.paths(), Configuration::shown)
        + ")";
  }

  private static String dns(Dns dns) {
    return list(dns.selectors(), Configuration::labels).strip()
        + " on "
        + list(dns.ports(), String::valueOf)
        + (dns.namespace().isEmpty() ? "" : " in " + dns.namespace());
  }

  private static String labels(Map<String, String> labels) {
    return labels.isEmpty() ? "" : " " + new TreeMap<>(labels);
  }

  /** A file as it is shown: relative to the current folder when it is below. */
  static String shown(Path file) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = file.toAbsolutePath().normalize();
    Path shown = absolute.startsWith(here) ? here.relativize(absolute) : absolute;
    return shown.toString().replace('\\', '/');
  }
}
