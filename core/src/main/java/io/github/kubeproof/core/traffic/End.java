package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Direction;

/** One of the two ends of a flow. */
public enum End {
  FROM,
  TO;

  /** The end whose pods a policy of this direction guards. */
  public static End guarded(Direction direction) {
    return direction == Direction.INGRESS ? TO : FROM;
  }

  public End other() {
    return this == FROM ? TO : FROM;
  }
}
