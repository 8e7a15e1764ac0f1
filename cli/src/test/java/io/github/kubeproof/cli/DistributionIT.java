package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "these tests start the POSIX launcher")
class DistributionIT {

  @TempDir private Path folder;

  @Test
  void itFindsAFaultAndSaysNothingElse() throws Exception {
    Manifests.bad(folder);
    Run run = new Shell(folder).run(Shell.KUBEPROOF, "bad.yaml");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("error[KP407]", "bad.yaml:9:").doesNotContain("\u001b");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void itStartsThroughLinksFromAnywhere() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path absolute = Files.createSymbolicLink(bin.resolve("absolute"), Path.of(Shell.KUBEPROOF));
    Path relative = Files.createSymbolicLink(bin.resolve("kp"), Path.of("absolute"));
    Run run = new Shell(folder).run("bin/kp", "--version");
    assertThat(run).isEqualTo(new Run(0, "kubeproof " + Build.read().version() + "\n", ""));
    String path = bin + ":" + System.getenv("PATH");
    assertThat(new Shell(folder).with("PATH", path).run("sh", "-c", "kp --version")).isEqualTo(run);
    // JUnit warns of links that lead out of its folder
    Files.delete(relative);
    Files.delete(absolute);
  }

  @Test
  void filesMayHaveNamesBeyondAscii() throws Exception {
    Path file = folder.resolve("dépl oyé.yaml");
    Run made =
        new Shell(folder)
            .run("sh", "-c", "printf '%s' \"$1\" >'dépl oyé.yaml'", "-", Manifests.BAD);
    assertThat(made).isEqualTo(new Run(0, "", ""));
    Run run = new Shell(folder).run(Shell.KUBEPROOF, "lint", ".");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains(file.getFileName() + ":9:");
  }

  @Test
  void standardInputIsRead() throws Exception {
    Manifests.bad(folder);
    Run run = new Shell(folder).run("sh", "-c", "cat bad.yaml | \"$0\" lint -", Shell.KUBEPROOF);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("<stdin>:9:");
  }

