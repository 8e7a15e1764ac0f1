package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Settings;
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
      names = "--exclude",
      paramLabel = "GLOB",
      description = "Leave these files out: '**/testdata/**'; may be repeated.")
  private List<String> excludes = List.of();

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "The namespace of objects that name none; default unless said otherwise.")
  private String namespace = Settings.DEFAULT.namespace();

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description = "How many threads to use; one for each processor unless said otherwise.")
  private Integer jobs = Runtime.getRuntime().availableProcessors();

  List<String> paths() {
    return paths.isEmpty() ? List.of(".") : paths;
  }

  List<String> excludes() {
    return excludes;
  }

  String namespace() {
    if (!namespace.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?")) {
      throw new UserError("--namespace: not the name of a namespace: " + namespace);
    }
    return namespace;
  }

  int jobs() {
    if (jobs < 1) {
      throw new UserError("--jobs: not a number of threads: " + jobs);
    }
    return jobs;
  }
}
