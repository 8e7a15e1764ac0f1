package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kubeproof.cli.Console.Colours;
import io.github.kubeproof.core.source.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aTerminalIsColouredUnlessSomebodySaysNo() {
    assertThat(colours(true, Map.of())).isTrue();
    assertThat(colours(false, Map.of())).isFalse();
    assertThat(colours(true, Map.of("NO_COLOR", "1"))).isFalse();
    assertThat(colours(true, Map.of("NO_COLOR", ""))).isTrue();
    assertThat(colours(true, Map.of("CLICOLOR", "0"))).isFalse();
    assertThat(colours(true, Map.of("TERM", "dumb"))).isFalse();
  }

  @Test
  void aPipeIsColouredWhenForced() {
    assertThat(colours(false, Map.of("FORCE_COLOR", "1"))).isTrue();
    assertThat(colours(false, Map.of("CLICOLOR_FORCE", "1"))).isTrue();
    assertThat(colours(false, Map.of("FORCE_COLOR", "0"))).isFalse();
    assertThat(colours(false, Map.of("FORCE_COLOR", "1", "NO_COLOR", "1"))).isFalse();
  }

  @Test
  void theFlagWinsOverTheEnvironment() {
    Console plain = console(OutputStream.nullOutputStream(), false, Map.of("NO_COLOR", "1"));
    assertThat(plain.colours(Colours.ALWAYS)).isTrue();
    Console forced = console(OutputStream.nullOutputStream(), true, Map.of("FORCE_COLOR", "1"));
    assertThat(forced.colours(Colours.NEVER)).isFalse();
  }

  @Test
  void aReaderWhoLeavesEarlyIsNoError() {
    Console console = console(new Broken("Broken pipe"), false, Map.of());
    assertThat(Kubeproof.run(console, "rules")).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void aFullDiskIsAnError() {
    Console console = console(new Broken("No space left on device"), false, Map.of());
    assertThatThrownBy(() -> console.print("text"))
        .isInstanceOf(UserError.class)
        .hasMessage("cannot write to standard output: No space left on device");
    assertThat(Kubeproof.run(console, "rules")).isEqualTo(2);
  }

  @Test
  void ourOwnFailureAsksForAReport() {
    Console console = console(OutputStream.nullOutputStream(), false, Map.of());
    assertThat(Crash.report(new IllegalStateException("rule KP999 is broken"), console))
        .isEqualTo(70);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("kubeproof: this is a bug of kubeproof ")
        .contains("please report it")
        .contains("java.lang.IllegalStateException: rule KP999 is broken\n\tat ");
  }

  @Test
  void tooLittleMemoryIsSaidAsSuch() {
    Console console = console(OutputStream.nullOutputStream(), false, Map.of());
    assertThat(Crash.report(new OutOfMemoryError("Java heap space"), console)).isEqualTo(70);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("kubeproof: out of memory; give it more with KUBEPROOF_JAVA_OPTS=");
  }

  private boolean colours(boolean terminal, Map<String, String> environment) {
    return console(OutputStream.nullOutputStream(), terminal, environment).colours(Colours.AUTO);
  }

  private Console console(OutputStream out, boolean terminal, Map<String, String> environment) {
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new Console(InputStream.nullInputStream(), out, errors, environment, terminal);
  }

  private static final class Broken extends OutputStream {

    private final String message;

    Broken(String message) {
      this.message = message;
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException(message);
    }
  }
}
