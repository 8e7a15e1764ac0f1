package io.github.kubeproof.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;

/** Writes files that hold at every moment what they held before or all that is new. */
final class AtomicFile {

  private AtomicFile() {}

  /** Writes a file as UTF-8; one that is there keeps its permissions. */
  static void write(Path target, Console.Result result) throws IOException {
    Path draft =
        target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid());
    try {
      try (Writer writer = Files.newBufferedWriter(draft)) {
        result.write(writer);
      }
      PosixFileAttributeView view =
          Files.getFileAttributeView(target, PosixFileAttributeView.class);
      if (view != null && Files.exists(target)) {
        Files.setPosixFilePermissions(draft, view.readAttributes().permissions());
      }
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
