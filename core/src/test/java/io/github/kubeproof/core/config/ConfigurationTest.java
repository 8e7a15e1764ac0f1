package io.github.kubeproof.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kubeproof.core.cluster.Assumptions;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.Settings.Dns;
import io.github.kubeproof.core.cluster.Settings.Environments;
import io.github.kubeproof.core.cluster.Settings.NamedUnit;
import io.github.kubeproof.core.cluster.Settings.Platform;
import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.lint.Exemption;
import io.github.kubeproof.core.lint.FailOn;
import io.github.kubeproof.core.lint.Globs;
import io.github.kubeproof.core.lint.Profile;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.render.Renderer.When;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.source.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void everyKeyIsRead() {
    Path file = Path.of("src/test/resources/io/github/kubeproof/core/config/good/everything.yaml");
    Configuration read = Configuration.read(file, SchemaTest.RULES);
    Settings settings = read.settings();

    assertThat(settings.domain()).isEqualTo("example.org");
    assertThat(settings.nodePorts()).isEqualTo(new PortRange(20000, 32767));
    assertThat(settings.units()).isEqualTo(Settings.UnitMode.DIRECTORY);
    assertThat(settings.namespace()).isEqualTo("shop");
    assertThat(settings.closedWorld()).isTrue();
    assertThat(settings.platform())
        .isEqualTo(
            new Platform(
                "1.34",
                "calico",
                List.of("10.244.0.0/16", "fd00:10::/56"),
                List.of("10.96.0.0/12"),
                List.of("192.168.0.0/24")));
    assertThat(settings.dns())
        .isEqualTo(new Dns("kube-system", List.of(Map.of("k8s-app", "kube-dns")), List.of(53)));
    assertThat(settings.named())
        .containsExactly(new NamedUnit("prod", List.of(file.toAbsolutePath()), true));
    assertThat(settings.assume())
        .isEqualTo(
            new Assumptions(
                Map.of("monitoring", Map.of("team", "obs")),
                List.of(new Assumptions.Service("monitoring", "prometheus")),
                List.of(new Assumptions.Pods("shop", Map.of("app", "cache"), "Redis/cache"))));
    assertThat(settings.environments())
        .isEqualTo(new Environments("example.org/stage", List.of("live")));
    assertThat(read.render()).isEqualTo(When.NEVER);
    assertThat(read.failOn()).isEqualTo(FailOn.WARNING);
    assertThat(read.rules().profile()).isEqualTo(Profile.STRICT);
    assertThat(read.rules().severities()).isEqualTo(Map.of("KP205", Severity.WARNING));
    assertThat(read.rules().off()).isEqualTo(Set.of("KP407"));
    assertThat(read.rules().exemptions())
        .extracting(Exemption::resource, Exemption::reason, Exemption::until)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "Service/shop/*", "made by an operator", LocalDate.of(2027, 1, 1)),
            org.assertj.core.groups.Tuple.tuple("Namespace/shop", "why not", null));
    assertThat(read.rules().intents()).hasSize(5);
    assertThat(read.written().get("cluster.domain"))
        .hasToString(
            "src/test/resources/io/github/kubeproof/core/config/good/everything.yaml:14:11");
    assertThat(read.values())
        .containsEntry("cluster.dns", "{k8s-app=kube-dns} on 53 in kube-system")
        .containsEntry("rules.KP407.severity", "off")
        .containsEntry("rules.KP205.severity", "warning")
        .containsEntry("assume.workloads", "shop {app=cache}")
        .containsEntry("labels.env", "example.org/stage=live")
        .containsKeys(read.written().keySet().toArray(String[]::new));
  }

  @Test
  void withoutAFileThereAreDefaults() throws IOException {
    Configuration read = Configuration.read(write("x/.kubeproof.yaml", "version: 1\n"), List.of());

    assertThat(read.settings()).isEqualTo(Settings.DEFAULT);
    assertThat(read.values()).isEqualTo(Configuration.NONE.values());
  }

  @Test
  void productionHasItsUsualNamesUnlessSaidOtherwise() throws IOException {
    Environments read =
        Configuration.read(
                write("x/.kubeproof.yaml", "version: 1\nlabels: { env: { key: env } }\n"),
                List.of())
            .settings()
            .environments();

    assertThat(read).hasToString("env in [prod, production]");
    assertThat(read.isProduction(Map.of("env", "prod"))).isTrue();
    assertThat(read.isProduction(Map.of("env", "dev"))).isFalse();
    assertThat(read.isProduction(Map.of("stage", "prod"))).isFalse();
    assertThat(read.others().matches(Map.of("env", "dev"))).isTrue();
    assertThat(read.others().matches(Map.of("env", ""))).isTrue();
    assertThat(read.others().matches(Map.of("env", "production"))).isFalse();
    assertThat(read.others().matches(Map.of())).isFalse();
  }

  @Test
  void theNearestFileUpToTheRepositoryIsFound() throws IOException {
    Path outer = write(".kubeproof.yaml", "version: 1\n");
    Path repository = write("repo/.git/HEAD", "").getParent().getParent();
    Path input = write("repo/deploy/prod/web.yaml", "");

    assertThat(Configuration.find(List.of(input.toString()))).isEmpty();
    Path root = write("repo/.kubeproof.yaml", "version: 1\n");
    assertThat(Configuration.find(List.of(input.toString()))).contains(root);
    assertThat(Configuration.find(List.of(repository.toString()))).contains(root);
    assertThat(Configuration.find(List.of(folder.toString()))).contains(outer);
    Path near = write("repo/deploy/prod/.kubeproof.yaml", "version: 1\n");
    assertThat(Configuration.find(List.of(input.toString()))).contains(near);
    assertThatThrownBy(() -> Configuration.find(List.of(input.toString(), repository.toString())))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("the input belongs to several configurations: " + near + ", ");
  }

  @Test
  void aMissingFileIsTheUsersMistake() {
    assertThatThrownBy(() -> Configuration.read(folder.resolve("no.yaml"), List.of()))
        .isInstanceOf(UserError.class)
        .hasMessage("no such configuration: " + folder.resolve("no.yaml"));
  }

  @Test
  void pathsAreRelativeToTheFile() throws IOException {
    write("a [b]/deploy/web.yaml", "");
    Path file =
        write(
            "a [b]/.kubeproof.yaml",
            """
            version: 1
            inputs:
              exclude: ["**/testdata/**", "old"]
              units: [{ name: all, paths: [deploy, .] }]
            """);
    Configuration read = Configuration.read(file, List.of());
    Path base = folder.resolve("a [b]");
    Predicate<String> excluded = Globs.excluding(List.of(), read.excludes());

    assertThat(excluded.test(base.resolve("testdata/x.yaml").toString())).isTrue();
    assertThat(excluded.test(base.resolve("deploy/testdata/x/y.yaml").toString())).isTrue();
    assertThat(excluded.test(base.resolve("old").toString())).isTrue();
    assertThat(excluded.test(base.resolve("deploy/old").toString())).isFalse();
    assertThat(excluded.test(folder.resolve("testdata/x.yaml").toString())).isFalse();
    assertThat(read.settings().named().get(0).paths())
        .containsExactly(base.resolve("deploy"), base);
    assertThat(read.isWholly(List.of(base.toString()))).isTrue();
    assertThat(read.isWholly(List.of(folder.toString()))).isTrue();
    assertThat(read.isWholly(List.of(base.resolve("deploy").toString(), "-"))).isFalse();
  }

  @Test
  void aStartingConfigurationTellsWhatTheInputShows() throws IOException {
    String text =
        StartingConfiguration.text(
            inventory(
                """
                apiVersion: v1
                kind: Service
                metadata: { name: web, namespace: shop }
                spec: { type: NodePort, ports: [{ port: 80, nodePort: 8080 }] }
                ---
                apiVersion: crd.projectcalico.org/v1
                kind: GlobalNetworkPolicy
                metadata: { name: deny }
                ---
                apiVersion: v1
                kind: Namespace
                metadata: { name: prod, labels: { stage: prod } }
                """));

    assertThat(text)
        .contains("\n  cni: calico\n")
        .contains("# nodePortRange: 30000-32767 # the input has 8080 outside of it")
        .contains("#     - { name: shop, labels: {} }")
        .contains("# labels: { env: { key: stage } }\n");
    Configuration read = Configuration.read(write("x/.kubeproof.yaml", text), SchemaTest.RULES);
    assertThat(read.settings().platform().cni()).isEqualTo("calico");
    String uncommented =
        text.replaceAll("(?m)^(\\s*)# ?(?=(\\s*[a-zA-Z.0-9]+:|\\s*- \\{))", "$1")
            .replaceAll("# the input.*", "");
    Configuration all =
        Configuration.read(write("y/.kubeproof.yaml", uncommented), SchemaTest.RULES);
    assertThat(all.written()).containsKeys("cluster.version", "cluster.nodePortRange");
    assertThat(all.settings().environments()).hasToString("stage in [prod, production]");
  }

  private static Inventory inventory(String yaml) {
    return Inventory.of(
        new YamlReader(Limits.DEFAULT).read(new Source("in.yaml", yaml)), Settings.DEFAULT, 1);
  }
}
