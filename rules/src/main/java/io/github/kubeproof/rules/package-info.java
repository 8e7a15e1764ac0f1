@NullMarked
package io.github.kubeproof.rules;

import org.jspecify.annotations.NullMarked;
