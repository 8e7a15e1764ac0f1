@NullMarked
package io.github.kubeproof.core.traffic;

import org.jspecify.annotations.NullMarked;
