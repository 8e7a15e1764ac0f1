package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixCommandTest {

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: web, namespace: shop } # ours
      spec:
        podSelector: { matchLabels: { app: web } }
        ingress:
          - from:
              - ipBlock: { cidr: 10.0.0.5/24 } # the office
            ports:
              - port: 8080
                protocol: tcp
      """;

  private static final String FIXED =
      POLICY.replace("10.0.0.5/24", "10.0.0.0/24").replace("protocol: tcp", "protocol: TCP");

  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Run fix(String... flags) {
    String[] args = new String[flags.length + 3];
    args[0] = "fix";
    args[1] = "--no-config";
    args[2] = folder.toString();
    System.arraycopy(flags, 0, args, 3, flags.length);
    return Run.of(args);
  }

  @Test
  void safeFixesAreWrittenAndTold() throws IOException {
    Path file = write("policy.yaml", POLICY);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Run run = fix();
    assertThat(run.code()).isEqualTo(0);
    assertThat(file).hasContent(FIXED);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(run.out().lines())
        .containsExactly(file + ":8:28: KP007 write 10.0.0.0/24", file + ":11:21: KP008 write TCP");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void diffShowsTheSameAndWritesNothing() throws IOException {
    Path file = write("policy.yaml", POLICY);
    Run run = fix("--diff");
    assertThat(run.code()).isEqualTo(1);
    assertThat(file).hasContent(POLICY);
    assertThat(run.out())
        .contains("-        - ipBlock: { cidr: 10.0.0.5/24 } # the office\n")
        .contains("+        - ipBlock: { cidr: 10.0.0.0/24 } # the office\n")
        .contains("+          protocol: TCP\n");
  }

  @Test
  void lineEndsAndMarksStay() throws IOException {
    String mark = "\uFEFF";
    Path file = write("policy.yaml", mark + POLICY.replace("\n", "\r\n"));
    assertThat(fix("--select", "KP008").code()).isEqualTo(0);
    assertThat(Files.readString(file))
        .isEqualTo(mark + POLICY.replace("protocol: tcp", "protocol: TCP").replace("\n", "\r\n"));
  }

  @Test
  void whatChangesTheTrafficIsFixedOnlyWhenAskedFor() throws IOException {
    String text =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: shop }
        spec:
          selector: { app: fronted }
          ports: [{ port: 80 }]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web, namespace: shop }
        spec:
          selector: { matchLabels: { app: frontend } }
          template:
            metadata: { labels: { app: frontend } }
            spec: { containers: [{ name: web, image: web }] }
        """;
    Path file = write("web.yaml", text);
    Run safe = fix();
    assertThat(safe.code()).isEqualTo(1);
    assertThat(file).hasContent(text);
    Run unsafe = fix("--unsafe");
    assertThat(unsafe.code()).isEqualTo(0);
    assertThat(file).hasContent(text.replace("fronted }", "frontend }"));
    assertThat(unsafe.out()).contains("KP404 select app=frontend (changes traffic: ");
  }

  @Test
  void standardInputComesOutMendedOrAsItWas() {
    assertThat(Run.of(POLICY, Map.of(), "fix", "--no-config", "-q", "-"))
        .isEqualTo(new Run(0, FIXED, ""));
    String template = "{{ if .Values.web }}\nkind: Service\n{{ end }}\n";
    assertThat(Run.of(template, Map.of(), "fix", "--no-config", "-q", "-").out())
        .isEqualTo(template);
  }

  @Test
  void linksOutOfTheInputAreLeftAlone(@TempDir Path elsewhere) throws IOException {
    Path target = Files.writeString(elsewhere.resolve("policy.yaml"), POLICY);
    Files.createSymbolicLink(folder.resolve("policy.yaml"), target);
    Run run = fix();
    assertThat(target).hasContent(POLICY);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aTreeThatIsFixedStaysAsItIs() throws IOException {
    Path file = write("policy.yaml", FIXED);
    byte[] before = Files.readAllBytes(file);
    Run run = fix();
    assertThat(run.code()).isEqualTo(0);
    assertThat(run.out()).isEmpty();
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(new String(before, StandardCharsets.UTF_8)).isEqualTo(FIXED);
  }
}
