package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.manifest.Cel.Expression;
import io.github.kubeproof.core.manifest.Cel.Failure;
import io.github.kubeproof.core.manifest.Cel.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a rule by recursive descent, one method for each level of the grammar. It keeps its place
 * in the text, and is good for one rule.
 *
 * @see "github.com/google/cel-spec, doc/langdef.md"
 */
final class CelParser {

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<raw>r\"\"\"(.*?)\"\"\"|r'([^']*)'|r\"([^\"]*)\")"
              + "|(?<text>'((?:[^'\\\\]|\\\\.)*)'|\"((?:[^\"\\\\]|\\\\.)*)\")"
              + "|(?<number>\\d+)"
              + "|(?<name>[A-Za-z_][A-Za-z_0-9]*)"
              + "|(?<mark>&&|\\|\\||[=!<>]=|[-+!<>?:.,()\\[\\]]))",
          Pattern.DOTALL);

  /** The way in which names that are words of the language are written. */
  private static final Pattern ESCAPED = Pattern.compile("__(\\w+?)__");

  private record Token(String group, String text) {}

  private final String rule;
  private final List<Token> tokens = new ArrayList<>();
  private int next;

  CelParser(String rule) {
    this.rule = rule;
    Matcher matcher = TOKEN.matcher(rule);
    int at = 0;
    while (at < rule.stripTrailing().length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw unknown(rule.substring(at));
      }
      tokens.add(token(matcher));
      at = matcher.end();
    }
  }

  private static Token token(Matcher matcher) {
    if (matcher.group("raw") != null) {
      return new Token("text", first(matcher, 2, 3, 4));
    }
    if (matcher.group("text") != null) {
      return new Token("text", first(matcher, 6, 7).replaceAll("\\\\(.)", "$1"));
    }
    for (String group : List.of("number", "name")) {
      if (matcher.group(group) != null) {
        return new Token(group, matcher.group(group));
      }
    }
    return new Token("mark", matcher.group("mark"));
  }

  private static String first(Matcher matcher, int... groups) {
    for (int group : groups) {
      if (matcher.group(group) != null) {
        return matcher.group(group);
      }
    }
    throw new IllegalStateException("a text of no kind: " + matcher.group());
  }

  private IllegalStateException unknown(String what) {
    return new IllegalStateException("no rule that can be read, at \"" + what + "\": " + rule);
  }

  Expression parse() {
    Expression whole = conditional();
    if (next < tokens.size()) {
      throw unknown(tokens.get(next).text());
    }
    return whole;
  }

  private boolean accept(String mark) {
    boolean found =
        next < tokens.size()
            && !tokens.get(next).group().equals("text")
            && tokens.get(next).text().equals(mark);
    next += found ? 1 : 0;
    return found;
  }

  private void expect(String mark) {
    if (!accept(mark)) {
      throw unknown(next < tokens.size() ? tokens.get(next).text() : "the end");
    }
  }

  private Token take(@Nullable String group) {
    if (next == tokens.size() || (group != null && !tokens.get(next).group().equals(group))) {
      throw unknown(next < tokens.size() ? tokens.get(next).text() : "the end");
    }
    return tokens.get(next++);
  }

  private Expression conditional() {
    Expression condition = or();
    if (!accept("?")) {
      return condition;
    }
    Expression yes = or();
    expect(":");
    Expression no = conditional();
    return scope -> condition.holds(scope) ? yes.in(scope) : no.in(scope);
  }

  private Expression or() {
    Expression left = and();
    while (accept("||")) {
      left = either(left, and(), true);
    }
    return left;
  }

  private Expression and() {
    Expression left = relation();
    while (accept("&&")) {
      left = either(left, relation(), false);
    }
    return left;
  }

  /** One side that decides makes up for the failure of the other, whichever comes first. */
  private static Expression either(Expression left, Expression right, boolean decisive) {
    return scope -> {
      try {
        if (left.holds(scope) == decisive) {
          return decisive;
        }
      } catch (Failure failed) {
        if (right.holds(scope) == decisive) {
          return decisive;
        }
        throw failed;
      }
      return right.holds(scope);
    };
  }

  private Expression relation() {
    Expression left = sum();
    while (true) {
      if (accept("==")) {
        left = compare(left, sum(), Object::equals);
      } else if (accept("!=")) {
        left = compare(left, sum(), (a, b) -> !a.equals(b));
      } else if (accept("<=")) {
        left = compare(left, sum(), (a, b) -> number(a) <= number(b));
      } else if (accept(">=")) {
        left = compare(left, sum(), (a, b) -> number(a) >= number(b));
      } else if (accept("<")) {
        left = compare(left, sum(), (a, b) -> number(a) < number(b));
      } else if (accept(">")) {
        left = compare(left, sum(), (a, b) -> number(a) > number(b));
      } else if (accept("in")) {
        left = compare(left, sum(), (a, b) -> Cel.items(b).contains(a));
      } else {
        return left;
      }
    }
  }

  private static Expression compare(
      Expression left, Expression right, BiPredicate<Object, Object> relation) {
    return scope -> relation.test(left.in(scope), right.in(scope));
  }

  private static long number(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw new Failure("no number: " + value);
  }

  private Expression sum() {
    Expression left = unary();
    while (accept("+")) {
      Expression one = left;
      Expression other = unary();
      left = scope -> number(one.in(scope)) + number(other.in(scope));
    }
    return left;
  }

  private Expression unary() {
    if (accept("!")) {
      Expression negated = unary();
      return scope -> !negated.holds(scope);
    }
    return member();
  }

  private Expression member() {
    Expression value = primary();
    while (true) {
      if (accept("[")) {
        value = indexed(value);
      } else if (accept(".")) {
        String name = take("name").text();
        value = accept("(") ? method(value, name) : select(value, name);
      } else {
        return value;
      }
    }
  }

  private Expression indexed(Expression list) {
    Expression index = conditional();
    expect("]");
    return scope -> item(list.in(scope), number(index.in(scope)));
  }

  private static Object item(Object list, long index) {
    List<?> items = Cel.items(list);
    if (index >= items.size()) {
      throw new Failure("no item " + index);
    }
    return items.get((int) index);
  }

  private static Expression select(Expression map, String written) {
    String name = ESCAPED.matcher(written).replaceAll("$1");
    return scope ->
        Cel.field(map.in(scope), name).orElseThrow(() -> new Failure("no such key: " + name));
  }

  private Expression primary() {
    if (accept("(")) {
      Expression inner = conditional();
      expect(")");
      return inner;
    }
    if (accept("[")) {
      List<Expression> items = arguments("]");
      return scope -> items.stream().map(item -> item.in(scope)).toList();
    }
    Token token = take(null);
    return switch (token.group()) {
      case "text" -> scope -> token.text();
      case "number" -> {
        Long number = Long.valueOf(token.text());
        yield scope -> number;
      }
      case "name" -> accept("(") ? function(token.text()) : named(token.text());
      default -> throw unknown(token.text());
    };
  }

  private static Expression named(String name) {
    return switch (name) {
      case "true" -> scope -> true;
      case "false" -> scope -> false;
      default -> scope -> scope.find(name);
    };
  }

  /** Up to and with the mark at their end. */
  private List<Expression> arguments(String end) {
    List<Expression> arguments = new ArrayList<>();
    while (!accept(end)) {
      arguments.add(conditional());
      if (!accept(",")) {
        expect(end);
        break;
      }
    }
    return arguments;
  }

  private Expression function(String name) {
    if (name.equals("has")) {
      return presence();
    }
    List<Expression> arguments = arguments(")");
    if (arguments.size() != 1) {
      throw unknown(name);
    }
    Expression argument = arguments.get(0);
    return switch (name) {
      case "size" -> scope -> CelFunctions.size(argument.in(scope));
      case "duration" -> scope -> CelFunctions.duration(CelFunctions.text(argument.in(scope)));
      case "isIP" -> scope -> CelFunctions.isIp(CelFunctions.text(argument.in(scope)));
      case "isCIDR" -> scope -> CelFunctions.isCidr(CelFunctions.text(argument.in(scope)));
      default -> throw unknown(name);
    };
  }

  /** {@code has(a.b.c)}: whether {@code a.b}, which must be there, has a {@code c}. */
  private Expression presence() {
    Expression value = primary();
    while (true) {
      Expression owner = value;
      if (accept("[")) {
        value = indexed(owner);
        continue;
      }
      expect(".");
      String written = take("name").text();
      if (accept(")")) {
        String name = ESCAPED.matcher(written).replaceAll("$1");
        return scope -> Cel.field(owner.in(scope), name).isPresent();
      }
      value = select(owner, written);
    }
  }

  private Expression method(Expression target, String name) {
    switch (name) {
      case "all", "exists", "exists_one", "filter" -> {
        String variable = take("name").text();
        expect(",");
        Expression condition = conditional();
        expect(")");
        return macro(target, name, variable, condition);
      }
      default -> {
        List<Expression> arguments = arguments(")");
        CelFunctions.check(name, arguments.size(), rule);
        return scope ->
            CelFunctions.call(
                name,
                target.in(scope),
                arguments.stream().map(argument -> argument.in(scope)).toList());
      }
    }
  }

  private static Expression macro(
      Expression target, String name, String variable, Expression condition) {
    return switch (name) {
      case "all" -> scope -> !any(target, variable, condition, scope, false);
      case "exists" -> scope -> any(target, variable, condition, scope, true);
      case "exists_one" -> scope -> kept(target, variable, condition, scope).size() == 1;
      default -> scope -> kept(target, variable, condition, scope);
    };
  }

  /** Whether the condition is what is looked for with any item, which makes up for failures. */
  private static boolean any(
      Expression target, String variable, Expression condition, Scope scope, boolean wanted) {
    Failure failure = null;
    for (Object item : Cel.items(target.in(scope))) {
      try {
        if (condition.holds(scope.with(variable, item)) == wanted) {
          return true;
        }
      } catch (Failure failed) {
        failure = failed;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return false;
  }

  private static List<?> kept(
      Expression target, String variable, Expression condition, Scope scope) {
    return Cel.items(target.in(scope)).stream()
        .filter(item -> condition.holds(scope.with(variable, item)))
        .toList();
  }
}
