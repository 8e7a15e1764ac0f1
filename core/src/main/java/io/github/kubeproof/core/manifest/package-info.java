@NullMarked
package io.github.kubeproof.core.manifest;

import org.jspecify.annotations.NullMarked;
