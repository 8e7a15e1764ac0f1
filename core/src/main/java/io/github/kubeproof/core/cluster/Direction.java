package io.github.kubeproof.core.cluster;

/** Which end of a flow a policy guards. */
public enum Direction {
  /** Into the pods that a policy selects. */
  INGRESS("Ingress"),
  /** Out of the pods that a policy selects. */
  EGRESS("Egress");

  private final String written;

  Direction(String written) {
    this.written = written;
  }

  /** The word in {@code policyTypes}. */
  public String written() {
    return written;
  }

  /** The key of its rules: {@code ingress} or {@code egress}. */
  public String key() {
    return this == INGRESS ? "ingress" : "egress";
  }

  /** The key of a rule's peers: {@code from} or {@code to}. */
  public String peersKey() {
    return this == INGRESS ? "from" : "to";
  }

  public Direction opposite() {
    return this == INGRESS ? EGRESS : INGRESS;
  }
}
