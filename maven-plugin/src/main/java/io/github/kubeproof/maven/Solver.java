package io.github.kubeproof.maven;

import io.github.kubeproof.core.proof.Natives;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.project.MavenProject;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;

/**
 * Brings the solver's native libraries: of this machine only, and from where the plugins come from,
 * so that mirrors, proxies and offline mode hold for them, too.
 */
final class Solver {

  private Solver() {}

  /** Without them the rules that need the solver do not run, which the report says as well. */
  static void provide(
      RepositorySystem repositories, MavenSession session, MavenProject project, Log log) {
    List<Path> files = new ArrayList<>();
    try {
      for (String name : Natives.artifacts()) {
        files.add(
            repositories
                .resolveArtifact(
                    session.getRepositorySession(),
                    new ArtifactRequest(
                        artifact(name), project.getRemotePluginRepositories(), "plugin"))
                .getArtifact()
                .getFile()
                .toPath());
      }
    } catch (ArtifactResolutionException e) {
      log.warn("cannot get the solver, so rules that need it are off: " + e.getMessage());
      return;
    }
    Natives.use(files);
  }

  /** {@code libz3-x64.so} is the classifier libz3-x64 of the type so. */
  private static Artifact artifact(String name) {
    int dot = name.lastIndexOf('.');
    return new DefaultArtifact(
        "org.sosy-lab",
        "javasmt-solver-z3",
        name.substring(0, dot),
        name.substring(dot + 1),
        Build.read().z3());
  }
}
