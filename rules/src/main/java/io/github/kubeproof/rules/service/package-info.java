@NullMarked
package io.github.kubeproof.rules.service;

import org.jspecify.annotations.NullMarked;
