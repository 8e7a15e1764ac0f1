package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.source.UserError;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known of the target cluster and of what is deployed together, beside the manifests.
 *
 * @param namespace the namespace of objects that name none
 * @param nodePorts the range that the API server allocates node ports from
 * @param domain the cluster domain, without a dot at its end
 * @param closedWorld whether nothing runs in the cluster but what the input holds
 */
public record Settings(
    String namespace,
    PortRange nodePorts,
    String domain,
    boolean closedWorld,
    UnitMode units,
    Dns dns) {

  public static final Settings DEFAULT =
      new Settings(
          "default",
          new PortRange(30000, 32767),
          "cluster.local",
          false,
          UnitMode.AUTO,
          Dns.DEFAULT);

  /** What counts as surely deployed together. */
  public enum UnitMode {
    /** The files of one folder, or each file alone where two of them define the same object. */
    AUTO,
    /** The files of one folder. */
    DIRECTORY,
    FILE,
    /** Everything under one argument. */
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
   * @param selectors any of these label sets marks a DNS pod, in any namespace
   * @param ports the ports that these pods listen on (not those of their Service)
   */
  public record Dns(List<Map<String, String>> selectors, List<Integer> ports) {

    // kubeadm and most clouds; charts of CoreDNS; NodeLocal DNSCache; OpenShift (which listens on
    // 5353)
    public static final Dns DEFAULT =
        new Dns(
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

  public Settings withNamespace(String value) {
    return new Settings(value, nodePorts, domain, closedWorld, units, dns);
  }

  public Settings withNodePorts(PortRange value) {
    return new Settings(namespace, value, domain, closedWorld, units, dns);
  }

  public Settings withDomain(String value) {
    return new Settings(namespace, nodePorts, value, closedWorld, units, dns);
  }

  public Settings withClosedWorld(boolean value) {
    return new Settings(namespace, nodePorts, domain, value, units, dns);
  }

  public Settings withUnits(UnitMode value) {
    return new Settings(namespace, nodePorts, domain, closedWorld, value, dns);
  }
}
