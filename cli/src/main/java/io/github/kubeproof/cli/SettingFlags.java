package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.Settings.Platform;
import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.config.Configuration;
import io.github.kubeproof.core.config.Values;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.render.Renderer.When;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.rules.Rules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * The flags that stand in for what a configuration says about the input and the cluster. Each is
 * null when neither it nor its variable is given. Mutable, because picocli sets the fields.
 */
final class SettingFlags {

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; the nearest .kubeproof.yaml unless said otherwise.")
  private @Nullable String config;

  @Option(names = "--no-config", description = "Read no configuration.")
  private boolean noConfig;

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "Leave these files out: '**/testdata/**'; may be repeated.")
  private @Nullable List<String> excludes;

  @Option(
      names = "--render",
      paramLabel = "WHEN",
      description = {
        "Render kustomizations and charts with the kustomize, kubectl and helm on the PATH: auto",
        "(the default) or never."
      })
  private @Nullable When render;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "The namespace of objects that name none; default unless said otherwise.")
  private @Nullable String namespace;

  @Option(
      names = "--kubernetes-version",
      paramLabel = "1.N",
      description = "The version of Kubernetes in the cluster.")
  private @Nullable String version;

  @Option(
      names = "--node-port-range",
      paramLabel = "A-B",
      description = "The node ports of the cluster; 30000-32767 unless said otherwise.")
  private @Nullable PortRange nodePorts;

  @Option(
      names = "--cluster-domain",
      paramLabel = "DOMAIN",
      description = "The domain of the cluster; cluster.local unless said otherwise.")
  private @Nullable String domain;

  @Option(
      names = "--pod-cidr",
      split = ",",
      paramLabel = "CIDR",
      description = "Where pods get their addresses from; may be repeated, as the next two.")
  private @Nullable List<String> podCidrs;

  @Option(
      names = "--service-cidr",
      split = ",",
      paramLabel = "CIDR",
      description = "Where Services get their addresses from.")
  private @Nullable List<String> serviceCidrs;

  @Option(
      names = "--node-cidr",
      split = ",",
      paramLabel = "CIDR",
      description = "Where nodes get their addresses from.")
  private @Nullable List<String> nodeCidrs;

  @Option(
      names = "--cni",
      paramLabel = "PLUGIN",
      description = "The network plugin: calico, cilium, flannel, ...; other for any other one.")
  private @Nullable String plugin;

  /** The keys of the configuration that flags stand in for, each with its flag. */
  private static final Map<String, String> FLAGS = flags();

  private static Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("profile", "--profile");
    flags.put("failOn", "--fail-on");
    flags.put("inputs.exclude", "--exclude");
    flags.put("inputs.render", "--render");
    flags.put("inputs.unit", "--unit");
    flags.put("inputs.namespace", "--namespace");
    flags.put("inputs.world", "--closed-world");
    flags.put("cluster.version", "--kubernetes-version");
    flags.put("cluster.domain", "--cluster-domain");
    flags.put("cluster.nodePortRange", "--node-port-range");
    flags.put("cluster.podCIDRs", "--pod-cidr");
    flags.put("cluster.serviceCIDRs", "--service-cidr");
    flags.put("cluster.nodeCIDRs", "--node-cidr");
    flags.put("cluster.cni", "--cni");
    return flags;
  }

  /** What holds for an input: flags before variables before the configuration before defaults. */
  Configuration configuration(List<String> arguments) {
    Configuration configuration = read(arguments);
    if (excludes != null) {
      configuration = configuration.withExcludes(excludes);
    }
    if (render != null) {
      configuration = configuration.withRender(render);
    }
    return configuration.with(settings(configuration.settings()));
  }

  private Configuration read(List<String> arguments) {
    if (noConfig) {
      if (config != null) {
        throw new UserError("--config and --no-config exclude each other");
      }
      return Configuration.NONE;
    }
    Optional<Path> file =
        config == null ? Configuration.find(arguments) : Optional.of(Text.path("--config", config));
    return file.map(
            found -> Configuration.read(found, Rules.all().stream().map(Rule::info).toList()))
        .orElse(Configuration.NONE);
  }

  private Settings settings(Settings configured) {
    Settings settings = configured;
    if (namespace != null) {
      settings = settings.withNamespace(checked("--namespace", namespace, Values::namespace));
    }
    if (nodePorts != null) {
      settings = settings.withNodePorts(nodePorts);
    }
    if (domain != null) {
      settings = settings.withDomain(checked("--cluster-domain", domain, Values::domain));
    }
    return settings.withPlatform(platform(settings.platform()));
  }

  private Platform platform(Platform configured) {
    return new Platform(
        version == null
            ? configured.version()
            : checked("--kubernetes-version", version, Values::version),
        plugin == null ? configured.cni() : checked("--cni", plugin, Values::plugin),
        cidrs("--pod-cidr", podCidrs, configured.podCidrs()),
        cidrs("--service-cidr", serviceCidrs, configured.serviceCidrs()),
        cidrs("--node-cidr", nodeCidrs, configured.nodeCidrs()));
  }

  private static List<String> cidrs(
      String flag, @Nullable List<String> given, List<String> configured) {
    if (given == null) {
      return configured;
    }
    List<String> cidrs = new ArrayList<>();
    for (String cidr : given) {
      cidrs.add(checked(flag, cidr, Values::cidr));
    }
    return cidrs;
  }

  private static String checked(String flag, String text, UnaryOperator<String> reader) {
    try {
      return reader.apply(text);
    } catch (UserError e) {
      throw new UserError(flag + ": " + e.getMessage());
    }
  }

  /** Where the value of a key comes from: a flag, a variable, a place, or the defaults. */
  String origin(String key, Configuration configuration, Map<String, String> environment) {
    String flag = FLAGS.get(key);
    Optional<String> given = flag == null ? Optional.empty() : given(flag, environment);
    return given.orElseGet(
        () ->
            Optional.ofNullable(configuration.written().get(key))
                .map(Object::toString)
                .orElse("default"));
  }

  /** The flag where it is given, or the variable that stands in for it. */
  private Optional<String> given(String flag, Map<String, String> environment) {
    if (command == null) {
      return Optional.empty();
    }
    if (command.commandLine().getParseResult().hasMatchedOption(flag)) {
      return Optional.of(flag);
    }
    OptionSpec option = command.findOption(flag);
    return new Environment(environment).variable(option);
  }
}
