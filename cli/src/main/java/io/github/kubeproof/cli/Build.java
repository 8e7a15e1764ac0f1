package io.github.kubeproof.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** What this program was built from. */
record Build(String version, String kubernetes, String z3) {

  static Build read() {
    Properties properties = new Properties();
    try (InputStream in =
        Objects.requireNonNull(Build.class.getResourceAsStream("build.properties"))) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Build(
        properties.getProperty("version", ""),
        properties.getProperty("kubernetes", ""),
        properties.getProperty("z3", ""));
  }
}
