package io.github.kubeproof.core.cluster;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The transport protocols of Services, container ports and policies. */
public enum Protocol {
  TCP,
  UDP,
  SCTP;

  /**
   * The protocol that a field names; TCP when the field is missing, empty for a word that is no
   * protocol.
   */
  public static Optional<Protocol> of(@Nullable String written) {
    if (written == null || written.isEmpty()) {
      return Optional.of(TCP);
    }
    for (Protocol protocol : values()) {
      if (protocol.name().equals(written)) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }
}
