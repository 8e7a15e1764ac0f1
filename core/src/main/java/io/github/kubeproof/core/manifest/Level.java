package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.NodePath;
import org.jspecify.annotations.Nullable;

/**
 * A map of fixed fields on the way down into an object.
 *
 * @param outer the next such map above; null for the object itself
 */
record Level(Shape shape, NodePath path, @Nullable Level outer) {}
