package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1EnvVar;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the names of Services in what is given to the containers of pods. */
final class ServiceMention {

  /** {@code name.namespace.svc}, whatever follows. */
  private static final Pattern QUALIFIED = Pattern.compile("[a-z0-9-]+\\.[a-z0-9-]+\\.svc\\b");

  /** The host of a URL, or what stands before a port. */
  private static final Pattern HOST =
      Pattern.compile("(?:://(?:[^/@\\s]*@)?([a-z0-9.-]+)|(?:^|[\\s,=])([a-z0-9.-]+):[0-9]+)");

  private ServiceMention() {}

  /** Where a value of an environment variable, an argument or a command names a known Service. */
  static Optional<Place> in(Workload workload) {
    Cluster cluster = workload.cluster();
    for (V1Container container : Lists.orEmpty(workload.podSpec().getContainers())) {
      for (V1EnvVar variable : Lists.orEmpty(container.getEnv())) {
        if (variable.getValue() != null && namesService(variable.getValue(), workload)) {
          return Optional.of(cluster.at(variable, "value"));
        }
      }
      Optional<Integer> argument = first(Lists.orEmpty(container.getArgs()), workload);
      if (argument.isPresent()) {
        return Optional.of(cluster.at(container, "args", argument.get()));
      }
      Optional<Integer> word = first(Lists.orEmpty(container.getCommand()), workload);
      if (word.isPresent()) {
        return Optional.of(cluster.at(container, "command", word.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Integer> first(List<String> texts, Workload workload) {
    for (int i = 0; i < texts.size(); i++) {
      if (namesService(texts.get(i), workload)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private static boolean namesService(String text, Workload workload) {
    if (QUALIFIED.matcher(text).find()) {
      return true;
    }
    Matcher hosts = HOST.matcher(text);
    while (hosts.find()) {
      String host = hosts.group(1) == null ? hosts.group(2) : hosts.group(1);
      if (isService(host, workload)) {
        return true;
      }
    }
    return false;
  }

  /** {@code name} in the namespace of the workload, or {@code name.namespace}. */
  private static boolean isService(String host, Workload workload) {
    String[] parts = host.split("\\.", -1);
    String namespace = parts.length == 1 ? workload.namespace() : parts[1];
    return parts.length <= 2 && !workload.cluster().world().services(namespace, parts[0]).isEmpty();
  }
}
