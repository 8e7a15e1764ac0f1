@NullMarked
package io.github.kubeproof.core.config;

import org.jspecify.annotations.NullMarked;
