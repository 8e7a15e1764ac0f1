@NullMarked
package io.github.kubeproof.rules.manifest;

import org.jspecify.annotations.NullMarked;
