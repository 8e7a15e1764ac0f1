package io.github.kubeproof.core.config;

import io.github.kubeproof.core.cluster.Assumptions;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.Settings.Dns;
import io.github.kubeproof.core.cluster.Settings.Environments;
import io.github.kubeproof.core.cluster.Settings.NamedUnit;
import io.github.kubeproof.core.cluster.Settings.Platform;
import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.cluster.Settings.UnitMode;
import io.github.kubeproof.core.intent.AssumptionFields;
import io.github.kubeproof.core.intent.Intent;
import io.github.kubeproof.core.intent.Selectors;
import io.github.kubeproof.core.lint.Exemption;
import io.github.kubeproof.core.lint.FailOn;
import io.github.kubeproof.core.lint.Globs;
import io.github.kubeproof.core.lint.Profile;
import io.github.kubeproof.core.lint.RuleChoices;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Selection;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.render.Renderer.When;
import io.github.kubeproof.core.source.Fields;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads one configuration. Mutable: it collects where each value was written. */
final class ConfigurationReader {

  private static final String OFF = "off";

  private static final String[] KEYS = {
    "version", "profile", "failOn", "inputs", "cluster", "assume", "labels", "rules", "intents"
  };

  private final Path file;
  private final List<RuleInfo> known;
  private final Map<String, Place> written = new TreeMap<>();

  ConfigurationReader(Path file, List<RuleInfo> known) {
    this.file = file;
    this.known = known;
  }

  Configuration read(Fields top) {
    checkVersion(top);
    top.only(KEYS);
    note(top, "", "profile", "failOn", "intents");
    Profile profile =
        top.parsed("profile", word -> Values.choice(Profile.values(), word))
            .orElse(Profile.RECOMMENDED);
    FailOn failOn =
        top.parsed("failOn", word -> Values.choice(FailOn.values(), word)).orElse(FailOn.ERROR);
    Settings settings = Settings.DEFAULT;
    List<String> excludes = List.of();
    When render = When.AUTO;
    Optional<Fields> inputs =
        section(top, "inputs", "exclude", "render", "unit", "namespace", "world", "units");
    if (inputs.isPresent()) {
      excludes = inputs.get().allParsed("exclude", glob -> Globs.below(folder(), glob));
      render =
          inputs.get().parsed("render", word -> Values.choice(When.values(), word)).orElse(render);
      settings = inputs(inputs.get(), settings);
    }
    Optional<Fields> cluster =
        section(
            top,
            "cluster",
            "version",
            "domain",
            "nodePortRange",
            "podCIDRs",
            "serviceCIDRs",
            "nodeCIDRs",
            "cni",
            "dns");
    if (cluster.isPresent()) {
      settings = cluster(cluster.get(), settings);
    }
    Optional<Fields> assume = section(top, "assume", "namespaces", "services", "workloads");
    Assumptions assumptions = assume.map(AssumptionFields::read).orElse(Assumptions.NONE);
    Environments environments =
        section(top, "labels", "env")
            .flatMap(labels -> labels.fields("env"))
            .map(ConfigurationReader::environments)
            .orElse(Environments.UNKNOWN);
    RuleChoices rules = top.fields("rules").map(this::rules).orElse(RuleChoices.NONE);
    return new Configuration(
        file,
        settings.withAssume(assumptions).withEnvironments(environments),
        excludes,
        render,
        failOn,
        rules.withProfile(profile).withIntents(Intent.all(top, "intents", assumptions)),
        written);
  }

  private static void checkVersion(Fields top) {
    OptionalInt version = top.number("version");
    if (version.isEmpty()) {
      top.only(KEYS); // a misspelt key says more than one that is missing
      throw new UserError(
          top.place() + ": version is missing; begin with: version: " + Configuration.VERSION);
    }
    if (version.getAsInt() != Configuration.VERSION) {
      throw top.error(
          "version",
          "this kubeproof reads version "
              + Configuration.VERSION
              + " of the configuration, not "
              + version.getAsInt()
              + "; use a kubeproof that knows it, or write version: "
              + Configuration.VERSION
              + " and the keys that kubeproof config schema shows");
    }
  }

  /** A map with nothing but known keys; where each was written is kept. */
  private Optional<Fields> section(Fields top, String name, String... keys) {
    Optional<Fields> section = top.fields(name).map(fields -> fields.only(keys));
    section.ifPresent(fields -> note(fields, name + ".", keys));
    return section;
  }

  private void note(Fields fields, String prefix, String... keys) {
    for (String key : keys) {
      if (fields.has(key)) {
        written.put(prefix + key, fields.at(key));
      }
    }
  }

  private Path folder() {
    return Objects.requireNonNull(file.getParent(), "a file has a folder");
  }

  private Settings inputs(Fields inputs, Settings defaults) {
    return defaults
        .withUnits(
            inputs
                .parsed("unit", word -> Values.choice(UnitMode.values(), word))
                .orElse(defaults.units()))
        .withNamespace(inputs.parsed("namespace", Values::namespace).orElse(defaults.namespace()))
        .withClosedWorld(isClosed(inputs))
        .withNamed(units(inputs));
  }

  private static boolean isClosed(Fields fields) {
    return fields.parsed("world", word -> Values.choice(WorldKind.values(), word)).stream()
        .anyMatch(world -> world == WorldKind.CLOSED);
  }

