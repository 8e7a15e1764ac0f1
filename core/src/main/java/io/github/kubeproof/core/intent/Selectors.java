package io.github.kubeproof.core.intent;

import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Selector.Operator;
import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.source.Fields;
import io.github.kubeproof.core.source.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads label selectors as users write them: as kubectl takes them, and as manifests hold them. */
public final class Selectors {

  private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");
  private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
  private static final Pattern EQUALITY = Pattern.compile("([^=!\\s]+)\\s*(==|=|!=)\\s*(\\S*)");
  private static final Pattern EXISTENCE = Pattern.compile("(!?)\\s*([^=!()\\s]+)");

  private Selectors() {}

  /**
   * The selector of one line: {@code app=web,tier!=db,env in (dev, test),!legacy}.
   *
   * @throws UserError when it is none
   * @see "apimachinery pkg/labels/selector.go, Parse"
   */
  public static Selector parse(String text) {
    List<Requirement> requirements = new ArrayList<>();
    for (String part : COMMA.split(text, -1)) {
      requirements.add(requirement(part.strip(), text));
    }
    return new Selector(requirements);
  }

  private static Requirement requirement(String part, String whole) {
    Matcher set = SET.matcher(part);
    if (set.matches()) {
      Operator operator = set.group(2).equals("in") ? Operator.IN : Operator.NOT_IN;
      List<String> values = Arrays.stream(set.group(3).split(",", -1)).map(String::strip).toList();
      return checked(set.group(1), operator, values);
    }
    Matcher equality = EQUALITY.matcher(part);
    if (equality.matches()) {
      Operator operator = equality.group(2).equals("!=") ? Operator.NOT_IN : Operator.IN;
      return checked(equality.group(1), operator, List.of(equality.group(3)));
    }
    Matcher existence = EXISTENCE.matcher(part);
    if (existence.matches()) {
      boolean absent = !existence.group(1).isEmpty();
      return checked(
          existence.group(2), absent ? Operator.DOES_NOT_EXIST : Operator.EXISTS, List.of());
    }
    throw new UserError("not a label selector, such as app=web,tier!=db: " + whole);
  }

  private static Requirement checked(String key, Operator operator, List<String> values) {
    refuse("label key", key, Names.flawOfLabelKey(key));
    for (String value : values) {
      refuse("label value", value, Names.flawOfLabelValue(value));
    }
    return new Requirement(key, operator, values);
  }

  private static void refuse(String what, String text, Optional<String> flaw) {
    if (flaw.isPresent()) {
      throw new UserError(what + " \"" + text + "\" " + flaw.get());
    }
  }

  /**
   * The selector under a key: one line, or a map with matchLabels and matchExpressions; absent when
   * the key is missing, and everything for an empty map.
   */
  public static Optional<Selector> of(Fields fields, String key) {
    return fields.hasMap(key)
        ? fields.fields(key).map(Selectors::ofMap)
        : fields.parsed(key, Selectors::parse);
  }

  private static Selector ofMap(Fields fields) {
    fields.only("matchLabels", "matchExpressions");
    List<Requirement> requirements =
        new ArrayList<>(Selector.ofLabels(labels(fields, "matchLabels")).requirements());
    for (Fields expression : fields.allFields("matchExpressions")) {
      requirements.add(ofExpression(expression.only("key", "operator", "values")));
    }
    return new Selector(requirements);
  }

  private static Requirement ofExpression(Fields expression) {
    Operator operator =
        expression
            .parsed(
                "operator",
                word ->
                    Operator.of(word)
                        .orElseThrow(
                            () ->
                                new UserError(
                                    "the operator must be In, NotIn, Exists or DoesNotExist, not "
                                        + word)))
            .orElseThrow(() -> expression.missing("operator"));
    List<String> values = expression.texts("values");
    boolean needsValues = operator == Operator.IN || operator == Operator.NOT_IN;
    if (needsValues == values.isEmpty()) {
      throw expression.error(
          "values",
          operator.written() + (needsValues ? " needs at least one value" : " takes no values"));
    }
    String key =
        expression
            .parsed("key", text -> checked(text, operator, values).key())
            .orElseThrow(() -> expression.missing("key"));
    return new Requirement(key, operator, values);
  }

  /** The labels under a key, each spelt as the API server wants it; empty when it is missing. */
  public static Map<String, String> labels(Fields fields, String key) {
    Map<String, String> labels = fields.strings(key);
    labels.forEach(
        (label, value) -> {
          try {
            checked(label, Operator.IN, List.of(value));
          } catch (UserError e) {
            throw new UserError(fields.at(key).then(label) + ": " + e.getMessage());
          }
        });
    return labels;
  }
}
