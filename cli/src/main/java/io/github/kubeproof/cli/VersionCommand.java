package io.github.kubeproof.cli;

import picocli.CommandLine.Command;

/** {@code kubeproof version}: what a bug report needs to say. */
@Command(
    name = "version",
    customSynopsis = "kubeproof version",
    description = "Show the versions of kubeproof and of what it stands on.")
final class VersionCommand extends Job {

  @Override
  int run(Console console) {
    Build build = Build.read();
    console.print(
        String.join(
            "\n",
            "kubeproof " + build.version(),
            "Kubernetes models " + build.kubernetes(),
            "Z3 " + build.z3(),
            "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
            System.getProperty("os.name") + " " + System.getProperty("os.arch"),
            ""));
    return Exit.CLEAN;
  }
}
