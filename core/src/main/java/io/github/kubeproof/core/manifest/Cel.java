package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Node;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a CustomResourceDefinition ({@code x-kubernetes-validations}), ready to be asked.
 *
 * <p>It knows the part of the Common Expression Language that the rules of the catalogue are
 * written in; what it does not know is refused when the rule is read, never when a manifest is.
 * Texts, numbers and truth values are {@link String}, {@link Long} and {@link Boolean}; lists are
 * {@link List}; maps stay nodes.
 */
final class Cel {

  /** A value that is not there, or of a type that nothing can be done with. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message, null, false, false);
    }
  }

  /** The variables in sight, the innermost first. */
  record Scope(String name, Object value, @Nullable Scope outer) {

    Object find(String wanted) {
      for (Scope scope = this; scope != null; scope = scope.outer) {
        if (scope.name.equals(wanted)) {
          return scope.value;
        }
      }
      throw new Failure("undeclared reference to " + wanted);
    }

    Scope with(String variable, Object is) {
      return new Scope(variable, is, this);
    }
  }

  /** A part of a rule. */
  @FunctionalInterface
  interface Expression {
    Object in(Scope scope);

    default boolean holds(Scope scope) {
      if (in(scope) instanceof Boolean truth) {
        return truth;
      }
      throw new Failure("not a truth value");
    }
  }

  private final Expression expression;

  private Cel(Expression expression) {
    this.expression = expression;
  }

  /**
   * @throws IllegalStateException for what is no rule, or uses more of the language than is known
   */
  static Cel of(String rule) {
    return new Cel(new CelParser(rule).parse());
  }

  /**
   * Whether a value keeps the rule. It does not where the rule fails, as with a field that is not
   * there: the server then refuses the object, too.
   *
   * @param self with the defaults filled in
   */
  boolean isKept(Node self) {
    try {
      return expression.holds(new Scope("self", value(self), null));
    } catch (Failure failed) {
      return false;
    }
  }

  /** What a node is to a rule. */
  static Object value(Node node) {
    if (node instanceof Node.Sequence sequence) {
      return sequence.items().stream().map(Cel::value).toList();
    }
    if (node instanceof Node.Scalar scalar && scalar.value() != null) {
      return scalar.value();
    }
    return node;
  }

  /** A field of a map; absent also where it is null, as the server drops those first. */
  static Optional<Object> field(Object map, String name) {
    if (!(map instanceof Node.Mapping mapping)) {
      throw new Failure("no map: " + map);
    }
    return mapping.get(name).filter(node -> !NodeReader.isNull(node)).map(Cel::value);
  }

  /** The items of a list, or the keys of a map. */
  static List<?> items(Object value) {
    if (value instanceof Node.Mapping mapping) {
      return mapping.entries().stream().map(Node.Entry::key).toList();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new Failure("nothing to go over: " + value);
  }
}
