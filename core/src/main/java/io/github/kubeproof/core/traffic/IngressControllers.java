package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.ParentRef;
import io.github.kubeproof.core.cluster.Route;
import io.github.kubeproof.core.cluster.Workload;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Ingress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The pods of the input that forward what comes for Ingresses, Gateways and Routes. */
public final class IngressControllers {

  /** GEP-1762: the pods that a Gateway is deployed as carry its name. */
  private static final String GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name";

  private static final String OPENSHIFT_ROUTER =
      "ingresscontroller.operator.openshift.io/deployment-ingresscontroller";

  /** By a word that the names of their classes have in them, what their images are called. */
  private static final Map<String, Pattern> IMAGES =
      Map.of(
          "nginx",
          Pattern.compile("(.*/)?(ingress-nginx/controller|nginx-ingress(-controller)?)([:@].*)?"),
          "traefik",
          Pattern.compile("(.*/)?traefik([:@].*)?"),
          "haproxy",
          Pattern.compile("(.*/)?(haproxytech/kubernetes-ingress|haproxy-ingress)([:@].*)?"),
          "kong",
          Pattern.compile("(.*/)?kong([:@].*)?"));

  private final Map<Workload, String> families = new LinkedHashMap<>();
  private final List<Workload> candidates = new ArrayList<>();

  private IngressControllers(List<Workload> workloads) {
    for (Workload workload : workloads) {
      Optional<String> family = family(workload);
      family.ifPresent(name -> families.put(workload, name));
      if (family.isPresent()
          || workload.labels().containsKey(GATEWAY_NAME)
          || workload.labels().containsKey(OPENSHIFT_ROUTER)) {
        candidates.add(workload);
      }
    }
  }

  /** Those among some workloads; to look at every image takes time. */
  public static IngressControllers among(List<Workload> workloads) {
    return new IngressControllers(workloads);
  }

  private static Optional<String> family(Workload workload) {
    for (V1Container container : Lists.orEmpty(workload.podSpec().getContainers())) {
      String image = container.getImage();
      for (Map.Entry<String, Pattern> family : IMAGES.entrySet()) {
        if (image != null
            && image.contains(family.getKey())
            && family.getValue().matcher(image).matches()) {
          return Optional.of(family.getKey());
        }
      }
    }
    return Optional.empty();
  }

  /** What forwards what comes for a route; none when the input does not show it. */
  public List<Workload> of(Route route) {
    Set<Workload> all = new LinkedHashSet<>();
    if (route.isOfGatewayApi()) {
      ParentRef.of(route).forEach(parent -> all.addAll(of(parent)));
    } else {
      candidates.stream().filter(workload -> forwards(workload, route)).forEach(all::add);
    }
    return List.copyOf(all);
  }

  /** What forwards what comes for one of the parents of a route of the Gateway API. */
  List<Workload> of(ParentRef parent) {
    String name = parent.isService() ? "" : parent.namespace() + "/" + parent.name();
    return candidates.stream()
        .filter(workload -> name.equals(workload.namespace() + "/" + gateway(workload)))
        .toList();
  }

  private boolean forwards(Workload workload, Route route) {
    if (route.namesPortsOfPods()) {
      return workload.labels().containsKey(OPENSHIFT_ROUTER);
    }
    String family = families.get(workload);
    String wanted =
        route.resource().as(V1Ingress.class).map(IngressControllers::classOf).orElse("");
    return family != null && (wanted.isEmpty() || wanted.contains(family));
  }

  private static String gateway(Workload workload) {
    return workload.labels().getOrDefault(GATEWAY_NAME, "");
  }

  /** Empty for the default class. */
  private static String classOf(V1Ingress ingress) {
    String written = ingress.getSpec() == null ? null : ingress.getSpec().getIngressClassName();
    if (written == null && ingress.getMetadata() != null) {
      written =
          Lists.orEmpty(ingress.getMetadata().getAnnotations()).get("kubernetes.io/ingress.class");
    }
    return written == null ? "" : written;
  }
}
