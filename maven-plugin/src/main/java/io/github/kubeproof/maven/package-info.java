@NullMarked
package io.github.kubeproof.maven;

import org.jspecify.annotations.NullMarked;
