package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.PodPort;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Node;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * KP403: a targetPort is a number that the selected pods, which declare others, do not declare.
 *
 * <p>A container may listen on a port that it does not declare, so this alone is no fault. It is a
 * warning where nothing in the pods speaks of the number, and it looks like a mistake for one that
 * is declared.
 */
public final class UndeclaredTargetPort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP403",
              "undeclared-target-port",
              Severity.INFO,
              Confidence.HEURISTIC,
              "a targetPort is a number that the selected pods do not declare, though they declare"
                  + " others")
          .fixable(Fixability.UNSAFE);

  /** How far the usual port of a protocol is from its unprivileged one: 80 and 8080. */
  private static final int UNPRIVILEGED = 8000;

  /** So many ports in a row are a series, one for each container. */
  private static final int SERIES = 3;

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      List<Workload> backends = ContainerPorts.behind(service);
      // who declares nothing says nothing
      if (backends.isEmpty() || backends.stream().anyMatch(pods -> pods.ports().isEmpty())) {
        continue;
      }
      for (V1ServicePort port : service.ports()) {
        IntOrString target = Service.target(port);
        Optional<Protocol> protocol = Protocol.of(port.getProtocol());
        if (target != null && target.isInteger() && protocol.isPresent()) {
          Target to = new Target(service, port, target.getIntValue(), protocol.get(), backends);
          if (!to.isDeclared()) {
            report(to, findings);
          }
        }
      }
    }
  }

  private static void report(Target target, Findings findings) {
    Service service = target.service;
    List<Workload> shown = ContainerPorts.nearest(service, target.backends);
    String field = target.port.getTargetPort() == null ? "port" : "targetPort";
    Findings.Draft draft =
        findings.report(
            service,
            service.cluster().at(target.port, field),
            "no container of %s declares port %d"
                .formatted(ContainerPorts.name(shown), target.number));
    ContainerPorts.note(draft, shown);
    if (target.isMentioned()) {
      return;
    }
    Optional<PodPort> meant = target.meant();
    Optional<Service> original = target.copiedFrom();
    List<Integer> series = target.series();
    if (series.size() >= SERIES) {
      String numbers = series.stream().map(String::valueOf).collect(Collectors.joining(", "));
      draft
          .severity(Severity.WARNING)
          .help(
              "the arguments of the containers set "
                  + numbers
                  + ", and none sets "
                  + target.number);
    } else if (meant.isPresent()) {
      draft
          .severity(Severity.WARNING)
          .help("target %d, which they declare".formatted(meant.get().number()))
          .unsafeFix(
              "target " + meant.get().number(),
              "the Service sends its traffic to that port",
              field.equals("port")
                  ? Edits.addAfter(
                      service.cluster().at(target.port, field), "targetPort", meant.get().number())
                  : Edits.value(service.cluster().at(target.port, field), meant.get().number()));
    } else if (original.isPresent()) {
      draft
          .severity(Severity.WARNING)
          .note(
              original.get().resource().place().then("spec", "ports"),
              original.get() + " has the same port, and its pods declare it");
    }
  }

  /**
   * A port of a Service whose target is a number.
   *
   * @param number where it leads to
   */
  private record Target(
      Service service, V1ServicePort port, int number, Protocol protocol, List<Workload> backends) {

    boolean isDeclared() {
      return backends.stream().anyMatch(pods -> declares(pods, number));
    }

    private static boolean declares(Workload pods, int number) {
      // the guest of a virtual machine may listen on any
      return pods.isVirtual()
          || pods.ports().stream().anyMatch(port -> port.number() == number)
          || ContainerPorts.isPatchedIn(
              pods,
              port ->
                  port.get("containerPort").orElse(null) instanceof Node.Scalar scalar
                      && scalar.text().equals(String.valueOf(number)));
    }

    /** Whether the number stands anywhere in the pods, or in what configures them. */
    boolean isMentioned() {
      return backends.stream()
              .anyMatch(
                  pods ->
                      mentions(pods.resource(), number)
                          || pods.cluster().world().patchesOf(pods).stream()
                              .anyMatch(patch -> mentions(patch, number)))
          || service.cluster().alternatives(service).stream()
              .flatMap(alternative -> alternative.units().stream())
              .flatMap(unit -> unit.resources().stream())
              .anyMatch(object -> object.kind().equals("ConfigMap") && mentions(object, number));
    }

    private static boolean mentions(Resource object, int number) {
      return holds(object.tree(), Pattern.compile("(?<!\\d)" + number + "(?!\\d)"));
    }

    private static boolean holds(Node node, Pattern number) {
      if (node instanceof Node.Scalar scalar) {
        return number.matcher(scalar.text()).find();
      }
      if (node instanceof Node.Mapping mapping) {
        return mapping.entries().stream().anyMatch(entry -> holds(entry.value(), number));
      }
      return node.asItems().stream().anyMatch(item -> holds(item, number));
    }

    private List<PodPort> declared() {
      return backends.stream()
          .flatMap(pods -> pods.ports().stream())
          .filter(declared -> declared.protocol() == protocol)
          .toList();
    }

    /**
     * The declared port that this one was mistaken for: it has the name or the number that the
     * Service goes by, or it is the only one there is.
     */
    Optional<PodPort> meant() {
      List<PodPort> declared = declared();
      boolean isOnly = declared.stream().map(PodPort::number).distinct().count() == 1;
      return declared.stream()
          .filter(
              one ->
                  isTwin(one.number())
                      ? isOnly || goesBy(one)
                      : isNear(one.number()) && goesBy(one))
          .findFirst();
    }

    private boolean goesBy(PodPort declared) {
      return Integer.valueOf(declared.number()).equals(port.getPort())
          || (!declared.name().isEmpty() && declared.name().equals(port.getName()));
    }

    /** A Service that this port was copied from: the same one, but there the pods declare it. */
    Optional<Service> copiedFrom() {
      boolean isNear = declared().stream().anyMatch(one -> isNear(one.number()));
      if (!isNear || port.getName() == null || port.getName().isEmpty()) {
        return Optional.empty();
      }
      return service.cluster().world().clusters().stream()
          .flatMap(unit -> unit.services().stream())
          .filter(other -> !other.name().equals(service.name()))
          .filter(other -> other.ports().stream().anyMatch(this::isSamePort))
          .filter(this::isServed)
          .findFirst();
    }

    private boolean isSamePort(V1ServicePort other) {
      IntOrString target = Service.target(other);
      return port.getName().equals(other.getName())
          && port.getPort() != null
          && port.getPort().equals(other.getPort())
          && target != null
          && target.isInteger()
          && target.getIntValue() == number;
    }

    private boolean isServed(Service other) {
      List<Workload> pods = other.backends();
      return !pods.isEmpty() && pods.stream().allMatch(workload -> declares(workload, number));
    }

    /**
     * The declared ports in a row with this one, if each of them is set by an argument of its
     * container; where one is not, the image itself may know more of them.
     */
    List<Integer> series() {
      List<Integer> near =
          declared().stream()
              .map(PodPort::number)
              .filter(this::isNear)
              .distinct()
              .sorted()
              .toList();
      boolean allSet =
          near.stream()
              .allMatch(
                  one -> backends.stream().anyMatch(pods -> ContainerPorts.isInArgs(pods, one)));
      return allSet ? near : List.of();
    }

    private boolean isTwin(int other) {
      return Math.abs(number - other) == UNPRIVILEGED;
    }

    /** Whether one digit, or the order of two, tells two numbers of four digits or more apart. */
    private boolean isNear(int other) {
      String a = String.valueOf(number);
      String b = String.valueOf(other);
      if (a.length() != b.length() || a.length() < 4) {
        return false;
      }
      int first = -1;
      int last = -1;
      int different = 0;
      for (int i = 0; i < a.length(); i++) {
        if (a.charAt(i) != b.charAt(i)) {
          first = first < 0 ? i : first;
          last = i;
          different++;
        }
      }
      return different == 1
          || (different == 2
              && last == first + 1
              && a.charAt(first) == b.charAt(last)
              && a.charAt(last) == b.charAt(first));
    }
  }
}
