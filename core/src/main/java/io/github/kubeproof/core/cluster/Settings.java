package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known of the target cluster and of what is deployed together, beside the manifests.
 *
 * @param namespace the namespace of objects that name none
 * @param nodePorts the range that the API server allocates node ports from
 * @param domain the cluster domain, without a dot at its end
 * @param closedWorld whether nothing runs in the cluster but what the input holds
 * @param named units that the user names; they come before what {@code units} makes
 * @param assume what exists outside of the input
 * @param environments how namespaces tell which environment they belong to
 */
public record Settings(
    String namespace,
    PortRange nodePorts,
    String domain,
    boolean closedWorld,
    UnitMode units,
    Dns dns,
    Platform platform,
    List<NamedUnit> named,
    Assumptions assume,
    Environments environments) {

  public static final Settings DEFAULT =
      new Settings(
          "default",
          new PortRange(30000, 32767),
          "cluster.local",
          false,
          UnitMode.AUTO,
          Dns.DEFAULT,
          Platform.UNKNOWN,
          List.of(),
          Assumptions.NONE,
          Environments.UNKNOWN);

  public Settings {
    named = List.copyOf(named);
  }

  /**
   * What the user says about the cluster itself; all of it may be unknown.
   *
   * @param version of Kubernetes, as {@code 1.34}; empty when unknown
   * @param cni the network plugin, in lower case; empty when unknown
   * @param podCidrs the blocks that pods get their addresses from; empty when unknown
   * @param nodeCidrs those that nodes get theirs from; empty when unknown
   */
  public record Platform(
      String version,
      String cni,
      List<String> podCidrs,
      List<String> serviceCidrs,
      List<String> nodeCidrs) {

    public static final Platform UNKNOWN = new Platform("", "", List.of(), List.of(), List.of());

    public Platform {
      podCidrs = List.copyOf(podCidrs);
      serviceCidrs = List.copyOf(serviceCidrs);
      nodeCidrs = List.copyOf(nodeCidrs);
    }

    public Platform withVersion(String other) {
      return new Platform(other, cni, podCidrs, serviceCidrs, nodeCidrs);
    }

    public Platform withCni(String other) {
      return new Platform(version, other, podCidrs, serviceCidrs, nodeCidrs);
    }

    public Platform withPodCidrs(List<String> others) {
      return new Platform(version, cni, others, serviceCidrs, nodeCidrs);
    }

    public Platform withServiceCidrs(List<String> others) {
      return new Platform(version, cni, podCidrs, others, nodeCidrs);
    }

    /** The minor release of Kubernetes 1; later than any other where the version is unknown. */
    public int release() {
      return version.isEmpty()
          ? Integer.MAX_VALUE
          : Integer.parseInt(version.substring(version.indexOf('.') + 1));
    }
  }

  /**
   * Files that the user says are deployed together.
   *
   * @param paths files and folders, absolute and without steps back
   * @param closed whether nothing runs beside it but what the input holds
   */
  public record NamedUnit(String name, List<Path> paths, boolean closed) {
    public NamedUnit {
      paths = List.copyOf(paths);
    }

    boolean covers(Source source) {
      if (source.name().equals(Source.STDIN)) {
        return false;
      }
      Path file = Path.of(source.name()).toAbsolutePath().normalize();
      return paths.stream().anyMatch(file::startsWith);
    }

    /** How the unit is called in findings; no folder is called so. */
    @Override
    public String toString() {
      return "unit " + name;
    }
  }

  /** What counts as surely deployed together. */
  public enum UnitMode {
    /** The files of one folder, or each file alone where two of them define the same object. */
    AUTO,
    /** The files of one folder. */
    DIRECTORY,
    FILE,
    /** Everything that is given. */
    ALL;

    /** The word that the user types for it. */
    @Override
    public String toString() {
      return this == DIRECTORY ? "dir" : name().toLowerCase(Locale.ROOT);
    }
  }

  /** Port numbers from first to last, both included. */
  public record PortRange(int first, int last) {

    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,5})-(\\d{1,5})");

    /**
     * A range as the API server's flag has it: {@code 30000-32767}.
     *
     * @throws UserError when it is no range of ports
     */
    public static PortRange of(String written) {
      Matcher matcher = WRITTEN.matcher(written.strip());
      if (matcher.matches()) {
        int first = Integer.parseInt(matcher.group(1));
        int last = Integer.parseInt(matcher.group(2));
        if (1 <= first && first <= last && last <= 65535) {
          return new PortRange(first, last);
        }
      }
      throw new UserError("not a range of ports, such as 30000-32767: " + written);
    }

    public boolean contains(int port) {
      return first <= port && port <= last;
    }

    @Override
    public String toString() {
      return first + "-" + last;
    }
  }

  /**
   * The pods that answer DNS.
   *
   * @param namespace where they run; empty for any namespace
   * @param selectors any of these label sets marks a DNS pod
   * @param ports the ports that these pods listen on (not those of their Service)
   */
  public record Dns(String namespace, List<Map<String, String>> selectors, List<Integer> ports) {

    // kubeadm and most clouds; charts of CoreDNS; NodeLocal DNSCache; OpenShift (which listens on
    // 5353)
    public static final Dns DEFAULT =
        new Dns(
            "",
            List.of(
                Map.of("k8s-app", "kube-dns"),
                Map.of("k8s-app", "coredns"),
                Map.of("app.kubernetes.io/name", "coredns"),
                Map.of("k8s-app", "node-local-dns"),
                Map.of("dns.operator.openshift.io/daemonset-dns", "default")),
            List.of(53, 5353));

    public Dns {
      selectors = List.copyOf(selectors);
      ports = List.copyOf(ports);
    }
  }

  /**
   * How the labels of namespaces tell which environment they belong to.
   *
   * @param key the label that tells it; empty when the user does not say
   * @param production its values that mean production
   */
  public record Environments(String key, List<String> production) {

    public static final Environments UNKNOWN = new Environments("", List.of());

    /** What production is called where the user does not say. */
    public static final List<String> PRODUCTION = List.of("prod", "production");

    public Environments {
      production = List.copyOf(production);
    }

    public boolean isProduction(Map<String, String> namespaceLabels) {
      return production.contains(namespaceLabels.getOrDefault(key, ""));
    }

    /**
     * Picks the namespaces that say that they are not production; those without the label say
     * nothing.
     */
    public Selector others() {
      return new Selector(
          List.of(
              new Selector.Requirement(key, Selector.Operator.EXISTS, List.of()),
              new Selector.Requirement(key, Selector.Operator.NOT_IN, production)));
    }

    /** {@code env=prod}, {@code env in [prod, production]}; empty when unknown. */
    @Override
    public String toString() {
      return key.isEmpty()
          ? ""
          : new Selector.Requirement(key, Selector.Operator.IN, production).toString();
    }
  }

  /** The first unit of the user's that a file belongs to. */
  Optional<NamedUnit> unitOf(Source source) {
    return named.stream().filter(unit -> unit.covers(source)).findFirst();
  }

  public Settings withNamespace(String value) {
    return with(copy -> copy.namespace = value);
  }

  public Settings withNodePorts(PortRange value) {
    return with(copy -> copy.nodePorts = value);
  }

  public Settings withDomain(String value) {
    return with(copy -> copy.domain = value);
  }

  public Settings withClosedWorld(boolean value) {
    return with(copy -> copy.closedWorld = value);
  }

  public Settings withUnits(UnitMode value) {
    return with(copy -> copy.units = value);
  }

  public Settings withDns(Dns value) {
    return with(copy -> copy.dns = value);
  }

  public Settings withPlatform(Platform value) {
    return with(copy -> copy.platform = value);
  }

  public Settings withNamed(List<NamedUnit> value) {
    return with(copy -> copy.named = value);
  }

  public Settings withAssume(Assumptions value) {
    return with(copy -> copy.assume = value);
  }

  public Settings withEnvironments(Environments value) {
    return with(copy -> copy.environments = value);
  }

  private Settings with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return new Settings(
        copy.namespace,
        copy.nodePorts,
        copy.domain,
        copy.closedWorld,
        copy.units,
        copy.dns,
        copy.platform,
        copy.named,
        copy.assume,
        copy.environments);
  }

  /** Settings in the making. */
  private static final class Copy {
    private String namespace;
    private PortRange nodePorts;
    private String domain;
    private boolean closedWorld;
    private UnitMode units;
    private Dns dns;
    private Platform platform;
    private List<NamedUnit> named;
    private Assumptions assume;
    private Environments environments;

    Copy(Settings settings) {
      namespace = settings.namespace;
      nodePorts = settings.nodePorts;
      domain = settings.domain;
      closedWorld = settings.closedWorld;
      units = settings.units;
      dns = settings.dns;
      platform = settings.platform;
      named = settings.named;
      assume = settings.assume;
      environments = settings.environments;
    }
  }
}
