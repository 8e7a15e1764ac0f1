package io.github.kubeproof.core.lint;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long each rule took, over all units. Filled by several threads while rules run; their times
 * are added up, so the sum may be more than the run took.
 */
public final class Costs {

  /** Measures nothing. */
  public static final Costs UNMEASURED = new Costs(false);

  private final boolean measuring;
  private final Map<String, Cost> byRule = new ConcurrentHashMap<>();

  /** What one rule took, in nanoseconds; CPU time is that of the thread, the solver's included. */
  public record Cost(String rule, long wall, long cpu) {
    private static Cost sum(Cost one, Cost other) {
      return new Cost(one.rule, one.wall + other.wall, one.cpu + other.cpu);
    }
  }

  private Costs(boolean measuring) {
    this.measuring = measuring;
  }

  public static Costs measured() {
    return new Costs(true);
  }

  /** Runs something on behalf of a rule. */
  void measure(RuleInfo rule, Runnable work) {
    if (!measuring) {
      work.run();
      return;
    }
    long wall = System.nanoTime();
    long cpu = cpu();
    work.run();
    Cost cost = new Cost(rule.id(), System.nanoTime() - wall, cpu() - cpu);
    byRule.merge(rule.id(), cost, Cost::sum);
  }

  /** 0 where the machine does not tell. */
  private long cpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : 0;
  }

  /** The dearest first, by wall time. */
  public List<Cost> byWall() {
    List<Cost> all = new ArrayList<>(byRule.values());
    all.sort(Comparator.comparing(Cost::wall).reversed().thenComparing(Cost::rule));
    return List.copyOf(all);
  }
}
