package io.github.kubeproof.maven;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The versions of this plugin and of the solver that it goes with. */
record Build(String version, String z3) {

  static Build read() {
    Properties properties = new Properties();
    try (InputStream in =
        Objects.requireNonNull(Build.class.getResourceAsStream("build.properties"))) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Build(properties.getProperty("version", ""), properties.getProperty("z3", ""));
  }
}
