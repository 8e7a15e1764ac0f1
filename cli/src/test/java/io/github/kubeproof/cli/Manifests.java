package io.github.kubeproof.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The manifests that these tests lint. */
final class Manifests {

  /** Line 9 holds a node port below every range. */
  static final String BAD =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        type: NodePort
        ports:
          - port: 80
            nodePort: 80
      """;

  static final String GOOD =
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata:
        name: web
      """;

  private Manifests() {}

  static Path bad(Path folder) throws IOException {
    return Files.writeString(folder.resolve("bad.yaml"), BAD);
  }

  static Path good(Path folder) throws IOException {
    return Files.writeString(folder.resolve("good.yaml"), GOOD);
  }
}
