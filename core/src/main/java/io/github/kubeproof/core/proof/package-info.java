@NullMarked
package io.github.kubeproof.core.proof;

import org.jspecify.annotations.NullMarked;
