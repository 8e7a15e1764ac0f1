@NullMarked
package io.github.kubeproof.rules.policy;

import org.jspecify.annotations.NullMarked;
