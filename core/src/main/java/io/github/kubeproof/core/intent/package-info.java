@NullMarked
package io.github.kubeproof.core.intent;

import org.jspecify.annotations.NullMarked;
