package io.github.kubeproof.core.source;

/** What the user asked for cannot be done as asked; the message is all that is shown. */
public final class UserError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UserError(String message) {
    super(message);
  }
}
