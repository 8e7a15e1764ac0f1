@NullMarked
package io.github.kubeproof.core.testkit;

import org.jspecify.annotations.NullMarked;
