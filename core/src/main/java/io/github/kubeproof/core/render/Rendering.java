package io.github.kubeproof.core.render;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A kustomization or a chart that is deployed by itself. */
interface Rendering {

  /** Why something is not rendered. */
  record Obstacle(Place place, String message) {}

  /** The {@code kustomization.yaml} or the {@code Chart.yaml}. */
  Document by();

  /** Why it is not even tried. */
  Optional<Obstacle> obstacle();

  /** The files that it takes in, without links in them; they need not be read again. */
  Set<Path> files();

  /** What renders it, where there is no obstacle. */
  Tool tool();

  /**
   * What the program is told.
   *
   * @param home an empty folder, which it may write to
   */
  List<String> arguments(Path home) throws IOException;

  /** What the program printed, each part at the place where it was written. */
  Loaded placed(Loaded printed, Path home);

  /** What the program complains about, without what the user knows anyway. */
  String readable(String message);
}
