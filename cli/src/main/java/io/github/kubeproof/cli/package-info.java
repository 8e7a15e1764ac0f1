@NullMarked
package io.github.kubeproof.cli;

import org.jspecify.annotations.NullMarked;
