@NullMarked
package io.github.kubeproof.rules.reachability;

import org.jspecify.annotations.NullMarked;
