@NullMarked
package io.github.kubeproof.core.lint;

import org.jspecify.annotations.NullMarked;
