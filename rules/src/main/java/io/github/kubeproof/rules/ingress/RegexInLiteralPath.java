package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.rules.ingress.Ingress.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** KP512: a path of ingress-nginx is a regular expression that is not read as one. */
public final class RegexInLiteralPath implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP512",
          "regex-in-literal-path",
          Severity.WARNING,
          Confidence.PROVED,
          "a path of ingress-nginx is a regular expression where plain text is expected, or names a"
              + " group that no path has");

  // a dot, a plus and a dollar alone are common in plain paths
  private static final Pattern REGEX = Pattern.compile("[*()|\\[\\]^\\\\]");

  private static final Pattern GROUP = Pattern.compile("\\$(\\d)");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    List<Ingress> ingresses = Ingress.of(cluster).stream().filter(Ingress::isForNginx).toList();
    // one Ingress that wants them makes regular expressions of all paths of its hosts
    Set<String> regular = new HashSet<>();
    ingresses.stream()
        .filter(Ingress::hasRegularPaths)
        .forEach(ingress -> ingress.paths().forEach(path -> regular.add(path.host())));
    for (Ingress ingress : ingresses) {
      for (Path path : ingress.paths()) {
        if (REGEX.matcher(path.path()).find()) {
          check(path, regular.contains(path.host()), findings);
        }
      }
      ingress.nginx("rewrite-target").ifPresent(target -> check(ingress, target, findings));
    }
  }

  private static void check(Path path, boolean regular, Findings findings) {
    if (path.type().equals("Prefix") || path.type().equals("Exact")) {
      findings
          .report(
              path.ingress().route(),
              path.place(),
              "%s is a regular expression, but pathType %s means plain text"
                  .formatted(path.path(), path.type()))
          .note(path.ingress().route().cluster().at(path.model(), "pathType"), "the type")
          .help("set pathType: ImplementationSpecific; ingress-nginx refuses it otherwise");
    } else if (!regular) {
      findings
          .report(
              path.ingress().route(),
              path.place(),
              path.path() + " is a regular expression, but none is read as one on this host")
          .help("set the annotation nginx.ingress.kubernetes.io/use-regex: \"true\"");
    }
  }

  /** A rewrite to a group that no path captures writes nothing in its place. */
  private static void check(Ingress ingress, String target, Findings findings) {
    Matcher group = GROUP.matcher(target);
    int highest = 0;
    while (group.find()) {
      highest = Math.max(highest, Integer.parseInt(group.group(1)));
    }
    int wanted = highest;
    boolean captured =
        ingress.paths().stream()
            .anyMatch(path -> path.path().chars().filter(c -> c == '(').count() >= wanted);
    if (wanted > 0 && !captured && !ingress.paths().isEmpty()) {
      findings
          .report(
              ingress.route(),
              ingress.atNginx("rewrite-target"),
              "rewrite-target names group $" + wanted + ", but no path captures so many")
          .note(ingress.paths().get(0).place(), "a path without that group")
          .help("write the path with groups, as in /app(/|$)(.*), or rewrite to plain text");
    }
  }
}
