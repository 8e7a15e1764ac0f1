package io.github.kubeproof.cli;

/** The exit codes, which scripts rely on. */
final class Exit {

  static final int CLEAN = 0;
  static final int FINDINGS = 1;
  static final int USAGE = 2;
  static final int NO_MANIFEST = 3;
  static final int INCOMPLETE = 4;
  static final int OUR_BUG = 70;

  private Exit() {}
}
