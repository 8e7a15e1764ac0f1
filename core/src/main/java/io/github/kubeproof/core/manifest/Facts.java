package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a schema asks of the values of one shape beyond their types.
 *
 * <p>The values are called by the field that holds them, with {@code []} or <code>{}</code> behind
 * it for the items of a list and the values of a map of free keys; {@value #SELF} is the shape
 * itself.
 */
final class Facts {

  static final String SELF = ".";

  /** What is wrong with a value, or with one of its items. */
  private record Flaw(NodePath below, String text) {}

  @FunctionalInterface
  private interface Constraint {
    Optional<Flaw> flaw(Node value);
  }

  private record Rule(Cel condition, String message) {}

  private final Map<String, List<Constraint>> constraints = new HashMap<>();
  private final Map<String, List<Rule>> rules = new HashMap<>();
  private final Map<String, Node> defaults = new HashMap<>();

  /**
   * @param lines {@code field fact argument}, as they stand in {@code catalogue.txt}
   */
  static Facts of(List<String> lines) {
    Facts facts = new Facts();
    for (String line : lines) {
      String[] parts = line.split(" ", 3);
      facts.add(parts[0], parts[1], parts[2]);
    }
    return facts;
  }

  private void add(String field, String fact, String argument) {
    switch (fact) {
      case "default" -> defaults.put(field, node(argument));
      case "rule" -> {
        int end = argument.lastIndexOf(" ## ");
        rules
            .computeIfAbsent(field, name -> new ArrayList<>())
            .add(new Rule(Cel.of(argument.substring(0, end)), argument.substring(end + 4)));
      }
      default ->
          constraints
              .computeIfAbsent(field, name -> new ArrayList<>())
              .add(constraint(fact, argument));
    }
  }

  private static Node node(String json) {
    return new YamlReader(Limits.DEFAULT)
        .read(new Source("catalogue", "{\"value\": " + json + "}"))
        .documents()
        .get(0)
        .root()
        .asMapping()
        .flatMap(map -> map.get("value"))
        .orElseThrow();
  }

  private static Constraint constraint(String fact, String argument) {
    return switch (fact) {
      case "minLength" -> {
        long least = Long.parseLong(argument);
        yield value ->
            flaw(
                value.asString().filter(text -> CelFunctions.size(text) < least).isPresent(),
                least == 1 ? "is empty" : "is shorter than " + least + " characters");
      }
      case "maxLength" -> {
        long most = Long.parseLong(argument);
        yield value ->
            flaw(
                value.asString().filter(text -> CelFunctions.size(text) > most).isPresent(),
                "is longer than " + most + " characters");
      }
      case "pattern" -> {
        Pattern pattern = CelFunctions.pattern(argument);
        yield value ->
            value
                .asString()
                .filter(text -> !CelFunctions.matches(text, pattern))
                .flatMap(text -> flaw(value, "does not match " + argument));
      }
      case "enum" -> {
        List<Object> words = node(argument).asItems().stream().map(Cel::value).toList();
        yield value ->
            words.contains(Cel.value(value))
                ? Optional.empty()
                : flaw(value, "is none of " + written(words));
      }
      case "minimum" -> {
        long least = Long.parseLong(argument);
        yield value ->
            Cel.value(value) instanceof Long number && number < least
                ? flaw(value, "is below " + least)
                : Optional.empty();
      }
      case "maximum" -> {
        long most = Long.parseLong(argument);
        yield value ->
            Cel.value(value) instanceof Long number && number > most
                ? flaw(value, "is above " + most)
                : Optional.empty();
      }
      case "minItems", "minProperties" -> {
        long least = Long.parseLong(argument);
        yield value -> {
          long count = count(value);
          return flaw(
              count < least,
              "has "
                  + counted(fact, count)
                  + ", but needs "
                  + (count == 0 ? "" : "at least ")
                  + least);
        };
      }
      case "maxItems", "maxProperties" -> {
        long most = Long.parseLong(argument);
        yield value -> {
          long count = count(value);
          return flaw(
              count > most, "has " + counted(fact, count) + ", but may have " + most + " at most");
        };
      }
      case "different" -> value -> repeated(value, List.of(argument.split(",", -1)));
      case "address" -> Facts::badAddress;
      default -> throw new IllegalStateException("no fact that is known: " + fact);
    };
  }

  private static Optional<Flaw> flaw(boolean holds, String text) {
    return holds ? Optional.of(new Flaw(NodePath.ROOT, text)) : Optional.empty();
  }

  private static Optional<Flaw> flaw(Node value, String text) {
    return Optional.of(new Flaw(NodePath.ROOT, Faults.described(value) + ", which " + text));
  }

  private static String written(List<Object> words) {
    return words.stream()
        .map(word -> word instanceof String text && text.isEmpty() ? "\"\"" : word.toString())
        .collect(Collectors.joining(", "));
  }

  private static long count(Node value) {
    return Cel.items(Cel.value(value)).size();
  }

  private static String counted(String fact, long count) {
    String things = fact.endsWith("Items") ? "item" : "key";
    return (count == 0 ? "no" : String.valueOf(count)) + " " + things + (count == 1 ? "" : "s");
  }

  /** Two items of a list that are the same in some fields; {@value #SELF} for the whole. */
  private static Optional<Flaw> repeated(Node list, List<String> keys) {
    Set<Object> seen = new HashSet<>();
    List<Node> items = list.asItems();
    for (int i = 0; i < items.size(); i++) {
      Node item = items.get(i);
      List<Object> known =
          keys.stream()
              .map(
                  key ->
                      key.equals(SELF)
                          ? Cel.value(item)
                          : item.asMapping()
                              .flatMap(map -> map.get(key))
                              .map(Cel::value)
                              .orElse(SELF))
              .toList();
      if (!seen.add(known)) {
        String what = keys.equals(List.of(SELF)) ? "item" : "item with this " + keys.get(0);
        return Optional.of(new Flaw(NodePath.ROOT.item(i), "is the second " + what));
      }
    }
    return Optional.empty();
  }

  /** The addresses of a Gateway: the only schema that makes a format depend on another field. */
  private static Optional<Flaw> badAddress(Node address) {
    Node.Mapping map = address.asMapping().orElseThrow();
    String text = map.string("value").orElse("");
    boolean bad =
        map.string("type").filter("IPAddress"::equals).isPresent()
            && !text.isEmpty()
            && !CelFunctions.isIp(text);
    return bad
        ? Optional.of(
            new Flaw(NodePath.ROOT.key("value"), "\"" + text + "\" is no IP address, as its type"))
        : Optional.empty();
  }

  /** What a field is when it is not written. */
  Optional<Node> defaultOf(String field) {
    return Optional.ofNullable(defaults.get(field));
  }

  Set<String> fieldsWithDefaults() {
    return defaults.keySet();
  }

  /** Reports everything that is wrong with a value of the right type. */
  void check(String field, Node value, NodePath path, Faults faults) {
    for (Constraint constraint : constraints.getOrDefault(field, List.of())) {
      constraint
          .flaw(value)
          .ifPresent(
              flaw -> faults.invalid(path.then(flaw.below().steps().toArray()), flaw.text()));
    }
  }

  boolean hasRules(String field) {
    return rules.containsKey(field);
  }

  /** Reports the rules that a value does not keep; its parts must be sound. */
  void checkRules(String field, Node value, NodePath path, Faults faults) {
    for (Rule rule : rules.getOrDefault(field, List.of())) {
      if (!rule.condition().isKept(value)) {
        faults.contradictory(path, rule.message());
      }
    }
  }
}
