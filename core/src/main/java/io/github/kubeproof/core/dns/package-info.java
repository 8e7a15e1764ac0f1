/**
 * How names become addresses in a cluster: what CoreDNS makes of its Corefile, what kubelet writes
 * into a pod's {@code resolv.conf}, and which names a manifest gives to programs.
 */
@NullMarked
package io.github.kubeproof.core.dns;

import org.jspecify.annotations.NullMarked;
