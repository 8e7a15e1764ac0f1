package io.github.kubeproof.core.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PluginsTest {

  private static List<String> faults(String plugin, String property) {
    String text = ".:53 {\n    " + plugin + " {\n        " + property + "\n    }\n}\n";
    return Corefile.parse(text, name -> Optional.empty()).faults().stream()
        .map(CorefileFault::message)
        .toList();
  }

  private static Stream<String> properties() {
    return Plugins.PROPERTIES.entrySet().stream()
        .flatMap(plugin -> plugin.getValue().stream().map(name -> plugin.getKey() + " " + name));
  }

  @ParameterizedTest
  @MethodSource("properties")
  void aPropertyThatIsProposedIsTaken(String property) {
    String[] words = property.split(" ", -1);
    assertThat(faults(arguments(words[0]), words[1]))
        .noneMatch(message -> message.contains("has no property"));
    assertThat(faults(arguments(words[0]), words[1] + "xyz"))
        .anyMatch(message -> message.contains("has no property \"" + words[1] + "xyz\""));
  }

  private static String arguments(String plugin) {
    return switch (plugin) {
      case "bind" -> "bind 10.0.0.1";
      case "forward" -> "forward . 10.0.0.1";
      case "template" -> "template IN A";
      case "tls" -> "tls cert.pem key.pem ca.pem";
      case "view" -> "view name";
      default -> plugin;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "health,lameduk 5s,lameduck",
    "cache,sucess 100,success",
    "forward . 10.0.0.1,max_concurent 7,max_concurrent",
    "kubernetes,namespace shop,namespaces"
  })
  void aMisspeltPropertyIsToldWithWhatWasMeant(String plugin, String property, String meant) {
    assertThat(faults(plugin, property))
        .singleElement()
        .satisfies(message -> assertThat(message).endsWith("; did you mean " + meant + "?"));
  }

  @Test
  void clientsOfTlsAreAskedInOneOfFiveWays() {
    assertThat(faults("tls cert.pem key.pem", "client_auth require_and_verify")).isEmpty();
    assertThat(faults("tls cert.pem key.pem", "client_auth requires"))
        .containsExactly("tls knows no client_auth \"requires\"; did you mean require?");
  }

  @Test
  void thePropertiesOfOtherReleasesAreNoSlips() {
    assertThat(faults("kubernetes", "upstream"))
        .containsExactly("kubernetes has no property \"upstream\"");
    assertThat(faults("kubernetes", "resyncperiod 5m"))
        .containsExactly("kubernetes has no property \"resyncperiod\"");
    assertThat(faults("forward . 10.0.0.1", "spray"))
        .containsExactly("forward has no property \"spray\"");
  }
}
