package io.github.kubeproof.cli;

import io.github.kubeproof.core.source.UserError;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command that reads manifests is told about them. Mutable, because picocli sets it. */
final class InputFlags {

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "The manifests; the current folder unless said otherwise.")
  private List<String> paths = List.of();

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description = "How many threads to use; one for each processor unless said otherwise.")
  private Integer jobs = Runtime.getRuntime().availableProcessors();

  List<String> written() {
    return paths;
  }

  List<String> paths() {
    return paths.isEmpty() ? List.of(".") : paths;
  }

  int jobs() {
    if (jobs < 1) {
      throw new UserError("--jobs: not a number of threads: " + jobs);
    }
    return jobs;
  }
}
