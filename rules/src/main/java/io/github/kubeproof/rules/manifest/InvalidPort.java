package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.CoreV1EndpointPort;
import io.kubernetes.client.openapi.models.DiscoveryV1EndpointPort;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import io.kubernetes.client.openapi.models.V1EndpointSubset;
import io.kubernetes.client.openapi.models.V1Endpoints;
import io.kubernetes.client.openapi.models.V1HTTPIngressPath;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1IngressBackend;
import io.kubernetes.client.openapi.models.V1IngressRule;
import io.kubernetes.client.openapi.models.V1IngressSpec;
import io.kubernetes.client.openapi.models.V1Lifecycle;
import io.kubernetes.client.openapi.models.V1LifecycleHandler;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import io.kubernetes.client.openapi.models.V1Probe;
import io.kubernetes.client.openapi.models.V1ServiceBackendPort;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** KP005: a port number out of range, or a port name that is spelt in a way no port name may be. */
public final class InvalidPort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
              "KP005",
              "invalid-port",
              "a port number is not between 1 and 65535, or a port name is misspelt")
          .fixable(Fixability.SAFE);

  private static final int LAST = 65535;

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Ports ports = new Ports(cluster, findings);
    cluster.services().forEach(ports::check);
    cluster.workloads().forEach(ports::check);
    cluster.policies().forEach(ports::check);
    cluster.all(V1Ingress.class).forEach(found -> ports.check(found.resource(), found.model()));
    cluster.all(V1Endpoints.class).forEach(found -> ports.check(found.resource(), found.model()));
    cluster
        .all(V1EndpointSlice.class)
        .forEach(found -> ports.check(found.resource(), found.model()));
  }

  /** Walks over the ports of one unit. */
  private record Ports(Cluster cluster, Findings findings) {

    void check(Service service) {
      Resource resource = service.resource();
      for (V1ServicePort port : service.ports()) {
        number(resource, port, "port", port.getPort());
        label(resource, port, port.getName());
        IntOrString target = port.getTargetPort();
        // the zero values mean "the port itself"
        if (target != null
            && (target.isInteger() ? target.getIntValue() != 0 : isWritten(target))) {
          numberOrName(resource, port, "targetPort", target);
        }
      }
    }

    private static boolean isWritten(IntOrString target) {
      return !target.getStrValue().isEmpty();
    }

    void check(Policy policy) {
      for (Policy.Rule rule : policy.rules()) {
        for (V1NetworkPolicyPort port : rule.ports()) {
          IntOrString written = port.getPort();
          if (written != null && !InvalidPolicyPort.looksNumeric(written)) {
            numberOrName(policy.resource(), port, "port", written);
          }
        }
      }
    }

    void check(Workload workload) {
      List<V1Container> containers =
          new ArrayList<>(Lists.orEmpty(workload.podSpec().getInitContainers()));
      containers.addAll(Lists.orEmpty(workload.podSpec().getContainers()));
      for (V1Container container : containers) {
        for (V1ContainerPort port : Lists.orEmpty(container.getPorts())) {
          check(workload.resource(), port);
        }
        probe(workload.resource(), container.getLivenessProbe());
        probe(workload.resource(), container.getReadinessProbe());
        probe(workload.resource(), container.getStartupProbe());
        V1Lifecycle lifecycle = container.getLifecycle();
        if (lifecycle != null) {
          hook(workload.resource(), lifecycle.getPostStart());
          hook(workload.resource(), lifecycle.getPreStop());
        }
      }
    }

    private void check(Resource resource, V1ContainerPort port) {
      number(resource, port, "containerPort", port.getContainerPort());
      if (port.getHostPort() != null && port.getHostPort() != 0) {
        number(resource, port, "hostPort", port.getHostPort());
      }
      String name = port.getName();
      if (name != null && !name.isEmpty()) {
        name(resource, cluster.at(port, "name"), "port name", name);
      }
    }

    private void probe(Resource resource, @Nullable V1Probe probe) {
      if (probe == null) {
        return;
      }
      if (probe.getHttpGet() != null) {
        numberOrName(resource, probe.getHttpGet(), "port", probe.getHttpGet().getPort());
      }
      if (probe.getTcpSocket() != null) {
        numberOrName(resource, probe.getTcpSocket(), "port", probe.getTcpSocket().getPort());
      }
      if (probe.getGrpc() != null) {
        number(resource, probe.getGrpc(), "port", probe.getGrpc().getPort());
      }
    }

    private void hook(Resource resource, @Nullable V1LifecycleHandler hook) {
      if (hook != null && hook.getHttpGet() != null) {
        numberOrName(resource, hook.getHttpGet(), "port", hook.getHttpGet().getPort());
      }
      if (hook != null && hook.getTcpSocket() != null) {
        numberOrName(resource, hook.getTcpSocket(), "port", hook.getTcpSocket().getPort());
      }
    }

    void check(Resource resource, V1Ingress ingress) {
      V1IngressSpec spec = ingress.getSpec();
      if (spec == null) {
        return;
      }
      backend(resource, spec.getDefaultBackend());
      for (V1IngressRule rule : Lists.orEmpty(spec.getRules())) {
        if (rule.getHttp() != null) {
          for (V1HTTPIngressPath path : Lists.orEmpty(rule.getHttp().getPaths())) {
            backend(resource, path.getBackend());
          }
        }
      }
    }

    private void backend(Resource resource, @Nullable V1IngressBackend backend) {
      if (backend == null || backend.getService() == null) {
        return;
      }
      V1ServiceBackendPort port = backend.getService().getPort();
      if (port == null) {
        return;
      }
      boolean named = port.getName() != null && !port.getName().isEmpty();
      boolean numbered = port.getNumber() != null && port.getNumber() != 0;
      // with both, the server complains of that, and looks no further
      if (named && !numbered) {
        name(resource, cluster.at(port, "name"), "port name", port.getName());
      } else if (numbered && !named) {
        number(resource, port, "number", port.getNumber());
      }
    }

    void check(Resource resource, V1Endpoints endpoints) {
      for (V1EndpointSubset subset : Lists.orEmpty(endpoints.getSubsets())) {
        for (CoreV1EndpointPort port : Lists.orEmpty(subset.getPorts())) {
          number(resource, port, "port", port.getPort());
          label(resource, port, port.getName());
        }
      }
    }

    // any number is accepted in an EndpointSlice (discovery validation.go, validatePorts)
    void check(Resource resource, V1EndpointSlice slice) {
      for (DiscoveryV1EndpointPort port : Lists.orEmpty(slice.getPorts())) {
        label(resource, port, port.getName());
      }
    }

    private void number(Resource resource, Object model, String field, @Nullable Integer number) {
      if (number != null && (number < 1 || number > LAST)) {
        findings.report(
            resource,
            cluster.at(model, field),
            (field.equals("number") ? "port " : field + " ")
                + number
                + " is not between 1 and "
                + LAST);
      }
    }

    private void numberOrName(
        Resource resource, Object model, String field, @Nullable IntOrString written) {
      if (written == null) {
        return;
      }
      if (written.isInteger()) {
        number(resource, model, field, written.getIntValue());
      } else {
        name(resource, cluster.at(model, field), field, written.getStrValue());
      }
    }

    private void name(Resource resource, Place place, String what, String name) {
      Optional<String> flaw = Names.flawOfPort(name);
      if (flaw.isPresent()) {
        Findings.Draft draft =
            findings.report(
                resource,
                place,
                what + " \"" + name + "\" " + flaw.get() + ", as no port name may");
        Variables.mind(name, draft);
        if (name.matches("[0-9]+")) {
          draft.help(
              what.equals("port name")
                  ? "give it a name with a letter, or leave the name out"
                  : "leave the quotes away: in quotes it is the name of a port, not its number");
        }
        if (name.matches("[1-9][0-9]{0,4}") && !what.equals("port name")) {
          draft.fix("write " + name + " without quotes", Edits.value(place, Integer.valueOf(name)));
        }
      }
    }

    /** The names of ports of Services and endpoints become DNS labels (SRV records). */
    private void label(Resource resource, Object port, @Nullable String name) {
      if (name == null || name.isEmpty()) {
        return;
      }
      Names.flawOfDnsLabel(name)
          .ifPresent(
              flaw ->
                  findings.report(
                      resource, cluster.at(port, "name"), "port name \"" + name + "\" " + flaw));
    }
  }
}
