package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Spelling;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The versions of the API groups of Kubernetes itself, and what is wrong with one that never was
 * any. Only kinds of Kubernetes are judged: others may be custom resources, or files of tools.
 */
public final class ApiVersions {

  /** Every version that some release served, of the groups whose kinds are known. */
  private static final Map<String, Set<String>> EVER =
      Map.ofEntries(
          Map.entry("", Set.of("v1")),
          Map.entry("admissionregistration.k8s.io", Set.of("v1", "v1beta1", "v1alpha1")),
          Map.entry("apiextensions.k8s.io", Set.of("v1", "v1beta1")),
          Map.entry("apiregistration.k8s.io", Set.of("v1", "v1beta1", "v1alpha1")),
          Map.entry("apps", Set.of("v1", "v1beta2", "v1beta1", "v1alpha1")),
          Map.entry("autoscaling", Set.of("v2", "v2beta2", "v2beta1", "v2alpha1", "v1")),
          Map.entry("batch", Set.of("v1", "v1beta1", "v2alpha1")),
          Map.entry("discovery.k8s.io", Set.of("v1", "v1beta1", "v1alpha1")),
          Map.entry("extensions", Set.of("v1beta1")),
          Map.entry("networking.k8s.io", Set.of("v1", "v1beta1", "v1alpha1")),
          Map.entry("policy", Set.of("v1", "v1beta1", "v1alpha1")),
          Map.entry("rbac.authorization.k8s.io", Set.of("v1", "v1beta1", "v1alpha1")),
          Map.entry("scheduling.k8s.io", Set.of("v1", "v1beta1", "v1alpha2", "v1alpha1")));

  /** What is no name at all may be a variable that somebody fills in. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9./-]+");

  private static final Pattern EARLY = Pattern.compile("v(\\d+)(alpha|beta)\\d+");

  private static final String KUBERNETES = ".k8s.io";

  /** How far a name under {@code k8s.io} may be from the one that is meant. */
  private static final int FAR = 3;

  private ApiVersions() {}

  /**
   * An apiVersion that no API server knows.
   *
   * @param certain whether nothing else can be meant; otherwise a custom resource may be, or what a
   *     later release brings
   * @param instead where the kind is
   */
  public record Flaw(String message, boolean certain, String instead) {}

  /** What is wrong with the apiVersion of a kind; empty when that is served, or may be. */
  public static Optional<Flaw> flawOf(String apiVersion, String kind) {
    List<String> homes = Kinds.versionsWith(kind);
    if (homes.isEmpty() || !NAME.matcher(apiVersion).matches()) {
      return Optional.empty();
    }
    int slash = apiVersion.indexOf('/');
    String group = apiVersion.substring(0, Math.max(0, slash));
    String version = apiVersion.substring(slash + 1);
    Set<String> versions = EVER.get(group);
    if (versions != null) {
      return versions.contains(version)
          ? Optional.empty()
          : unknownVersion(group, version, kind, homes);
    }
    String home = homes.get(0);
    return group.contains(".")
        ? misspelt(group, homes)
        // the group of a custom resource is a domain
        : Optional.of(new Flaw("there is no API group " + group + in(kind, home), true, home));
  }

  private static Optional<Flaw> unknownVersion(
      String group, String version, String kind, List<String> homes) {
    Optional<String> own = homes.stream().filter(h -> groupOf(h).equals(group)).findFirst();
    String home = own.orElse(homes.get(0));
    Matcher early = EARLY.matcher(version);
    // the core group has one version for good
    boolean isEarly = early.matches() && !group.isEmpty();
    // what comes after a version that is there may yet be served some day
    if (isEarly && (own.isEmpty() || Integer.parseInt(early.group(1)) > majorOf(home))) {
      return Optional.empty();
    }
    String start =
        group.isEmpty()
            ? "there is no apiVersion " + version
            : "API group " + group + " has no version " + version;
    return Optional.of(new Flaw(start + in(kind, home), !isEarly, home));
  }

  private static Optional<Flaw> misspelt(String group, List<String> homes) {
    return homes.stream()
        .filter(home -> isMisspelt(group, groupOf(home)))
        .findFirst()
        .map(
            home ->
                new Flaw(
                    "Kubernetes has no API group "
                        + group
                        + "; did you mean "
                        + groupOf(home)
                        + "?",
                    false,
                    home));
  }

  private static boolean isMisspelt(String group, String meant) {
    if (group.equals(meant)) {
      return false;
    }
    return group.equals(meant + KUBERNETES)
        || meant.equals(group + KUBERNETES)
        || Spelling.isSlipOfShortWord(group, meant)
        || (group.endsWith(KUBERNETES)
            && meant.endsWith(KUBERNETES)
            && Spelling.distance(group, meant) <= FAR);
  }

  private static String in(String kind, String apiVersion) {
    return ", " + kind + " is in " + apiVersion;
  }

  private static String groupOf(String apiVersion) {
    return apiVersion.substring(0, Math.max(0, apiVersion.indexOf('/')));
  }

  private static int majorOf(String apiVersion) {
    return Integer.parseInt(apiVersion.substring(apiVersion.indexOf('/') + 2));
  }
}