  @Test
  void aReaderWhoLeavesEarlyIsNoError() throws Exception {
    for (int i = 0; i < 2000; i++) {
      Files.writeString(folder.resolve(i + ".yaml"), Manifests.BAD);
    }
    Run run = new Shell(folder).run("sh", "-c", "\"$0\" lint . | head -n 1", Shell.KUBEPROOF);
    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void withoutJavaTheUserIsTold() throws Exception {
    assertThat(
            new Shell(folder)
                .without("JAVA_HOME")
                .with("PATH", folder.toString())
                .run("/bin/sh", Shell.KUBEPROOF, "version"))
        .isEqualTo(
            new Run(
                2, "", "kubeproof: found no java; set JAVA_HOME or PATH to Java 17 or newer\n"));
    assertThat(new Shell(folder).with("JAVA_HOME", folder.toString()).run(Shell.KUBEPROOF).err())
        .isEqualTo("kubeproof: JAVA_HOME is " + folder + ", but there is no bin/java in it\n");
  }

  @Test
  void anOldJavaIsRefusedByItsReleaseFile() throws Exception {
    Path java = fakeJava("exit 9");
    Files.writeString(
        folder.resolve("release"), "IMPLEMENTOR=\"Example\"\nJAVA_VERSION=\"11.0.2\"\n");
    assertThat(new Shell(folder).with("JAVA_HOME", folder.toString()).run(Shell.KUBEPROOF))
        .isEqualTo(
            new Run(2, "", "kubeproof: needs Java 17 or newer, but " + java + " is Java 11.0.2\n"));
  }

  @Test
  void anOldJavaWithoutAReleaseFileIsAsked() throws Exception {
    Path java = fakeJava("echo 'openjdk version \"1.8.0_392\"' >&2");
    assertThat(new Shell(folder).with("JAVA_HOME", folder.toString()).run(Shell.KUBEPROOF))
        .isEqualTo(
            new Run(
                2, "", "kubeproof: needs Java 17 or newer, but " + java + " is Java 1.8.0_392\n"));
  }

  @Test
  void theStartUpArchiveFitsTheJvmOfTheBuild() throws Exception {
    // with -Xshare:on a JVM that cannot use the archive refuses to start
    Run run =
        new Shell(folder)
            .with("KUBEPROOF_JAVA_OPTS", "-Xshare:on")
            .run(Shell.KUBEPROOF, "--version");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
  }

  @Test
  void anArchiveOfAnotherJvmIsPassedOverInSilence() throws Exception {
    Path archive = Files.write(folder.resolve("other.jsa"), new byte[4096]);
    Run run =
        new Shell(folder)
            .with("KUBEPROOF_JAVA_OPTS", "-XX:SharedArchiveFile=" + archive)
            .run(Shell.KUBEPROOF, "--version");
    assertThat(run).isEqualTo(new Run(0, "kubeproof " + Build.read().version() + "\n", ""));
  }

  @Test
  void ourOwnFailureEndsWithSeventy() throws Exception {
    // without the libraries of others
    Run run = new Shell(folder).run("sh", copied("bin/kubeproof", "lib/kubeproof.*jar"), "rules");
    assertThat(run.code()).isEqualTo(70);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("kubeproof: this is a bug of kubeproof ")
        .contains("please report it", "java.lang.NoClassDefFoundError: ");
  }

  @Test
  void aDamagedSolverIsRefused() throws Exception {
    Manifests.bad(folder);
    String launcher = copied("bin/kubeproof", "lib/.*jar", "natives/.*");
    String good = new Shell(folder).run("sh", launcher, "reach", "--exposure", "bad.yaml").err();
    assertThat(good).doesNotContain("solver");
    try (Stream<Path> natives = Files.list(folder.resolve("home/natives"))) {
      for (Path library : natives.toList()) {
        try (RandomAccessFile file = new RandomAccessFile(library.toFile(), "rw")) {
          file.seek(file.length() / 2);
          int old = file.read();
          file.seek(file.length() / 2);
          file.write(old ^ 1);
        }
      }
    }
    Run bad = new Shell(folder).run("sh", launcher, "reach", "--exposure", "bad.yaml");
    assertThat(bad.code()).isEqualTo(2);
    assertThat(bad.err())
        .containsPattern("libz3.* is not the .* its checksum is CRC-32:[0-9a-f]{8}");
  }

  @Test
  void bothLaunchersStartTheJvmInTheSameWay() throws IOException {
    assertThat(jvmFlags("bin/kubeproof")).isEqualTo(jvmFlags("bin/kubeproof.cmd")).isNotEmpty();
    assertThat(Files.readString(Shell.HOME.resolve("bin/kubeproof.cmd")).split("\n", -1))
        .allMatch(line -> line.isEmpty() || line.endsWith("\r"));
  }

  @Test
  void theShellCompletesCommandsAndWords() throws Exception {
    String script = Shell.HOME.resolve("completions/kubeproof.bash").toString();
    String ask =
        """
        . "$0"
        COMP_WORDS=(kubeproof "$@"); COMP_CWORD=$#; _complete_kubeproof
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    assertThat(new Shell(folder).run("bash", "-c", ask, script, "ex").out()).isEqualTo("explain\n");
    assertThat(new Shell(folder).run("bash", "-c", ask, script, "lint", "--unit", "").out())
        .isEqualTo("auto\ndir\nfile\nall\n");
  }

  /** A copy of those parts of the distribution whose paths match; returns its launcher. */
  private String copied(String... paths) throws IOException {
    try (Stream<Path> files = Files.walk(Shell.HOME)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = Shell.HOME.relativize(file).toString();
        if (Arrays.stream(paths).anyMatch(path::matches)) {
          Path copy = folder.resolve("home").resolve(path);
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    return folder.resolve("home/bin/kubeproof").toString();
  }

  private Path fakeJava(String body) throws IOException {
    Path java = Files.createDirectory(folder.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n" + body + "\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return java;
  }

  private static List<String> jvmFlags(String launcher) throws IOException {
    String text = Files.readString(Shell.HOME.resolve(launcher));
    return Arrays.stream(text.split("[\\s\"=]+", -1))
        .filter(word -> word.matches("-X.*"))
        .sorted()
        .toList();
  }
}
