package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.cluster.Cluster;

/**
 * Looks for one fault. A rule keeps no state: it is run on many units, on several threads.
 *
 * <p>Its page stands beside the class, under the same name with the ending {@code .md}; the page's
 * examples are its tests.
 */
public interface Rule {

  RuleInfo info();

  /**
   * Reports every occurrence of the fault in a unit, at objects of that unit only.
   *
   * @param connectivity answers questions about traffic; what it cannot decide is reported by
   *     whoever runs the rule
   */
  void check(Cluster cluster, Connectivity connectivity, Findings findings);
}
