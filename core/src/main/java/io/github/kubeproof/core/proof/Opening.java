package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.source.Place;

/**
 * A change of the policies that lets a flow through at one end, tried out on what they enforce.
 *
 * @param where what to do with the text, such as {@code append to spec.ingress of policy shop/db}
 * @param place of the policy that it goes into; for a document of its own, that of the policy that
 *     makes it necessary
 * @param yaml one item of a list, or a whole document
 * @param opensNothingElse proved: only flows of pods with the labels of the source to pods with
 *     those of the destination, in their namespaces, at this port are opened, or of that address
 * @param closesNothing proved: all that got through still does
 */
public record Opening(
    String where, Place place, String yaml, boolean opensNothingElse, boolean closesNothing) {

  boolean isExact() {
    return opensNothingElse && closesNothing;
  }
}
