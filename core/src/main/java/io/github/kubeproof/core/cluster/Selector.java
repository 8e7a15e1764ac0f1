package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.source.Node;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A label selector: all of its requirements must hold. Without any it selects everything.
 *
 * <p>Requirements are sorted, so two selectors that say the same in another order are equal.
 *
 * @see "apimachinery pkg/labels/selector.go, Requirement.Matches"
 */
public record Selector(List<Requirement> requirements) {

  public static final Selector EVERYTHING = new Selector(List.of());

  public Selector {
    requirements = requirements.stream().distinct().sorted().toList();
  }

  public enum Operator {
    IN("In"),
    NOT_IN("NotIn"),
    EXISTS("Exists"),
    DOES_NOT_EXIST("DoesNotExist");

    private final String written;

    Operator(String written) {
      this.written = written;
    }

    /** The word in a manifest. */
    public String written() {
      return written;
    }

    public static Optional<Operator> of(@Nullable String written) {
      for (Operator operator : values()) {
        if (operator.written.equals(written)) {
          return Optional.of(operator);
        }
      }
      return Optional.empty();
    }
  }

  /** One condition on one label; values are sorted, and empty for Exists and DoesNotExist. */
  public record Requirement(String key, Operator operator, List<String> values)
      implements Comparable<Requirement> {

    public Requirement {
      values = List.copyOf(new TreeSet<>(values));
    }

    /** NotIn and DoesNotExist hold for an absent key; an empty value is not an absent key. */
    public boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }

    @Override
    public int compareTo(Requirement other) {
      int byKey = key.compareTo(other.key);
      if (byKey != 0) {
        return byKey;
      }
      int byOperator = operator.compareTo(other.operator);
      return byOperator != 0 ? byOperator : values.toString().compareTo(other.values.toString());
    }

    @Override
    public String toString() {
      return switch (operator) {
        case IN -> values.size() == 1 ? key + "=" + values.get(0) : key + " in " + values;
        case NOT_IN -> values.size() == 1 ? key + "!=" + values.get(0) : key + " not in " + values;
        case EXISTS -> key;
        case DOES_NOT_EXIST -> "!" + key;
      };
    }
  }

  /** Whether labels may have all its keys and values, which the API server asks of policies. */
  public boolean isLegal() {
    return requirements.stream()
        .allMatch(
            requirement ->
                Names.flawOfLabelKey(requirement.key()).isEmpty()
                    && requirement.values().stream()
                        .allMatch(value -> Names.flawOfLabelValue(value).isEmpty()));
  }

  /** Finds just the namespace of a name. */
  public static Selector ofNamespace(String name) {
    return ofLabels(Map.of(World.NAMESPACE_NAME, name));
  }

  /** The selector of a map of labels, as a Service has it; null is empty. */
  public static Selector ofLabels(@Nullable Map<String, String> labels) {
    List<Requirement> requirements = new ArrayList<>();
    if (labels != null) {
      labels.forEach(
          (key, value) ->
              requirements.add(
                  new Requirement(key, Operator.IN, List.of(value == null ? "" : value))));
    }
    return new Selector(requirements);
  }

  /**
   * The selector that a model states; null and {@code {}} select everything.
   *
   * @return empty for one that the API server refuses: an unknown operator, In or NotIn without
   *     values, Exists or DoesNotExist with values
   */
  public static Optional<Selector> of(@Nullable V1LabelSelector model) {
    if (model == null) {
      return Optional.of(EVERYTHING);
    }
    List<Requirement> requirements =
        new ArrayList<>(ofLabels(model.getMatchLabels()).requirements());
    for (V1LabelSelectorRequirement expression : Lists.orEmpty(model.getMatchExpressions())) {
      Optional<Operator> operator = Operator.of(expression.getOperator());
      List<String> values = Lists.orEmpty(expression.getValues());
      if (operator.isEmpty() || expression.getKey() == null) {
        return Optional.empty();
      }
      boolean needsValues = operator.get() == Operator.IN || operator.get() == Operator.NOT_IN;
      if (needsValues == values.isEmpty()) {
        return Optional.empty();
      }
      requirements.add(new Requirement(expression.getKey(), operator.get(), values));
    }
    return Optional.of(new Selector(requirements));
  }

  /**
   * The selector that a tree states, for kinds without a model; empty when it is none.
   *
   * @see #of(V1LabelSelector)
   */
  public static Optional<Selector> of(Node.Mapping tree) {
    V1LabelSelector model = new V1LabelSelector();
    for (Node.Entry entry : tree.entries()) {
      boolean readable =
          switch (entry.key()) {
            case "matchLabels" -> readLabels(entry.value(), model);
            case "matchExpressions" -> readExpressions(entry.value(), model);
            default -> false;
          };
      if (!readable) {
        return Optional.empty();
      }
    }
    return of(model);
  }

  private static boolean readLabels(Node labels, V1LabelSelector model) {
    for (Node.Entry label : labels.asMapping().map(Node.Mapping::entries).orElse(List.of())) {
      Optional<String> value = label.value().asString();
      if (value.isEmpty()) {
        return false;
      }
      model.putMatchLabelsItem(label.key(), value.get());
    }
    return labels instanceof Node.Mapping || isNull(labels);
  }

  private static boolean readExpressions(Node expressions, V1LabelSelector model) {
    for (Node item : expressions.asItems()) {
      Optional<String> key = item.asMapping().flatMap(map -> map.string("key"));
      Optional<String> operator = item.asMapping().flatMap(map -> map.string("operator"));
      if (key.isEmpty() || operator.isEmpty()) {
        return false;
      }
      V1LabelSelectorRequirement expression =
          new V1LabelSelectorRequirement().key(key.get()).operator(operator.get());
      for (Node value :
          item.asMapping().flatMap(m -> m.get("values")).map(Node::asItems).orElse(List.of())) {
        if (value.asString().isEmpty()) {
          return false;
        }
        expression.addValuesItem(value.asString().get());
      }
      model.addMatchExpressionsItem(expression);
    }
    return expressions instanceof Node.Sequence || isNull(expressions);
  }

  private static boolean isNull(Node node) {
    return node instanceof Node.Scalar scalar && scalar.isNull();
  }

  public boolean matches(Map<String, String> labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }

  /** What matches both; empty when they want one label to be two things. */
  public Optional<Selector> and(Selector other) {
    Map<String, String> theirs = other.equalities();
    for (Map.Entry<String, String> ours : equalities().entrySet()) {
      if (!theirs.getOrDefault(ours.getKey(), ours.getValue()).equals(ours.getValue())) {
        return Optional.empty();
      }
    }
    List<Requirement> both = new ArrayList<>(requirements);
    both.addAll(other.requirements);
    return Optional.of(new Selector(both));
  }

  public boolean isEverything() {
    return requirements.isEmpty();
  }

  /**
   * The labels it names when it consists of equalities only, one value each; otherwise those of
   * them that are.
   */
  public Map<String, String> equalities() {
    Map<String, String> labels = new TreeMap<>();
    for (Requirement requirement : requirements) {
      if (requirement.operator() == Operator.IN && requirement.values().size() == 1) {
        labels.put(requirement.key(), requirement.values().get(0));
      }
    }
    return labels;
  }

  /** {@code app=web, tier in [a, b]}; {@code everything} when empty. */
  @Override
  public String toString() {
    if (requirements.isEmpty()) {
      return "everything";
    }
    return String.join(", ", requirements.stream().map(Requirement::toString).toList());
  }
}
