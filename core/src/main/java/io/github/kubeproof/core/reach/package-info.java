@NullMarked
package io.github.kubeproof.core.reach;

import org.jspecify.annotations.NullMarked;
