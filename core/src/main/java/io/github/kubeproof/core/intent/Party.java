package io.github.kubeproof.core.intent;

import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.traffic.Cidr;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One side of an intent: who sends, or who receives. */
public sealed interface Party {

  /** The kinds that a {@link Workload} of the input may have. */
  Set<String> WORKLOADS =
      Collections.unmodifiableSet(
          new TreeSet<>(
              Set.of(
                  "CronJob",
                  "DaemonSet",
                  "Deployment",
                  "Job",
                  "Pod",
                  "ReplicaSet",
                  "ReplicationController",
                  "StatefulSet")));

  /** Whether it is made of addresses outside of the cluster. */
  default boolean isOutside() {
    return this instanceof Block || this instanceof Outside;
  }

  /**
   * Every pod that its labels and those of its namespace pick, also pods that the input does not
   * show. A namespace that is named is picked by {@link World#NAMESPACE_NAME}.
   *
   * <p>Of pods on the network of their nodes, which policies take for nodes, those of the input are
   * among them. One that the input does not show is a node like any other: nodes belong to no
   * namespace, and no party names them.
   */
  record Pods(Selector namespaces, Selector pods) implements Party {

    /** Every pod of a namespace. */
    public static Pods of(String namespace) {
      return new Pods(Selector.ofNamespace(namespace), Selector.EVERYTHING);
    }

    /** The one namespace that is meant by its name; absent where labels pick the namespaces. */
    public Optional<String> namespace() {
      return Optional.ofNullable(namespaces.equalities().get(World.NAMESPACE_NAME));
    }

    @Override
    public String toString() {
      String where =
          namespace()
              .map(name -> "namespace " + name)
              .orElse(
                  namespaces.isEverything() ? "all namespaces" : "namespaces with " + namespaces);
      return pods.isEverything() ? where : "pods with " + pods + " in " + where;
    }
  }

  /** The pods of one workload of the input, or one pod of it, or what is assumed to make pods. */
  record Workload(String kind, String namespace, String name) implements Party {

    @Override
    public String toString() {
      return kind + " " + namespace + "/" + name;
    }
  }

  /**
   * A Service of the input: the pods behind it, at the ports it forwards to. Pods get to it by its
   * own port, addresses outside of the cluster by the ways in that it has: a load balancer, a node
   * port or an external address. What is denied is each of these that leads to a port; what is
   * allowed shall work at the port itself, for everybody who is meant. What a controller forwards
   * for an Ingress or a route is sent by its pods, not by its clients.
   */
  record Service(String namespace, String name) implements Party {

    @Override
    public String toString() {
      return "Service " + namespace + "/" + name;
    }
  }

  /** The addresses of a block that are outside of the cluster. */
  record Block(Cidr cidr) implements Party {

    @Override
    public String toString() {
      return cidr.toString();
    }
  }

  /**
   * The addresses outside of the cluster.
   *
   * @param except those that are not meant: none for {@code outside}, private ones for {@code
   *     internet}
   */
  record Outside(List<Cidr> except) implements Party {

    /** Every address outside of the cluster. */
    public static final Outside OUTSIDE = new Outside(List.of());

    /**
     * Every address outside of the cluster that is reached through the internet.
     *
     * @see "RFC 6890, the registries of special-purpose addresses"
     */
    public static final Outside INTERNET =
        new Outside(
            Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "::1/128",
                    "fc00::/7",
                    "fe80::/10")
                .map(Cidr::of)
                .toList());

    public Outside {
      except = List.copyOf(except);
    }

    @Override
    public String toString() {
      return except.isEmpty() ? "outside" : "the internet";
    }
  }
}
