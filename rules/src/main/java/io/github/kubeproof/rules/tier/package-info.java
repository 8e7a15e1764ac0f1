/** Rules about the policies of the tiers before and behind NetworkPolicy. */
@NullMarked
package io.github.kubeproof.rules.tier;

import org.jspecify.annotations.NullMarked;