  private List<NamedUnit> units(Fields inputs) {
    List<NamedUnit> units = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Fields unit : inputs.allFields("units")) {
      unit.only("name", "paths", "world");
      String name = unit.requiredText("name");
      if (name.isBlank() || !names.add(name)) {
        throw unit.error("name", name.isBlank() ? "name is empty" : "another unit has this name");
      }
      List<Path> paths = unit.allParsed("paths", this::existing);
      if (paths.isEmpty()) {
        throw unit.missing("paths");
      }
      units.add(new NamedUnit(name, paths, isClosed(unit)));
    }
    return units;
  }

  private enum WorldKind {
    OPEN,
    CLOSED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private Path existing(String text) {
    Path path = folder().resolve(text).normalize();
    if (!Files.exists(path)) {
      throw new UserError("no such file or folder: " + Configuration.shown(path));
    }
    return path;
  }

  private Settings cluster(Fields cluster, Settings defaults) {
    Settings settings = defaults;
    Optional<PortRange> nodePorts = cluster.parsed("nodePortRange", PortRange::of);
    if (nodePorts.isPresent()) {
      settings = settings.withNodePorts(nodePorts.get());
    }
    Optional<String> domain = cluster.parsed("domain", Values::domain);
    if (domain.isPresent()) {
      settings = settings.withDomain(domain.get());
    }
    String version = "";
    if (cluster.has("version")) {
      try {
        version = Values.version(cluster.textOrNumber("version").orElseThrow());
      } catch (UserError e) {
        throw cluster.error("version", String.valueOf(e.getMessage()));
      }
    }
    Platform platform =
        new Platform(
            version,
            cluster.parsed("cni", Values::plugin).orElse(""),
            cluster.allParsed("podCIDRs", Values::cidr),
            cluster.allParsed("serviceCIDRs", Values::cidr),
            cluster.allParsed("nodeCIDRs", Values::cidr));
    Dns dns = cluster.fields("dns").map(ConfigurationReader::dns).orElse(Dns.DEFAULT);
    return settings.withPlatform(platform).withDns(dns);
  }

  private static Dns dns(Fields dns) {
    dns.only("namespace", "selector", "ports");
    String namespace = dns.parsed("namespace", Values::namespace).orElse("");
    Map<String, String> selector = Selectors.labels(dns, "selector");
    List<Integer> ports = dns.numbers("ports");
    for (int port : ports) {
      if (port < 1 || port > 65535) {
        throw dns.error("ports", "not a port: " + port);
      }
    }
    return new Dns(
        namespace,
        selector.isEmpty() ? Dns.DEFAULT.selectors() : List.of(selector),
        ports.isEmpty() ? Dns.DEFAULT.ports() : ports);
  }

  private static Environments environments(Fields env) {
    env.only("key", "production");
    String key = env.parsed("key", Values::labelKey).orElseThrow(() -> env.missing("key"));
    List<String> production = env.allParsed("production", Values::labelValue);
    return new Environments(key, production.isEmpty() ? Environments.PRODUCTION : production);
  }

  private RuleChoices rules(Fields rules) {
    Map<String, Severity> severities = new TreeMap<>();
    Set<String> off = new TreeSet<>();
    List<Exemption> exemptions = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String key : rules.keys()) {
      String id = rule(rules, key);
      if (!seen.add(id)) {
        throw rules.error(key, id + " stands in the list already, under its name or its id");
      }
      Fields choices = rules.fields(key).orElseThrow().only("severity", "ignore");
      note(choices, "rules." + id + ".", "severity", "ignore");
      choices
          .word("severity")
          .map(word -> severity(choices, word))
          .ifPresent(
              word -> {
                if (word.equals(OFF)) {
                  off.add(id);
                } else {
                  severities.put(id, Severity.valueOf(word.toUpperCase(Locale.ROOT)));
                }
              });
      choices.allFields("ignore").forEach(item -> exemptions.add(exemption(id, item)));
    }
    return new RuleChoices(Profile.RECOMMENDED, severities, off, exemptions, List.of(), false);
  }

  private String rule(Fields rules, String word) {
    List<String> words = new ArrayList<>();
    for (RuleInfo info : known) {
      if (info.id().equals(word) || info.name().equals(word)) {
        return info.id();
      }
      words.add(info.id());
      words.add(info.name());
    }
    String partial = Selection.wholeIdHint(word);
    if (!partial.isEmpty()) {
      throw rules.error(word, "unknown rule: " + word + partial);
    }
    throw rules.error(
        word,
        "unknown rule: "
            + word
            + Spelling.nearest(word, words)
                .map(near -> "; did you mean " + near + "?")
                .orElse("; all of them are listed by: kubeproof rules"));
  }

  private static String severity(Fields choices, String word) {
    List<String> words = List.of("error", "warning", "info", OFF);
    if (!words.contains(word)) {
      throw choices.error(
          "severity",
          "unknown severity: "
              + word
              + Spelling.nearest(word, words)
                  .map(near -> "; did you mean " + near + "?")
                  .orElse("; choose one of " + String.join(", ", words)));
    }
    return word;
  }

  private static Exemption exemption(String id, Fields item) {
    item.only("resource", "reason", "until");
    String resource = item.requiredText("resource");
    if (!resource.matches("[^/]+(/[^/]+){1,2}")) {
      throw item.error("resource", "not Kind/namespace/name, such as Service/shop/*: " + resource);
    }
    String reason = item.requiredText("reason");
    if (reason.isBlank()) {
      throw item.error("reason", "the reason is empty");
    }
    LocalDate until = item.parsed("until", ConfigurationReader::date).orElse(null);
    return new Exemption(id, resource, reason, until, item.at("resource"));
  }

  private static LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new UserError("not a date like 2027-01-31: " + text);
    }
  }
}
