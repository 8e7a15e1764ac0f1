package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.proof.Exposure;
import io.github.kubeproof.core.proof.Natives;
import io.github.kubeproof.core.proof.Natives.Loading.Unavailable;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.reach.Arrivals.Strangers;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Enforcement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the solver about pods that the input does not show, once such a question comes up. */
final class UnknownPods implements Strangers, AutoCloseable {
  private final Inventory inventory;
  private final Enforcement enforcement;
  private final Questions written;
  private final Console console;
  private @Nullable Exposure exposure;
  private boolean unavailable;

  UnknownPods(Inventory inventory, Enforcement enforcement, Questions written, Console console) {
    this.inventory = inventory;
    this.enforcement = enforcement;
    this.written = written;
    this.console = console;
  }

  @Override
  public Optional<Boolean> mayReach(Endpoint pod, Protocol protocol, int port) {
    if (exposure == null && !unavailable) {
      if (Natives.load() instanceof Unavailable none) {
        unavailable = true;
        console.say("what pods outside of the input may do is undecided: " + none.reason());
      } else {
        exposure = new Exposure(inventory, enforcement, written);
      }
    }
    return exposure == null ? Optional.empty() : exposure.mayBeReached(pod, protocol, port);
  }

  @Override
  public void close() {
    if (exposure != null) {
      exposure.close();
    }
  }
}
