package io.github.kubeproof.core.lint;

import java.util.Locale;

/** What a finding rests on. */
public enum Confidence {
  /** It follows from the manifests: by the solver, or by plain reading. */
  PROVED,
  /** It is what people usually mean; the manifests alone do not decide it. */
  HEURISTIC;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
