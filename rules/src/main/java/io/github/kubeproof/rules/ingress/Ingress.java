package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Route;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1HTTPIngressPath;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1IngressRule;
import io.kubernetes.client.openapi.models.V1IngressSpec;
import io.kubernetes.client.openapi.models.V1IngressTLS;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** An Ingress, without the nulls of its model. */
record Ingress(Route route, V1Ingress model) {

  /** Names the class of an Ingress since before there was a field for it. */
  static final String CLASS = "kubernetes.io/ingress.class";

  private static final String NGINX = "nginx.ingress.kubernetes.io/";

  /** The Ingresses of a unit. */
  static List<Ingress> of(Cluster cluster) {
    List<Ingress> found = new ArrayList<>();
    for (Route route : cluster.routes()) {
      route.resource().as(V1Ingress.class).ifPresent(model -> found.add(new Ingress(route, model)));
    }
    return found;
  }

  /** One path of a rule. */
  record Path(Ingress ingress, V1IngressRule rule, V1HTTPIngressPath model) {

    /** In lower case; empty for every host. */
    String host() {
      return rule.getHost() == null ? "" : rule.getHost().toLowerCase(Locale.ROOT);
    }

    String path() {
      return model.getPath() == null ? "" : model.getPath();
    }

    /**
     * Exact, Prefix or ImplementationSpecific; empty when missing, which the API server refuses.
     */
    String type() {
      return model.getPathType() == null ? "" : model.getPathType();
    }

    Place place() {
      return ingress.route.cluster().at(model, "path");
    }

    boolean leadsWhere(Path other) {
      return ingress.route.namespace().equals(other.ingress.route.namespace())
          && Objects.equals(model.getBackend(), other.model.getBackend());
    }
  }

  V1IngressSpec spec() {
    V1IngressSpec spec = model.getSpec();
    return spec == null ? new V1IngressSpec() : spec;
  }

  List<V1IngressRule> rules() {
    return Lists.orEmpty(spec().getRules()).stream().filter(Objects::nonNull).toList();
  }

  List<V1IngressTLS> tls() {
    return Lists.orEmpty(spec().getTls()).stream().filter(Objects::nonNull).toList();
  }

  List<Path> paths() {
    List<Path> paths = new ArrayList<>();
    for (V1IngressRule rule : rules()) {
      if (rule.getHttp() != null) {
        for (V1HTTPIngressPath path : Lists.orEmpty(rule.getHttp().getPaths())) {
          if (path != null) {
            paths.add(new Path(this, rule, path));
          }
        }
      }
    }
    return paths;
  }

  Map<String, String> annotations() {
    V1ObjectMeta meta = model.getMetadata();
    return Lists.orEmpty(meta == null ? null : meta.getAnnotations());
  }

  /** The value of an annotation of ingress-nginx, by what stands behind the slash. */
  Optional<String> nginx(String name) {
    return Optional.ofNullable(annotations().get(NGINX + name));
  }

  Place at(String annotation) {
    return route.resource().at("metadata", "annotations", annotation);
  }

  Place atNginx(String name) {
    return at(NGINX + name);
  }

  /** The field, or else the annotation; empty when neither is there. */
  String className() {
    String field = spec().getIngressClassName();
    String name = field == null ? annotations().get(CLASS) : field;
    return name == null ? "" : name;
  }

  /**
   * Whether it is surely for ingress-nginx: it has an annotation that only this controller reads.
   */
  boolean isForNginx() {
    return annotations().keySet().stream().anyMatch(key -> key.startsWith(NGINX));
  }

  /** Whether ingress-nginx reads the paths of its hosts as regular expressions. */
  boolean hasRegularPaths() {
    return nginx("use-regex").filter("true"::equals).isPresent()
        || nginx("rewrite-target").isPresent();
  }

  /**
   * Whether one proxy surely serves both: they name one class, and not that of a cloud, whose
   * controllers make a load balancer for each Ingress. One Ingress written twice is KP011.
   */
  boolean isServedWith(Ingress other) {
    String name = className();
    return !name.isEmpty()
        && name.equals(other.className())
        && !name.startsWith("alb")
        && !name.startsWith("gce")
        && !name.startsWith("azure")
        && !route.qualifiedName().equals(other.route.qualifiedName());
  }

  /** Whether a name stands for a host: it is the same, or a wildcard for one label before it. */
  static boolean covers(String name, String host) {
    String pattern = name.toLowerCase(Locale.ROOT);
    String wanted = host.toLowerCase(Locale.ROOT);
    int dot = wanted.indexOf('.');
    return pattern.equals(wanted)
        || (pattern.startsWith("*.")
            && dot > 0
            && pattern.substring(1).equals(wanted.substring(dot)));
  }
}
