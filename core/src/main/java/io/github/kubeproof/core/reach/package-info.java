/**
 * Exact connectivity of everything that is known: sets of endpoints and ports instead of single
 * flows, so that all pairs are answered without looking at any pair.
 */
@NullMarked
package io.github.kubeproof.core.reach;

import org.jspecify.annotations.NullMarked;
