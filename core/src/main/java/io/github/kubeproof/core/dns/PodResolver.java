package io.github.kubeproof.core.dns;

import io.github.kubeproof.core.cluster.Lists;
import io.kubernetes.client.openapi.models.V1PodDNSConfig;
import io.kubernetes.client.openapi.models.V1PodDNSConfigOption;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What kubelet writes into the {@code resolv.conf} of a pod, and what it leaves out because there
 * is too much of it (pkg/kubelet/network/dns/dns.go, GetPodDNS).
 *
 * @param source whom the names of the cluster are asked of
 * @param fallsBack whether the node is asked instead, as kubelet knows no DNS of the cluster
 * @param options sorted; {@code ndots:5}
 * @param droppedNameservers those that fell off the end
 * @param droppedSearches those that fell off the end, and those that are too long
 */
public record PodResolver(
    Source source,
    boolean fallsBack,
    List<String> nameservers,
    List<String> searches,
    List<String> options,
    List<String> droppedNameservers,
    List<String> droppedSearches) {

  /** As resolvers of the C library read no more (resolv.conf(5), MAXNS). */
  public static final int MAX_NAMESERVERS = 3;

  /** pkg/apis/core/validation/validation.go, MaxDNSSearchPaths. */
  public static final int MAX_SEARCHES = 32;

  /** pkg/apis/core/validation/validation.go, MaxDNSSearchListChars. */
  public static final int MAX_SEARCH_CHARACTERS = 2048;

  private static final int MAX_SEARCH_LENGTH = 253;

  /** Where the settings of a pod begin with. */
  public enum Source {
    /** The DNS of the cluster. */
    CLUSTER,
    /** The node's own file. */
    NODE,
    /** What the pod itself says, and nothing else. */
    POD
  }

  /**
   * What kubelet knows when it makes a pod.
   *
   * @param clusterDns the addresses of the cluster's DNS; empty where kubelet was told none
   * @param clusterDomain empty where there is none
   */
  public record Kubelet(NodeResolver node, List<String> clusterDns, String clusterDomain) {
    public Kubelet {
      clusterDns = List.copyOf(clusterDns);
    }
  }

  public PodResolver {
    nameservers = List.copyOf(nameservers);
    searches = List.copyOf(searches);
    options = List.copyOf(options);
    droppedNameservers = List.copyOf(droppedNameservers);
    droppedSearches = List.copyOf(droppedSearches);
  }

  /**
   * Where the settings of a pod begin with. A pod on the network of its node gets the node's unless
   * it asks for ClusterFirstWithHostNet; what the API server refuses is read as ClusterFirst.
   */
  public static Source sourceOf(V1PodSpec pod) {
    String policy = pod.getDnsPolicy() == null ? "" : pod.getDnsPolicy();
    return switch (policy) {
      case "None" -> Source.POD;
      case "Default" -> Source.NODE;
      case "ClusterFirstWithHostNet" -> Source.CLUSTER;
      case "ClusterFirst", "" ->
          Boolean.TRUE.equals(pod.getHostNetwork()) ? Source.NODE : Source.CLUSTER;
      default -> Source.CLUSTER;
    };
  }

  public static PodResolver of(V1PodSpec pod, String namespace, Kubelet kubelet) {
    Source source = sourceOf(pod);
    boolean fallsBack = source == Source.CLUSTER && kubelet.clusterDns().isEmpty();
    NodeResolver node = kubelet.node();
    V1PodDNSConfig config = pod.getDnsConfig();
    List<String> servers = new ArrayList<>();
    List<String> searches = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>();
    if (source == Source.NODE || fallsBack) {
      servers.addAll(node.nameservers());
      searches.addAll(node.searches());
      node.options().forEach(option -> put(option, options));
    } else if (source == Source.CLUSTER) {
      servers.addAll(kubelet.clusterDns());
      searches.addAll(clusterSearches(namespace, kubelet.clusterDomain()));
      searches.addAll(node.searches());
      options.put("ndots", "5"); // the node's options do not count
    }
    if (config != null) {
      servers.addAll(Lists.orEmpty(config.getNameservers()));
      searches.addAll(Lists.orEmpty(config.getSearches()));
      Lists.orEmpty(config.getOptions()).forEach(option -> put(option, options));
    }
    List<String> kept = distinct(servers);
    List<String> paths = distinct(searches);
    List<String> fitting = fitting(paths);
    return new PodResolver(
        source,
        fallsBack,
        kept.subList(0, Math.min(kept.size(), MAX_NAMESERVERS)),
        fitting,
        written(options),
        kept.subList(Math.min(kept.size(), MAX_NAMESERVERS), kept.size()),
        paths.stream().filter(path -> !fitting.contains(path)).toList());
  }

  /** {@code ns.svc.domain}, {@code svc.domain}, {@code domain}; none without a domain. */
  private static List<String> clusterSearches(String namespace, String domain) {
    return domain.isEmpty()
        ? List.of()
        : List.of(namespace + ".svc." + domain, "svc." + domain, domain);
  }

  private static void put(String written, Map<String, String> options) {
    int colon = written.indexOf(':');
    options.put(
        colon < 0 ? written : written.substring(0, colon),
        colon < 0 ? "" : written.substring(colon + 1));
  }

  private static void put(V1PodDNSConfigOption option, Map<String, String> options) {
    options.put(orEmpty(option.getName()), orEmpty(option.getValue()));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static List<String> written(Map<String, String> options) {
    return options.entrySet().stream()
        .map(
            option ->
                option.getValue().isEmpty()
                    ? option.getKey()
                    : option.getKey() + ":" + option.getValue())
        .sorted()
        .toList();
  }

  private static List<String> distinct(Collection<String> texts) {
    return List.copyOf(new LinkedHashSet<>(texts));
  }

  /** First as many as fit, then those that are not too long, then as many as fit in characters. */
  private static List<String> fitting(List<String> searches) {
    List<String> fitting =
        searches.stream()
            .limit(MAX_SEARCHES)
            .filter(search -> search.length() <= MAX_SEARCH_LENGTH)
            .collect(Collectors.toCollection(ArrayList::new));
    while (!fitting.isEmpty() && String.join(" ", fitting).length() > MAX_SEARCH_CHARACTERS) {
      fitting.remove(fitting.size() - 1);
    }
    return fitting;
  }

  /**
   * What kubelet tells about it.
   *
   * @param on {@code pod} or {@code node}
   */
  public record Event(String on, String reason, String message) {}

  /**
   * The events that kubelet writes.
   *
   * @param pod the pod as kubelet writes it: {@code name_namespace(uid)}
   */
  public List<Event> events(String pod) {
    List<Event> events = new ArrayList<>();
    if (fallsBack) {
      String message =
          "kubelet does not have ClusterDNS IP configured and cannot create Pod using"
              + " \"ClusterFirst\" policy. Falling back to \"Default\" policy.";
      events.add(new Event("node", "MissingClusterDNS", message));
      events.add(new Event("pod", "MissingClusterDNS", "pod: \"" + pod + "\". " + message));
    }
    if (!droppedNameservers.isEmpty()) {
      events.add(
          new Event(
              "pod",
              "DNSConfigForming",
              "Nameserver limits were exceeded, some nameservers have been omitted, the applied"
                  + " nameserver line is: "
                  + String.join(" ", nameservers)));
    }
    if (!droppedSearches.isEmpty()) {
      events.add(
          new Event(
              "pod",
              "DNSConfigForming",
              "Search Line limits were exceeded, some search paths have been omitted, the applied"
                  + " search line is: "
                  + String.join(" ", searches)));
    }
    return events;
  }
}
