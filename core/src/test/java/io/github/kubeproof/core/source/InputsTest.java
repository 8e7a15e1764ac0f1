package io.github.kubeproof.core.source;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class InputsTest {

  private static final String SERVICE = "apiVersion: v1\nkind: Service\n";

  @TempDir Path folder;

  @Test
  void filesOfFoldersAreReadInTheOrderOfTheirBytes() throws IOException {
    for (String name :
        List.of(
            "b/z.yaml",
            "b/a.yml",
            "b-c/x.yaml",
            "a.json",
            "Z.yaml",
            "\uD83D\uDE00.yaml",
            "\uFF5A.yaml",
            "ä.yaml",
            "z.yaml")) {
      write(name, "{\"apiVersion\": \"v1\", \"kind\": \"" + name + "\"}\n");
    }
    write("notes.txt", "not: read");
    Loaded loaded = load(Inputs.DEFAULT, folder.toString());
    assertThat(names(loaded))
        .containsExactly(
            "Z.yaml",
            "a.json",
            "b-c/x.yaml",
            "b/a.yml",
            "b/z.yaml",
            "z.yaml",
            "ä.yaml",
            "\uFF5A.yaml",
            "\uD83D\uDE00.yaml");
    assertThat(loaded.files()).isEqualTo(9);
    assertThat(loaded.problems()).isEmpty();
  }

  @Test
  void theFoldersOfToolsAndHiddenFilesAreLeftOut() throws IOException {
    write(".git/a.yaml", SERVICE);
    write(".github/workflows/a.yaml", SERVICE);
    write("x/node_modules/a.yaml", SERVICE);
    write("..data/a.yaml", SERVICE);
    write(".hidden.yaml", SERVICE);
    write(".tests/read.yaml", SERVICE);
    assertThat(names(load(Inputs.DEFAULT, folder.toString()))).containsExactly(".tests/read.yaml");
  }

  @Test
  void aFileThatIsNamedIsReadWhateverItIsCalled() throws IOException {
    Path odd = write(".github/notes.txt", SERVICE);
    Inputs nothing = new Inputs(Limits.DEFAULT, name -> true, 1);
    Loaded loaded = load(nothing, odd.toString());
    assertThat(loaded.documents()).singleElement().extracting(Document::root).isNotNull();
    assertThat(loaded.documents().get(0).source().name()).isEqualTo(slashed(odd));
    assertThat(loaded.documents().get(0).source().root()).isEqualTo(slashed(odd));
  }

  @Test
  void namesAreThoseTheUserGave() throws IOException {
    write("deploy/a.yaml", SERVICE);
    Path here = Path.of("").toAbsolutePath().relativize(folder.toAbsolutePath());
    Loaded loaded = load(Inputs.DEFAULT, "." + "/" + slashed(here) + "/./deploy/");
    Source source = loaded.documents().get(0).source();
    assertThat(source.name()).isEqualTo(slashed(here) + "/deploy/a.yaml");
    assertThat(source.root()).isEqualTo(slashed(here) + "/deploy");
  }

  @Test
  void everyDocumentKnowsItsArgument() throws IOException {
    write("a/x.yaml", SERVICE);
    write("b/y.yaml", SERVICE);
    Loaded loaded =
        load(Inputs.DEFAULT, at("b"), at("a"), at("b/y.yaml"), "-", at("a/x.yaml"), "-");
    assertThat(loaded.documents())
        .extracting(document -> document.source().root())
        .containsExactly(slashed(folder) + "/b", slashed(folder) + "/a", "<stdin>");
    assertThat(loaded.documents().get(2).source().name()).isEqualTo(Source.STDIN);
  }

  @Test
  void whatIsExcludedIsNotRead() throws IOException {
    write("a/x.yaml", SERVICE);
    write("testdata/y.yaml", SERVICE);
    write("b/skip.yaml", SERVICE);
    Inputs inputs =
        new Inputs(
            Limits.DEFAULT, name -> name.endsWith("/testdata") || name.endsWith("skip.yaml"), 1);
    assertThat(names(load(inputs, folder.toString()))).containsExactly("a/x.yaml");
  }

  @Test
  void missingPathsAreTheUsersError() throws IOException {
    write("a.yaml", SERVICE);
    assertThatThrownBy(() -> load(Inputs.DEFAULT, at("a.yaml"), "no/such.yaml"))
        .isInstanceOf(UserError.class)
        .hasMessage("no such file or folder: no/such.yaml");
    assertThatThrownBy(() -> load(Inputs.DEFAULT, ""))
        .isInstanceOf(UserError.class)
        .hasMessage("no such file or folder: \"\"");
    assertThatThrownBy(() -> load(Inputs.DEFAULT, "a\0b")).isInstanceOf(UserError.class);
  }

  @Test
  void anEmptyFolderHasNothing() {
    Loaded loaded = load(Inputs.DEFAULT, folder.toString());
    assertThat(loaded).isEqualTo(new Loaded(List.of(), List.of(), 0));
  }

  @Test
  void brokenYamlInAFolderIsReported() throws IOException {
    write("a.yaml", "a: [1\n");
    write("b.yaml", SERVICE);
    Loaded loaded = load(Inputs.DEFAULT, folder.toString());
    assertThat(names(loaded)).containsExactly("b.yaml");
    assertThat(problems(loaded))
        .containsExactly("SYNTAX a.yaml:1:4 the \"[\" that stands here is never closed");
  }

  @Test
  void otherPeoplesJsonIsNotSpokenOf() throws IOException {
    write("package.json", "{\"name\": \"x\", \"name\": \"y\"}");
    write("broken.json", "{\"name\": [");
    write("schema.json", "{\"properties\": {\"apiVersion\": {}, \"kind\": {}}}");
    Files.write(folder.resolve("binary.json"), new byte[] {0, 1, 2});
    write("list.json", "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": []}");
    write("half.json", "{\"apiVersion\": \"v1\", \"kind\": \"List\",");
    Loaded loaded = load(Inputs.DEFAULT, folder.toString());
    assertThat(names(loaded)).containsExactly("list.json");
    assertThat(problems(loaded))
        .containsExactly("SYNTAX half.json:1:36 the document ends here, within a list or a map");
  }

  @Test
  void jsonThatIsNamedIsSpokenOf() throws IOException {
    write("broken.json", "{\"name\": [");
    write("other.json", "{\"name\": 1}");
    Loaded loaded = load(Inputs.DEFAULT, at("broken.json"), at("other.json"));
    assertThat(loaded.problems()).hasSize(1);
    assertThat(loaded.documents()).hasSize(1);
  }

  @Test
  void whatIsNoTextIsNamedAndTheRestGoesOn() throws IOException {
    Files.write(folder.resolve("a.yaml"), new byte[] {'a', ':', ' ', 0, 7});
    Files.write(folder.resolve("b.yaml"), new byte[] {'a', ':', '\n', (byte) 0xC3, '('});
    Files.write(folder.resolve("c.yaml"), ("\uFEFF" + SERVICE).getBytes(UTF_16LE));
    Files.write(folder.resolve("d.yaml"), ("\uFEFF" + SERVICE).getBytes(UTF_8));
    Loaded loaded = load(Inputs.DEFAULT, folder.toString());
    assertThat(problems(loaded))
        .containsExactly(
            "UNREADABLE a.yaml:1:4 not text: it holds a null byte",
            "UNREADABLE b.yaml:2:1 not text: invalid UTF-8");
    assertThat(names(loaded)).containsExactly("c.yaml", "d.yaml");
    assertThat(loaded.documents().get(1).root().span()).isEqualTo(new Span(1, 1, 2, 14));
  }

  @Test
  void filesBeyondTheLimitAreNamed() throws IOException {
    write("a.yaml", SERVICE.repeat(100));
    write("b.yaml", SERVICE);
    Inputs inputs = new Inputs(new Limits(1000, 1000, 1000, 100), name -> false, 1);
    Loaded loaded = load(inputs, folder.toString(), "-");
    assertThat(names(loaded)).containsExactly("b.yaml", "<stdin>");
    assertThat(problems(loaded))
        .containsExactly("LIMIT a.yaml:1:1 larger than 1000 bytes, so none of it is read");
    InputStream endless = new ByteArrayInputStream(new byte[1001]);
    assertThat(problems(inputs.load(List.of("-"), endless)))
        .containsExactly("LIMIT <stdin>:1:1 larger than 1000 bytes, so none of it is read");
  }

  @Test
  void unreadableFilesAndFoldersAreNamedAndTheRestGoesOn() throws IOException {
    Path file = write("a.yaml", SERVICE);
    Path inner = write("b/c.yaml", SERVICE);
    write("d.yaml", SERVICE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(inner.getParent(), PosixFilePermissions.fromString("---------"));
    try {
      assumeFalse(Files.isReadable(file), "this user may read everything");
      Loaded loaded = load(Inputs.DEFAULT, folder.toString());
      assertThat(names(loaded)).containsExactly("d.yaml");
      assertThat(problems(loaded))
          .containsExactly(
              "UNREADABLE b:1:1 permission denied", "UNREADABLE a.yaml:1:1 permission denied");
    } finally {
      Files.setPosixFilePermissions(
          inner.getParent(), PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void aFileThatFailsWhileItIsReadIsNamed() throws IOException {
    Path memory = Path.of("/proc/self/mem");
    assumeTrue(Files.isReadable(memory), "no file here that opens and cannot be read");
    write("b.yaml", SERVICE);
    Loaded loaded = load(Inputs.DEFAULT, memory.toString(), folder.toString());
    assertThat(loaded.problems())
        .extracting(problem -> problem.kind() + " " + problem.source().name())
        .containsExactly("UNREADABLE /proc/self/mem");
    assertThat(loaded.documents()).hasSize(1);
  }

  @Test
  @Timeout(10)
  void whatIsNoRegularFileIsNotWaitedFor() throws IOException {
    write("b.yaml", SERVICE);
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(folder.resolve("a.yaml")));
      Loaded loaded = load(Inputs.DEFAULT, folder.toString());
      assertThat(problems(loaded)).containsExactly("UNREADABLE a.yaml:1:1 not a regular file");
      assertThat(names(loaded)).containsExactly("b.yaml");
    }
  }

  @Test
  void linksThatLeadInCirclesAreNamed() throws IOException {
    write("a/b/x.yaml", SERVICE);
    link("a/b/up", Path.of("../.."));
    link("a/here", Path.of("."));
    link("self.yaml", Path.of("self.yaml"));
    link("one", Path.of("two"));
    link("two", Path.of("one"));
    Loaded loaded = load(Inputs.DEFAULT, folder.toString());
    assertThat(names(loaded)).containsExactly("a/b/x.yaml");
    assertThat(problems(loaded))
        .containsExactly(
            "LIMIT a/b/up:1:1 symbolic link not followed: it leads back to a folder it stands in",
            "LIMIT a/here:1:1 symbolic link not followed: it leads back to a folder it stands in",
            "LIMIT one:1:1 symbolic link not followed: it leads back to itself",
            "LIMIT self.yaml:1:1 symbolic link not followed: it leads back to itself",
            "LIMIT two:1:1 symbolic link not followed: it leads back to itself");
  }

  @Test
  void linksThatLeadOutAreNamedAndNotFollowed(@TempDir Path outside) throws IOException {
    Files.writeString(outside.resolve("secret.yaml"), SERVICE);
    link("a.yaml", outside.resolve("secret.yaml"));
    link("b", outside);
    link("c.yaml", Path.of("nowhere"));
    link("unrelated", Path.of("nowhere"));
    Loaded loaded = load(Inputs.DEFAULT, folder.toString());
    assertThat(loaded.documents()).isEmpty();
    String why = ":1:1 symbolic link not followed: it leads out of " + slashed(folder);
    assertThat(problems(loaded))
        .containsExactly(
            "LIMIT a.yaml" + why,
            "LIMIT b" + why,
            "UNREADABLE c.yaml:1:1 symbolic link to a file that does not exist");
  }

  @Test
  void aFileIsReadOnceAndAtItsOwnPlace() throws IOException {
    write("z/real.yaml", SERVICE);
    link("a", Path.of("z"));
    link("b.yaml", Path.of("z/real.yaml"));
    assertThat(names(load(Inputs.DEFAULT, folder.toString()))).containsExactly("z/real.yaml");
  }

  @Test
  void volumesAsKubeletMountsThemAreReadUnderTheNamesOfTheirLinks() throws IOException {
    write("..2026_01_01/x.yaml", SERVICE);
    link("..data", Path.of("..2026_01_01"));
    link("x.yaml", Path.of("..data/x.yaml"));
    Loaded loaded = load(Inputs.DEFAULT, folder.toString());
    assertThat(names(loaded)).containsExactly("x.yaml");
    assertThat(loaded.problems()).isEmpty();
  }

  @Test
  void aFolderThatIsALinkItselfIsReadWhenItIsNamed(@TempDir Path elsewhere) throws IOException {
    Files.writeString(elsewhere.resolve("x.yaml"), SERVICE);
    link("deploy", elsewhere);
    assertThat(names(load(Inputs.DEFAULT, at("deploy")))).containsExactly("deploy/x.yaml");
  }

  @Test
  void theNumberOfJobsChangesNothing() throws IOException {
    for (int i = 0; i < 200; i++) {
      write("f" + i % 7 + "/" + i + ".yaml", i % 5 == 0 ? "a: [" + i : SERVICE.repeat(i % 3));
    }
    Loaded one = load(new Inputs(Limits.DEFAULT, name -> false, 1), folder.toString());
    Loaded four = load(new Inputs(Limits.DEFAULT, name -> false, 4), folder.toString());
    assertThat(names(four)).isEqualTo(names(one)).hasSizeGreaterThan(50);
    assertThat(problems(four)).isEqualTo(problems(one)).hasSizeGreaterThan(39);
    assertThat(four.files()).isEqualTo(200);
  }

  private Loaded load(Inputs inputs, String... arguments) {
    return inputs.load(Arrays.asList(arguments), new ByteArrayInputStream(SERVICE.getBytes(UTF_8)));
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void link(String name, Path target) throws IOException {
    Files.createSymbolicLink(folder.resolve(name), target);
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private static String slashed(Path path) {
    return path.toString().replace('\\', '/');
  }

  private List<String> names(Loaded loaded) {
    return loaded.documents().stream().map(document -> relative(document.source())).toList();
  }

  private List<String> problems(Loaded loaded) {
    return loaded.problems().stream()
        .map(
            problem ->
                problem.kind()
                    + " "
                    + relative(problem.source())
                    + ":"
                    + problem.span().line()
                    + ":"
                    + problem.span().column()
                    + " "
                    + problem.message())
        .toList();
  }

  private String relative(Source source) {
    return source.name().replace(slashed(folder) + "/", "");
  }
}
