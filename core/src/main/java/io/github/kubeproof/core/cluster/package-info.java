@NullMarked
package io.github.kubeproof.core.cluster;

import org.jspecify.annotations.NullMarked;
