package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.rules.manifest.Variables;
import io.kubernetes.client.openapi.models.V1HTTPIngressPath;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1IngressBackend;
import io.kubernetes.client.openapi.models.V1IngressRule;
import io.kubernetes.client.openapi.models.V1IngressServiceBackend;
import io.kubernetes.client.openapi.models.V1IngressSpec;
import io.kubernetes.client.openapi.models.V1IngressTLS;
import io.kubernetes.client.openapi.models.V1ServiceBackendPort;
import io.kubernetes.client.openapi.models.V1TypedLocalObjectReference;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * KP511: an Ingress that leads nowhere, or is spelt in a way that is refused.
 *
 * @see "pkg/apis/networking/validation/validation.go, ValidateIngressSpec"
 */
public final class InvalidIngress implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP511",
          "invalid-ingress",
          "a host, path, backend or secret of an Ingress is missing or misspelt");

  /** What would let a path mean another one than it says. */
  private static final List<String> INSIDE = List.of("//", "/./", "/../", "%2f", "%2F");

  private static final List<String> AT_END = List.of("/..", "/.");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    cluster
        .all(V1Ingress.class)
        .forEach(found -> new Reading(cluster, found.resource(), findings).check(found.model()));
  }

  /** One Ingress. */
  private record Reading(Cluster cluster, Resource resource, Findings findings) {

    void check(V1Ingress ingress) {
      V1IngressSpec spec = ingress.getSpec();
      List<V1IngressRule> rules = spec == null ? List.of() : Lists.orEmpty(spec.getRules());
      // of an object that is not understood, the rules may just be misspelt
      boolean nothing = rules.isEmpty() && (spec == null || spec.getDefaultBackend() == null);
      if (nothing && resource.isUnderstood()) {
        findings
            .report(resource, resource.at("spec"), "neither rules nor a defaultBackend are there")
            .help("write a rule with a path, or a defaultBackend for all requests");
      }
      if (spec == null) {
        return;
      }
      String ingressClass = spec.getIngressClassName();
      if (ingressClass != null) {
        name(cluster.at(spec, "ingressClassName"), ingressClass, Names.flawOfDnsName(ingressClass));
      }
      backend(spec.getDefaultBackend());
      rules.forEach(this::check);
      Lists.orEmpty(spec.getTls()).forEach(this::check);
    }

    private void check(V1IngressRule rule) {
      String host = rule.getHost();
      if (host != null && !host.isEmpty()) {
        if (Address.parse(host).isPresent() && !host.contains(":")) {
          findings
              .report(
                  resource,
                  cluster.at(rule, "host"),
                  "host \"" + host + "\" is an IP address, but must be a DNS name")
              .help("leave host out to answer requests for any host");
        } else {
          host(cluster.at(rule, "host"), host);
        }
      }
      if (rule.getHttp() != null) {
        List<V1HTTPIngressPath> paths = Lists.orEmpty(rule.getHttp().getPaths());
        // where the field is not there at all, KP017 speaks of it
        if (paths.isEmpty() && rule.getHttp().getPaths() != null) {
          findings
              .report(resource, cluster.at(rule.getHttp(), "paths"), "the rule has no path")
              .help("write a path with a backend, as in path: /");
        }
        paths.forEach(this::check);
      }
    }

    private void check(V1HTTPIngressPath path) {
      Place place = cluster.at(path, "path");
      String written = path.getPath() == null ? "" : path.getPath();
      String type = path.getPathType() == null ? "" : path.getPathType();
      boolean literal = type.equals("Exact") || type.equals("Prefix");
      boolean mayBeEmpty = type.equals("ImplementationSpecific") && written.isEmpty();
      if (!literal && !type.equals("ImplementationSpecific")) {
        // KP017 and KP018 speak of the pathType, and the server looks no further
        backend(path.getBackend());
        return;
      }
      if (!written.startsWith("/") && !mayBeEmpty) {
        Variables.mind(
            written,
            findings
                .report(
                    resource,
                    place,
                    "path \""
                        + written
                        + "\" does not begin with a slash, as a "
                        + type
                        + " path must")
                .help("write " + (written.isEmpty() ? "path: /" : "the slash before it")));
      }
      if (literal) {
        INSIDE.stream()
            .filter(written::contains)
            .forEach(part -> path(place, written, "has \"" + part + "\" inside"));
        AT_END.stream()
            .filter(written::endsWith)
            .forEach(part -> path(place, written, "ends with \"" + part + "\""));
      }
      backend(path.getBackend());
    }

    private void path(Place place, String written, String flaw) {
      findings
          .report(resource, place, "path \"" + written + "\" " + flaw)
          .help("write the path that it comes down to");
    }

    private void backend(@Nullable V1IngressBackend backend) {
      if (backend == null) {
        return;
      }
      V1IngressServiceBackend service = backend.getService();
      V1TypedLocalObjectReference other = backend.getResource();
      if (service != null && other != null) {
        findings
            .report(resource, cluster.at(backend), "the backend is both a service and a resource")
            .help("keep one of them");
      } else if (service != null) {
        service(backend, service);
      } else if (other != null) {
        resource(other);
      } else if (resource.isUnderstood()) {
        findings
            .report(
                resource, cluster.at(backend), "the backend is neither a service nor a resource")
            .help("write service with a name and a port");
      }
    }

    private void service(V1IngressBackend backend, V1IngressServiceBackend service) {
      String name = service.getName();
      if (name != null) {
        name(cluster.at(service, "name"), name, Names.flawOfService(name));
      }
      V1ServiceBackendPort port = service.getPort();
      boolean named = port != null && port.getName() != null && !port.getName().isEmpty();
      boolean numbered = port != null && port.getNumber() != null && port.getNumber() != 0;
      if (named && numbered) {
        findings
            .report(
                resource,
                cluster.at(backend, "service", "port"),
                "the port has both a name and a number")
            .help("keep one of them");
      } else if (!named && !numbered && resource.isUnderstood()) {
        findings
            .report(
                resource,
                cluster.at(backend, "service", "port"),
                "the service has no port: neither its name nor its number is there")
            .help("write the port of the Service, as in port: { number: 80 }");
      }
    }

    private void resource(V1TypedLocalObjectReference other) {
      String group = other.getApiGroup();
      if (group != null) {
        name(cluster.at(other, "apiGroup"), group, Names.flawOfDnsName(group));
      }
      name(cluster.at(other, "kind"), other.getKind(), segment(other.getKind()));
      name(cluster.at(other, "name"), other.getName(), segment(other.getName()));
    }

    /** Where it is not there at all, KP017 speaks of it. */
    private static Optional<String> segment(@Nullable String text) {
      return text == null
          ? Optional.empty()
          : text.isEmpty() ? Optional.of("is empty") : Names.flawOfPathSegment(text);
    }

    private void check(V1IngressTLS tls) {
      List<String> hosts = Lists.orEmpty(tls.getHosts());
      for (int i = 0; i < hosts.size(); i++) {
        host(cluster.at(tls, "hosts", i), hosts.get(i));
      }
      String secret = tls.getSecretName();
      if (secret != null && !secret.isEmpty()) {
        name(cluster.at(tls, "secretName"), secret, Names.flawOfDnsName(secret));
      }
    }

    private void host(Place place, String host) {
      Optional<String> flaw = Names.flawOfHost(host);
      if (flaw.isPresent()) {
        Findings.Draft draft =
            findings.report(resource, place, "host \"" + host + "\" " + flaw.get());
        if (host.contains("/") || host.matches(".*:\\d+")) {
          draft.help("write the name alone, without scheme, port and path");
        }
        Variables.mind(host, draft);
      }
    }

    private void name(Place place, @Nullable String text, Optional<String> flaw) {
      String path = place.path().toString();
      String field = path.substring(path.lastIndexOf('.') + 1);
      Variables.reportFlaw(resource, place, field, String.valueOf(text), flaw, findings);
    }
  }
}
