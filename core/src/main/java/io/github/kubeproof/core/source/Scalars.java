package io.github.kubeproof.core.source;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The types that kubectl gives to scalars: go-yaml v2 resolves them, and sigs.k8s.io/yaml then
 * turns them into JSON. Both steps show: {@code 80.0} is a float to YAML, and 80 to JSON.
 *
 * <p>The first step is {@link #plain} and {@link #tagged}. It gives a String, Boolean, Long,
 * Double, null, or a BigInteger for what only fits an unsigned 64-bit integer. The second step is
 * {@link #value} or {@link #key}.
 */
final class Scalars {

  static final String TAGS = "tag:yaml.org,2002:";
  static final String MERGE_TAG = TAGS + "merge";

  private static final String STRING_TAG = TAGS + "str";
  private static final String BINARY_TAG = TAGS + "binary";
  private static final String TIMESTAMP_TAG = TAGS + "timestamp";

  // strconv.ParseInt with base 0, after go-yaml took the underscores out
  private static final Pattern INTEGER =
      Pattern.compile(
          "([-+]?)(?:0[xX](?<hex>[0-9a-fA-F]+)|0[oO]?(?<octal>[0-7]+)|0[bB](?<binary>[01]+)"
              + "|(?<decimal>0|[1-9][0-9]*))");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
  private static final Pattern POINT_FIRST = Pattern.compile("\\.[0-9]+(?:[eE][-+]?[0-9]+)?");

  private static final BigInteger UNSIGNED_END = BigInteger.ONE.shiftLeft(64);
  private static final BigInteger SIGNED_END = BigInteger.ONE.shiftLeft(63);

  private Scalars() {}

  /** A scalar without quotes and without a tag. */
  static @Nullable Object plain(String text) {
    if (text.isEmpty()) {
      return null;
    }
    char first = text.charAt(0);
    if ((first >= '0' && first <= '9') || first == '-' || first == '+') {
      return number(text);
    }
    return switch (text) {
      case "~", "null", "Null", "NULL" -> null;
      case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" -> true;
      case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" -> false;
      case ".nan", ".NaN", ".NAN" -> Double.NaN;
      case ".inf", ".Inf", ".INF" -> Double.POSITIVE_INFINITY;
      default -> first == '.' && POINT_FIRST.matcher(text).matches() ? floating(text, text) : text;
    };
  }

  private static Object number(String text) {
    switch (text) {
      case "+.inf", "+.Inf", "+.INF" -> {
        return Double.POSITIVE_INFINITY;
      }
      case "-.inf", "-.Inf", "-.INF" -> {
        return Double.NEGATIVE_INFINITY;
      }
      default -> {}
    }
    String digits = text.indexOf('_') < 0 ? text : text.replace("_", "");
    if (isShortDecimal(digits)) {
      return Long.parseLong(digits);
    }
    Matcher integer = INTEGER.matcher(digits);
    if (integer.matches()) {
      BigInteger number = integer(integer);
      if (number.bitLength() < Long.SIZE) {
        return number.longValueExact();
      }
      // only ParseUint reads these, and it knows no sign
      boolean signed = !integer.group(1).isEmpty();
      if (!signed && number.compareTo(UNSIGNED_END) < 0) {
        return number;
      }
    }
    return FLOAT.matcher(digits).matches() ? floating(digits, text) : text;
  }

  // most numbers are ports and sizes: they need no regular expression
  private static boolean isShortDecimal(String digits) {
    if (digits.isEmpty()
        || digits.length() > 18
        || (digits.charAt(0) == '0' && digits.length() > 1)) {
      return false;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static BigInteger integer(Matcher match) {
    BigInteger number;
    if (match.group("hex") != null) {
      number = new BigInteger(match.group("hex"), 16);
    } else if (match.group("octal") != null) {
      number = new BigInteger(match.group("octal"), 8);
    } else if (match.group("binary") != null) {
      number = new BigInteger(match.group("binary"), 2);
    } else {
      number = new BigInteger(match.group("decimal"));
    }
    return match.group(1).equals("-") ? number.negate() : number;
  }

  // what overflows a double stays a string: ParseFloat reports it as an error
  private static Object floating(String digits, String text) {
    double number = Double.parseDouble(digits);
    return Double.isInfinite(number) ? text : (Object) number;
  }

  /** A scalar with a tag, quoted or not; a tag that YAML does not know makes a string. */
  static @Nullable Object tagged(String tag, String text, Span at) throws Refusal {
    if (tag.equals(BINARY_TAG)) {
      return decoded(text, at);
    }
    if (!tag.startsWith(TAGS) || tag.equals(STRING_TAG) || tag.equals(TIMESTAMP_TAG)) {
      return text;
    }
    String wanted = tag.substring(TAGS.length());
    Object resolved = plain(text);
    return switch (wanted) {
      case "int" ->
          fitting(
              resolved instanceof Long || resolved instanceof BigInteger, tag, text, resolved, at);
      case "float" ->
          resolved instanceof Long number
              ? number.doubleValue()
              : fitting(resolved instanceof Double, tag, text, resolved, at);
      case "bool" -> fitting(resolved instanceof Boolean, tag, text, resolved, at);
      case "null" -> fitting(resolved == null, tag, text, resolved, at);
      default -> text;
    };
  }

  private static @Nullable Object fitting(
      boolean fits, String tag, String text, @Nullable Object resolved, Span at) throws Refusal {
    if (!fits) {
      throw Refusal.syntax(
          at,
          "\""
              + Texts.excerpt(text)
              + "\" is tagged !!"
              + tag.substring(TAGS.length())
              + " and is none");
    }
    return resolved;
  }

  private static String decoded(String text, Span at) throws Refusal {
    try {
      byte[] bytes = Base64.getDecoder().decode(text.replaceAll("[\\r\\n]", ""));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Refusal.syntax(at, "a value tagged !!binary is no base64");
    }
  }

  /** The value in JSON: String, Boolean, Long, Double or null. */
  static @Nullable Object value(@Nullable Object resolved, String text, Span at) throws Refusal {
    if (resolved instanceof BigInteger number) {
      return number.doubleValue();
    }
    if (!(resolved instanceof Double number)) {
      return resolved;
    }
    if (number.isNaN() || number.isInfinite()) {
      throw Refusal.syntax(
          at, Texts.excerpt(text) + " is no number in JSON, so kubectl refuses the document");
    }
    // encoding/json writes whole numbers below 1e21 without point and exponent
    boolean whole = number == Math.rint(number) && Math.abs(number) < SIGNED_END.doubleValue();
    return whole ? (Object) number.longValue() : number;
  }

  /** The text of a key in JSON. */
  static String key(@Nullable Object resolved, String text, Span at) throws Refusal {
    if (resolved == null) {
      throw Refusal.syntax(at, "a key is null, so kubectl refuses the document");
    }
    if (resolved instanceof BigInteger) {
      throw Refusal.syntax(
          at,
          "the key "
              + Texts.excerpt(text)
              + " is too big a number, so kubectl refuses the document");
    }
    return resolved instanceof Double number ? floatKey(number) : resolved.toString();
  }

  // strconv.FormatFloat(key, 'g', -1, 32): the shortest digits that give the same float again
  private static String floatKey(double key) {
    float number = (float) key;
    if (Double.isNaN(key)) {
      return ".nan";
    }
    if (Float.isInfinite(number)) {
      return number > 0 ? ".inf" : "-.inf";
    }
    if (number == 0) {
      return "0";
    }
    BigDecimal exact = new BigDecimal(number);
    BigDecimal shortest = exact;
    for (int digits = 9; digits >= 1; digits--) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (rounded.floatValue() != number) {
        break;
      }
      shortest = rounded;
    }
    shortest = shortest.stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return shortest.toPlainString();
    }
    String digits = shortest.unscaledValue().abs().toString();
    String sign = exponent < 0 ? "-" : "+";
    int power = Math.abs(exponent);
    return (number < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + "e"
        + sign
        + (power < 10 ? "0" : "")
        + power;
  }
}
