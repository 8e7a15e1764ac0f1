package io.github.kubeproof.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a command as a process of its own, in a folder and an environment of its own. */
final class Shell {

  /** The distribution that was built before these tests. */
  static final Path HOME = Path.of(System.getProperty("kubeproof.home"));

  static final String KUBEPROOF = HOME.resolve("bin/kubeproof").toString();

  private final Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();

  /** With the JVM of this test, and no locale. */
  Shell(Path folder) {
    this.folder = folder;
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", folder.toString());
  }

  Shell with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Shell without(String name) {
    environment.remove(name);
    return this;
  }

  Run run(String... command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("kubeproof", ".out");
    Path err = Files.createTempFile("kubeproof", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
      builder.directory(folder.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError("still running after two minutes: " + List.of(command));
      }
      return new Run(process.exitValue(), text(out), text(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
