package io.github.kubeproof.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.manifest.Manifests;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import java.util.ArrayList;
import java.util.List;

/** Worlds for tests, from YAML. */
public final class Worlds {

  private Worlds() {}

  /** The world of one file that must be understood in full. */
  public static World of(String yaml) {
    return of(Settings.DEFAULT, new Source("test.yaml", ".", yaml));
  }

  /** The world of some files under one root. */
  public static World of(Settings settings, Source... sources) {
    List<Loaded> loaded = new ArrayList<>();
    for (Source source : sources) {
      loaded.add(new YamlReader(Limits.DEFAULT).read(source));
    }
    assertThat(loaded).flatExtracting(Loaded::problems).isEmpty();
    Manifests manifests =
        Manifests.read(loaded.stream().flatMap(l -> l.documents().stream()).toList(), 1);
    assertThat(manifests.problems()).isEmpty();
    List<World> worlds = World.of(manifests, List.of(), settings);
    assertThat(worlds).hasSize(1);
    return worlds.get(0);
  }
}
