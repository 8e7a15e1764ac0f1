package io.github.kubeproof.core.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.kubeproof.core.proof.Natives.Host;
import io.github.kubeproof.core.proof.Natives.Loading;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativesTest {

  private static final Host HOST = Host.ofThisJvm();
  private static final Path NATIVES =
      Path.of(System.getProperty("kubeproof.natives", "target/natives")).toAbsolutePath();

  private static final String CHECKSUMS = "SHA-256:[0-9a-f]{64} CRC-32:[0-9a-f]{8}";

  @TempDir private Path temp;

  @Test
  void theSolverAnswers() {
    assertThat(Natives.load()).isEqualTo(new Loading.Loaded());
    assertThat(NativesProbe.ask()).isEqualTo("SATISFIABLE UNSATISFIABLE");
  }

  @Test
  void plainNamesAreFound() throws IOException {
    copyPlain("libz3", temp);
    copyPlain("libz3java", temp);

    assertThat(Natives.load(HOST, List.of("no/such/folder", temp.toString())))
        .isEqualTo(new Loading.Loaded());
  }

  @Test
  void twoFilesAreAsGoodAsAFolder() throws IOException {
    assertThat(
            Natives.load(
                HOST, List.of(artifact("libz3java").toString(), artifact("libz3").toString())))
        .isEqualTo(new Loading.Loaded());
  }

  @Test
  void missingLibrarySaysWhereItWasLookedFor() throws IOException {
    copyPlain("libz3", temp);

    assertThat(Natives.load(HOST, List.of("no/such/folder", temp.toString())))
        .isEqualTo(
            new Loading.Unavailable(
                "found no solver library %s; looked in [no/such/folder, %s]"
                    .formatted(HOST.plain("libz3java"), temp)));
  }

  @Test
  void damagedLibraryIsRefused() throws IOException {
    copyPlain("libz3", temp);
    Path damaged = temp.resolve(HOST.plain("libz3java"));
    byte[] bytes = Files.readAllBytes(artifact("libz3java"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);

    assertThat(reason(Natives.load(HOST, List.of(temp.toString()))))
        .startsWith(damaged + " is not the " + HOST.artifact("libz3java"))
        .containsPattern("its checksum is SHA-256:[0-9a-f]{64}$");
  }

  @Test
  void swappedLibrariesAreRefused() throws IOException {
    Path wrong = temp.resolve(HOST.plain("libz3"));
    Files.copy(artifact("libz3java"), wrong);

    assertThat(reason(Natives.load(HOST, List.of(temp.toString()))))
        .startsWith(wrong + " is not the " + HOST.artifact("libz3"));
  }

  @Test
  void unreadableLibraryIsAReason() throws IOException {
    Path folder = Files.createDirectory(temp.resolve(HOST.plain("libz3")));

    assertThat(reason(Natives.load(HOST, List.of(temp.toString()))))
        .startsWith("cannot read the solver libraries: ")
        .doesNotContain("\n");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void placeThatIsNoPathIsAReason() {
    assertThat(reason(Natives.load(HOST, List.of("a\0b"))))
        .startsWith("cannot read the solver libraries: ");
  }

  @ParameterizedTest
  @CsvSource({"Linux, riscv64", "FreeBSD, amd64", "Windows 11, x86"})
  void hostWithoutALibraryIsAReason(String os, String arch) {
    assertThat(Natives.load(new Host(os, arch), List.of(NATIVES.toString())))
        .isEqualTo(new Loading.Unavailable("there is no solver library for " + os + "/" + arch));
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, libz3-x64.so, libz3.so",
    "Linux, aarch64, libz3-arm64.so, libz3.so",
    "Mac OS X, x86_64, libz3-x64.dylib, libz3.dylib",
    "Mac OS X, aarch64, libz3-arm64.dylib, libz3.dylib",
    "Windows 11, amd64, libz3-x64.dll, libz3.dll",
    "Windows Server 2022, aarch64, libz3-arm64.dll, libz3.dll"
  })
  void everyHostKnowsItsLibraries(String os, String arch, String artifact, String plain)
      throws IOException {
    Host host = new Host(os, arch);
    assertThat(host.artifact("libz3")).isEqualTo(artifact);
    assertThat(host.matches(Path.of("x", plain), "libz3")).isTrue();
    assertThat(host.matches(Path.of("javasmt-solver-z3-1.2-" + artifact), "libz3")).isTrue();
    assertThat(host.matches(Path.of("x", plain), "libz3java")).isFalse();
    assertThat(host.matches(Path.of("x", artifact + ".sha1"), "libz3")).isFalse();

    Properties known = new Properties();
    try (InputStream in = Natives.class.getResourceAsStream("natives.properties")) {
      known.load(in);
    }
    assertThat(known).hasSize(12);
    assertThat(known.getProperty(artifact)).matches(CHECKSUMS);
    assertThat(known.getProperty(host.artifact("libz3java"))).matches(CHECKSUMS);
  }

  @Test
  void everyClassLoaderGetsASolver() throws Exception {
    assertThat(NativesProbe.ask()).isEqualTo("SATISFIABLE UNSATISFIABLE");

    List<Callable<String>> questions = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      questions.add(NativesProbe::askInAnotherClassLoader);
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (Future<String> answer : threads.invokeAll(questions)) {
        assertThat(answer.get()).isEqualTo("SATISFIABLE UNSATISFIABLE");
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void anotherClassLoaderLeavesNothingBehind() throws Exception {
    assumeThat(HOST.ending()).as("Windows keeps a library in use").isNotEqualTo(".dll");

    assertThat(java("-Djava.io.tmpdir=" + temp, NativesProbe.class.getName(), "again", "again"))
        .isEqualTo("SATISFIABLE UNSATISFIABLE\n".repeat(3));
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void anotherClassLoaderWithoutATemporaryFolderIsAReason() throws Exception {
    Path nowhere = temp.resolve("nowhere");

    assertThat(java("-Djava.io.tmpdir=" + nowhere, NativesProbe.class.getName(), "again"))
        .startsWith("SATISFIABLE UNSATISFIABLE\ncannot read the solver libraries: ")
        .contains(nowhere.toString());
  }

  @Test
  void nothingIsWritten() throws Exception {
    Path nowhere = temp.resolve("nowhere");

    assertThat(
            java(
                "-Djava.io.tmpdir=" + nowhere,
                "-Duser.home=" + nowhere,
                NativesProbe.class.getName()))
        .isEqualTo("SATISFIABLE UNSATISFIABLE\n");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void temporaryFolderMayForbidExecution() throws Exception {
    assumeThat(HOST.ending()).as("mounts are made as on Linux").isEqualTo(".so");
    List<String> mounted =
        List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"");
    assumeThat(succeeds(mounted, temp.toString(), "true"))
        .as("this user may mount a file system")
        .isTrue();

    List<String> command = new ArrayList<>(mounted);
    command.add(temp.toString());
    command.addAll(javaCommand(ownJava(), "-Djava.io.tmpdir=" + temp));
    command.addAll(List.of(NativesProbe.class.getName(), "again"));

    // a second class loader needs a link there, and says why it cannot have one
    assertThat(run(command))
        .startsWith("SATISFIABLE UNSATISFIABLE\ncannot load the solver libraries: " + temp);
  }

  @Test
  void manyProcessesStartAtOnce() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      List<String> command = javaCommand(ownJava(), NativesProbe.class.getName(), "again");
      processes.add(new ProcessBuilder(command).redirectErrorStream(true).start());
    }
    for (Process process : processes) {
      assertThat(output(process)).isEqualTo("SATISFIABLE UNSATISFIABLE\n".repeat(2));
    }
  }

  @Test
  void distributionFindsItsOwnLibraries() throws Exception {
    Path home = Files.createDirectories(temp.resolve("a home/kubeproof"));
    Path jar = Files.createDirectory(home.resolve("lib")).resolve("kubeproof-core.jar");
    List<Path> classPath = NativesProbe.classPath();
    pack(classPath.get(0), jar);
    Path natives = Files.createDirectory(home.resolve("natives"));
    String paths = NativesProbe.joined(Stream.concat(Stream.of(jar), classPath.stream().skip(1)));
    List<String> command =
        List.of(ownJava().toString(), "-cp", paths, NativesProbe.class.getName());

    assertThat(run(command))
        .isEqualTo(
            "found no solver library %s; looked in [%s, %s]\n"
                .formatted(HOST.plain("libz3"), home.resolve("lib/natives"), natives));

    copyPlain("libz3", natives);
    copyPlain("libz3java", natives);
    assertThat(run(command)).isEqualTo("SATISFIABLE UNSATISFIABLE\n");
  }

  @Test
  void newestJavaLoadsThemWithoutAWarning() throws Exception {
    Optional<Path> newest = neighbouringJava();
    assumeThat(newest).as("a JDK 24 or later is installed beside this one").isPresent();
    String probe = NativesProbe.class.getName();

    assertThat(run(javaCommand(newest.get(), "--enable-native-access=ALL-UNNAMED", probe)))
        .isEqualTo("SATISFIABLE UNSATISFIABLE\n");
    List<String> withoutTheFlag = javaCommand(newest.get(), probe);
    assertThat(everything(new ProcessBuilder(withoutTheFlag).redirectErrorStream(true).start()))
        .contains("WARNING")
        .endsWith("SATISFIABLE UNSATISFIABLE\n");
    assertThat(run(javaCommand(newest.get(), "--illegal-native-access=deny", probe)))
        .startsWith("cannot load the solver libraries: Illegal native access");
  }

  private static String reason(Loading loading) {
    assertThat(loading).isInstanceOf(Loading.Unavailable.class);
    return ((Loading.Unavailable) loading).reason();
  }

  private static Path artifact(String library) throws IOException {
    try (Stream<Path> files = Files.list(NATIVES)) {
      return files.filter(f -> HOST.matches(f, library)).findFirst().orElseThrow();
    }
  }

  private static Path copyPlain(String library, Path folder) throws IOException {
    return Files.copy(artifact(library), folder.resolve(HOST.plain(library)));
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(
            new ZipEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
        Files.copy(file, zip);
      }
    }
  }

  private static Path ownJava() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static Optional<Path> neighbouringJava() throws IOException {
    try (Stream<Path> homes = Files.list(Path.of(System.getProperty("java.home")).getParent())) {
      return homes
          .filter(home -> home.getFileName().toString().matches(".*\\b(2[4-9]|[3-9]\\d)\\b.*"))
          .map(home -> home.resolve("bin/java"))
          .filter(Files::isExecutable)
          .sorted()
          .findFirst();
    }
  }

  private static List<String> javaCommand(Path java, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.add("-Dkubeproof.natives=" + NATIVES);
    command.addAll(List.of("-cp", NativesProbe.joined(NativesProbe.classPath().stream())));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String java(String... arguments) throws Exception {
    return run(javaCommand(ownJava(), arguments));
  }

  private static String run(List<String> command) throws Exception {
    return output(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** What a program says, without the warnings of newer JVMs about native access. */
  private static String output(Process process) throws Exception {
    return everything(process).replaceAll("(?m)^WARNING: .*\\n", "").stripLeading();
  }

  private static String everything(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends: %s", output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output.replace("\r\n", "\n");
  }

  private static boolean succeeds(List<String> command, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(all).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
