package io.github.kubeproof.cli;

import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.report.Format;
import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.source.UserError;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the report goes, in which format: at most once to standard output, and to files. */
final class Outputs {

  private record Output(Format format, @Nullable Path file) {}

  private final List<Output> outputs = new ArrayList<>();

  /**
   * Refuses what cannot be written before any work is done.
   *
   * @param wishes each {@code FORMAT} or {@code FORMAT=FILE}
   */
  Outputs(List<String> wishes) {
    Set<Path> files = new HashSet<>();
    for (String wish : wishes) {
      int equals = wish.indexOf('=');
      Format format = format(equals < 0 ? wish : wish.substring(0, equals));
      Path file = equals < 0 ? null : file(wish.substring(equals + 1));
      if (file == null && toStandardOutput().isPresent()) {
        throw new UserError(
            "only one format can go to standard output; give the other a file: " + wish + "=FILE");
      }
      if (file != null && !files.add(file.toAbsolutePath().normalize())) {
        throw new UserError("two formats cannot go to one file: " + file);
      }
      outputs.add(new Output(format, file));
    }
  }

  Optional<Format> toStandardOutput() {
    return outputs.stream().filter(output -> output.file() == null).map(Output::format).findFirst();
  }

  private static Format format(String word) {
    return Format.of(word)
        .orElseThrow(
            () ->
                new UserError(
                    "unknown format: "
                        + word
                        + Spelling.nearest(word, Format.words())
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("; choose one of " + String.join(", ", Format.words()))));
  }

  private static Path file(String name) {
    Path file;
    try {
      file = Path.of(name);
    } catch (InvalidPathException e) {
      throw new UserError("not a file name: " + name);
    }
    if (name.isEmpty() || Files.isDirectory(file)) {
      throw new UserError("cannot write to a folder: " + (name.isEmpty() ? "." : name));
    }
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new UserError("no such folder: " + parent + ", to write " + file);
    }
    return file;
  }

  /** Files first: they are complete even when nobody reads standard output to its end. */
  void write(Report report, Console console, boolean colours) {
    String version = Build.read().version();
    for (Output output : outputs) {
      if (output.file() != null) {
        write(out -> output.format().reporter(version, false).write(report, out), output.file());
      }
    }
    toStandardOutput()
        .ifPresent(
            format -> console.print(out -> format.reporter(version, colours).write(report, out)));
  }

  private static void write(Console.Result result, Path file) {
    try {
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      if (Files.exists(target) && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
        // a device or a pipe has to be written as it is
        try (Writer writer = Files.newBufferedWriter(target, StandardOpenOption.WRITE)) {
          result.write(writer);
        }
        return;
      }
      AtomicFile.write(target, result);
    } catch (IOException e) {
      throw new UserError("cannot write " + file + ": " + e);
    }
  }
}
