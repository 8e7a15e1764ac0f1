package io.github.kubeproof.core.report;

import io.github.kubeproof.core.lint.Severity;

/** Colours for a terminal, or none. */
record Ink(boolean colors) {

  private static final String RESET = "\u001b[0m";

  String severity(Severity severity, String text) {
    return switch (severity) {
      case ERROR -> paint("1;31", text);
      case WARNING -> paint("1;33", text);
      case INFO -> paint("1;36", text);
    };
  }

  String bold(String text) {
    return paint("1", text);
  }

  /** What frames the source: arrows, line numbers, bars. */
  String frame(String text) {
    return paint("1;34", text);
  }

  /** What few readers look for. */
  String faint(String text) {
    return paint("2", text);
  }

  String good(String text) {
    return paint("1;32", text);
  }

  private String paint(String code, String text) {
    return colors && !text.isEmpty() ? "\u001b[" + code + "m" + text + RESET : text;
  }
}
