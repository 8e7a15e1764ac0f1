@NullMarked
package io.github.kubeproof.rules.ingress;

import org.jspecify.annotations.NullMarked;
