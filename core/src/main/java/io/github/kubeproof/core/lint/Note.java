package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.source.Place;

/** Another place that explains a finding, with its own sentence. */
public record Note(Place place, String message) {}
