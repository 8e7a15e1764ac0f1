package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Pattern;
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

  private static final String OLD_INGRESS =
      """
      apiVersion: extensions/v1beta1
      kind: Ingress
      metadata: { name: shop, namespace: shop }
      spec:
        ingressClassName: nginx
        backend: { serviceName: shop, servicePort: %s }
        rules:
          - host: shop.example.com
            http:
              paths:
                - path: / # all
                  backend:
                    serviceName: web # ours
                    servicePort: http
      """;

  @Test
  void anIngressIsWrittenInTheVersionThatIsServed() throws IOException {
    Path file = write("ingress.yaml", OLD_INGRESS.formatted("80"));
    assertThat(fix().out().lines())
        .containsExactly(file + ":1:13: KP003 write networking.k8s.io/v1, with its fields");
    assertThat(file)
        .hasContent(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: { name: shop, namespace: shop }
            spec:
              ingressClassName: nginx
              defaultBackend: { service: { name: shop, port: { number: 80 } } }
              rules:
                - host: shop.example.com
                  http:
                    paths:
                      - path: / # all
                        pathType: ImplementationSpecific
                        backend:
                          service:
                            name: web # ours
                            port:
                              name: http
            """);
  }

  @Test
  void anIngressOfWhichSomethingIsUnclearIsLeftAlone() throws IOException {
    Path file = write("ingress.yaml", OLD_INGRESS.formatted("'80'"));
    assertThat(fix().out()).isEmpty();
    assertThat(file).hasContent(OLD_INGRESS.formatted("'80'"));
  }

  @Test
  void anIngressOfWhichMoreComesToLightIsLeftAlone() throws IOException {
    // in the new version it is seen that it has no class
    String ingress = OLD_INGRESS.formatted("80").replace("  ingressClassName: nginx\n", "");
    Path file = write("ingress.yaml", ingress);
    assertThat(fix().err())
        .contains("taken back: " + file + ":1: KP003 write networking.k8s.io/v1, with its fields")
        .containsPattern(", since " + Pattern.quote(file.toString()) + ":\\d+: KP509 .* came\n");
    assertThat(file).hasContent(ingress);
    // who does not want to know of it is not asked to
    assertThat(fix("--ignore", "KP509").err()).contains("fixed 1 finding in 1 file");
    assertThat(file).content().startsWith("apiVersion: networking.k8s.io/v1\n");
  }

  @Test
  void anObjectThatWouldBeRefusedIsLeftAlone() throws IOException {
    String ingress = OLD_INGRESS.formatted("80").replace("path: /", "path: shop");
    Path file = write("ingress.yaml", ingress);
    Run run = fix();
    assertThat(run.err())
        .contains("taken back: " + file + ":1: KP003 write networking.k8s.io/v1, with its fields")
        .containsPattern(", since " + Pattern.quote(file.toString()) + ":\\d+: KP511 .* came\n");
    assertThat(file).hasContent(ingress);
  }

  @Test
  void aSelectorIsMadeOfAllLabelsOrOfNone() throws IOException {
    String deployment =
        """
        apiVersion: extensions/v1beta1
        kind: Deployment
        metadata: { name: web, namespace: shop }
        spec:
          template:
            metadata: { labels: { app: web, tier: %s } }
            spec: { containers: [{ name: web, image: web }] }
        """;
    Path file = write("web.yaml", deployment.formatted("7"));
    fix();
    assertThat(file).hasContent(deployment.formatted("7"));
    file = write("web.yaml", deployment.formatted("front"));
    fix();
    assertThat(file)
        .content()
        .contains(
            "apiVersion: apps/v1\n",
            "spec:\n  selector: { matchLabels: { app: web, tier: front } }\n  template:\n");
  }

  @Test
  void theClassOfAnIngressMovesFromItsAnnotation() throws IOException {
    Path file =
        write(
            "ingress.yaml",
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: shop
              namespace: shop
              annotations:
                kubernetes.io/ingress.class: nginx
            spec: # of the shop
              defaultBackend: { service: { name: shop, port: { number: 80 } } }
            """);
    assertThat(fix().out()).isEmpty();
    fix("--unsafe");
    assertThat(file)
        .hasContent(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: shop
              namespace: shop
            spec: # of the shop
              ingressClassName: nginx
              defaultBackend: { service: { name: shop, port: { number: 80 } } }
            """);
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
