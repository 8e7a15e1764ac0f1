@NullMarked
package io.github.kubeproof.core.report;

import org.jspecify.annotations.NullMarked;
