package io.github.kubeproof.core.report;

import io.github.kubeproof.core.lint.Report;
import java.io.IOException;
import java.io.Writer;

/**
 * Writes a report in one format.
 *
 * <p>The same report gives the same characters on every run and JDK: lines end with {@code \n},
 * there are no times, and files are named as the user named them. The writer should encode UTF-8;
 * it is flushed and left open.
 */
public interface Reporter {

  void write(Report report, Writer out) throws IOException;
}
