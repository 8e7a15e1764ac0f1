package io.github.kubeproof.core.config;

import io.github.kubeproof.core.lint.RuleInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The JSON Schema of a configuration, for editors: what may be said, and how. */
public final class Schema {

  private static final String FILE = "kubeproof.schema.json";

  private Schema() {}

  /**
   * The text of the schema.
   *
   * @param rules all rules there are; they may be called by id or name
   */
  public static String text(List<RuleInfo> rules) {
    List<String> words =
        rules.stream()
            .sorted(Comparator.comparing(RuleInfo::id))
            .flatMap(rule -> Stream.of(rule.id(), rule.name()))
            .toList();
    return resource()
        .replace("\"@rules@\"", quoted(words))
        .replace("\"@plugins@\"", quoted(Values.PLUGINS));
  }

  private static String quoted(Collection<String> words) {
    return words.stream().map(word -> '"' + word + '"').collect(Collectors.joining(", "));
  }

  private static String resource() {
    try (InputStream in = Objects.requireNonNull(Schema.class.getResourceAsStream(FILE))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
