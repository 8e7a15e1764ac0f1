package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import java.util.List;

/** YAML of the tests as documents. */
final class Yaml {

  private static final YamlReader READER = new YamlReader(Limits.DEFAULT);

  private Yaml() {}

  static List<Document> documents(String name, String text) {
    return READER.read(new Source(name, text)).documents();
  }

  static Manifests read(String text) {
    return Manifests.read(documents("test.yaml", text), 1);
  }
}
