package io.github.kubeproof.core.lint;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of a rule without running it.
 *
 * @param id {@code KP} and three digits; the first digit names the group; never used again for
 *     another rule
 * @param name in kebab case; names the fault and reads well after "allow"
 * @param severity of its findings, where they do not say otherwise
 * @param summary one sentence, without a period at its end
 * @param rejectedByApiServer whether the API server itself refuses what the rule finds
 * @param strictOnly whether it runs in the profile {@link Profile#STRICT} alone, unless it is
 *     selected
 * @param fixability whether its findings may have a fix; those of no other kind may be given
 */
public record RuleInfo(
    String id,
    String name,
    Severity severity,
    Confidence confidence,
    String summary,
    boolean rejectedByApiServer,
    boolean strictOnly,
    Fixability fixability) {

  /** The tag of rules that run in the strict profile alone. */
  public static final String STRICT = "strict";

  /** The tag of rules whose findings the API server refuses. */
  public static final String REJECTED = "rejected-by-api-server";

  /** A rule of every profile. */
  public RuleInfo(
      String id,
      String name,
      Severity severity,
      Confidence confidence,
      String summary,
      boolean rejectedByApiServer) {
    this(id, name, severity, confidence, summary, rejectedByApiServer, false, Fixability.NONE);
  }

  /** A rule whose findings the API server accepts. */
  public static RuleInfo of(
      String id, String name, Severity severity, Confidence confidence, String summary) {
    return new RuleInfo(id, name, severity, confidence, summary, false);
  }

  /** A rule whose findings the API server refuses; they are errors, and certain. */
  public static RuleInfo rejected(String id, String name, String summary) {
    return new RuleInfo(id, name, Severity.ERROR, Confidence.PROVED, summary, true);
  }

  /** The same rule, for the strict profile alone. */
  public RuleInfo onlyStrict() {
    return new RuleInfo(
        id, name, severity, confidence, summary, rejectedByApiServer, true, fixability);
  }

  /** The same rule, whose findings may have fixes. */
  public RuleInfo fixable(Fixability kind) {
    return new RuleInfo(
        id, name, severity, confidence, summary, rejectedByApiServer, strictOnly, kind);
  }

  /** The group that the first digit of the id stands for. */
  public String group() {
    return switch (id.charAt(2)) {
      case '0' -> "manifest";
      case '1' -> "reachability";
      case '2' -> "permissiveness";
      case '3' -> "policy";
      case '4' -> "service";
      case '5' -> "ingress";
      case '6' -> "dns";
      case '9' -> "tiers";
      default -> throw new IllegalStateException("no group for " + id);
    };
  }

  /**
   * Words to find it by: its group, its confidence, and {@value #REJECTED} and {@value #STRICT}
   * where that holds.
   */
  public List<String> tags() {
    List<String> tags =
        new ArrayList<>(List.of("kubernetes", "network", group(), confidence.word()));
    if (rejectedByApiServer) {
      tags.add(REJECTED);
    }
    if (strictOnly) {
      tags.add(STRICT);
    }
    return tags;
  }
}
