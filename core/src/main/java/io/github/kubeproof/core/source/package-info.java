@NullMarked
package io.github.kubeproof.core.source;

import org.jspecify.annotations.NullMarked;
