package io.github.kubeproof.core.manifest;

import java.util.Optional;
import java.util.Set;

/** Which fields a map of fixed fields may have. */
interface Shape {

  Set<String> fields();

  /** The shape of a field's value, or of its items; absent for leaves and for maps of free keys. */
  Optional<? extends Shape> below(String field);
}
