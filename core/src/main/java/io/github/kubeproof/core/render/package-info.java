@NullMarked
package io.github.kubeproof.core.render;

import org.jspecify.annotations.NullMarked;
