package io.github.kubeproof.cli;

import picocli.CommandLine.Option;

/** A command. Mutable, because picocli sets the fields of what was given. */
abstract class Job {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  /** Does it, and answers with the exit code. */
  abstract int run(Console console);
}
