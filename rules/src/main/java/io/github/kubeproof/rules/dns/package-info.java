@NullMarked
package io.github.kubeproof.rules.dns;

import org.jspecify.annotations.NullMarked;
