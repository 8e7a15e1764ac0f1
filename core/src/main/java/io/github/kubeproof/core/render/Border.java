package io.github.kubeproof.core.render;

import io.github.kubeproof.core.source.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a rendering may read. */
final class Border {

  private Border() {}

  /**
   * The folder that holds all that a file of the input may lead to, without links in it: its
   * repository, or where there is none what the user named. Whoever writes a repository does not
   * decide what else of the machine is read.
   */
  static Optional<Path> around(Source source) {
    Optional<Path> named = Written.real(Path.of(source.root()));
    return named.map(
        path -> {
          Path top = Files.isDirectory(path) ? path : path.getParent();
          for (Path at = top; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(".git"))) {
              return at;
            }
          }
          return top == null ? path : top;
        });
  }
}
