package io.github.kubeproof.cli;

import io.github.kubeproof.core.source.UserError;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * What a run has of the outside world: results go to {@code out}, whatever is said about the run to
 * {@code err}.
 *
 * @param terminal whether a person looks at {@code out}
 */
record Console(
    InputStream in,
    OutputStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean terminal) {

  /** When to colour. */
  enum Colours {
    AUTO,
    ALWAYS,
    NEVER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Something that writes a result. */
  interface Result {
    void write(Writer out) throws IOException;
  }

  /**
   * The launcher says whether standard output is a terminal, because the JVM looks at the input,
   * too. Where a launcher cannot know, on Windows, it says "ask", and with it makes JVMs from 22 on
   * behave like older ones, which have a console only when there is a terminal.
   */
  @SuppressWarnings("SystemConsoleNull")
  static Console ofProcess() {
    String terminal = System.getProperty("kubeproof.terminal", "no");
    return new Console(
        System.in,
        new FileOutputStream(FileDescriptor.out),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        System.getenv(),
        terminal.equals("ask") ? System.console() != null : terminal.equals("yes"));
  }

  /** Writes a result to standard output. */
  void print(Result result) {
    try {
      Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
      result.write(writer);
      writer.flush();
    } catch (IOException e) {
      if (!isClosedPipe(e)) {
        throw new UserError("cannot write to standard output: " + e.getMessage());
      }
      // whoever reads has seen enough, as head does: the rest is for nobody
    }
  }

  void print(String text) {
    print(writer -> writer.append(text));
  }

  private static boolean isClosedPipe(IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("broken pipe") || message.contains("pipe is being closed");
  }

  /** Says something about the run, in one line. */
  void say(String message) {
    err.println("kubeproof: " + Text.visible(message));
  }

  boolean colours(Colours wish) {
    if (wish != Colours.AUTO) {
      return wish == Colours.ALWAYS;
    }
    if (!variable("NO_COLOR").isEmpty()) {
      return false;
    }
    if (isForced("FORCE_COLOR") || isForced("CLICOLOR_FORCE")) {
      return true;
    }
    return terminal && !variable("CLICOLOR").equals("0") && !variable("TERM").equals("dumb");
  }

  private boolean isForced(String name) {
    String value = variable(name);
    return !value.isEmpty() && !value.equals("0") && !value.equals("false");
  }

  private String variable(String name) {
    return environment.getOrDefault(name, "");
  }
}
