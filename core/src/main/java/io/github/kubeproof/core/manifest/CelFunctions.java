package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.manifest.Cel.Failure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What rules can do with a value: functions of the language, and those that Kubernetes adds. */
final class CelFunctions {

  /** The methods, with the number of their arguments. */
  private static final Map<String, Integer> METHODS =
      Map.of(
          "size", 0,
          "matches", 1,
          "startsWith", 1,
          "endsWith", 1,
          "contains", 1,
          "substring", 1,
          "split", 1);

  private static final Pattern DURATION = Pattern.compile("(\\d+)(h|ms|m|s)");
  private static final Map<String, Long> MILLISECONDS =
      Map.of("h", 3_600_000L, "m", 60_000L, "s", 1_000L, "ms", 1L);

  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
  private static final Pattern MAPPED =
      Pattern.compile("(?i)(0{0,4}:)+ffff:(" + IPV4 + "|[0-9a-f]+:[0-9a-f]+)");
  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9A-Fa-f]{1,4}");

  /** No field that has a pattern may hold more, where a schema says how much it may. */
  private static final int LONGEST = 4096;

  /** Longer than any address or block: eight groups of four, an IPv4 address, a length. */
  private static final int LONGEST_ADDRESS = 64;

  private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

  private CelFunctions() {}

  static void check(String method, int arguments, String rule) {
    Integer wanted = METHODS.get(method);
    if (wanted == null || wanted != arguments) {
      throw new IllegalStateException("no method that is known, " + method + " in: " + rule);
    }
  }

  static Object call(String method, Object target, List<Object> arguments) {
    if (method.equals("size")) {
      return size(target);
    }
    String text = text(target);
    Object argument = arguments.get(0);
    if (method.equals("substring")) {
      if (argument instanceof Long from && from <= text.length()) {
        return text.substring(from.intValue());
      }
      throw new Failure("no part of " + text);
    }
    String other = text(argument);
    return switch (method) {
      case "matches" -> matches(text, pattern(other));
      case "startsWith" -> text.startsWith(other);
      case "endsWith" -> text.endsWith(other);
      case "contains" -> text.contains(other);
      case "split" -> List.of(text.split(Pattern.quote(other), -1));
      default -> throw new IllegalStateException("no method " + method);
    };
  }

  static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new Failure("no text: " + value);
  }

  /** Of a text in code points. */
  static long size(Object value) {
    return value instanceof String text
        ? text.codePointCount(0, text.length())
        : Cel.items(value).size();
  }

  /** Whether a pattern finds something in a text; one that is too long to tell passes. */
  static boolean matches(String text, Pattern pattern) {
    // a group that repeats costs the matcher stack for each of its turns
    return text.length() > LONGEST || pattern.matcher(text).find();
  }

  /** A pattern of RE2, where a dollar is the end of the text, never of a line before it. */
  static Pattern pattern(String written) {
    return PATTERNS.computeIfAbsent(written, CelFunctions::translate);
  }

  private static Pattern translate(String written) {
    StringBuilder text = new StringBuilder();
    boolean inClass = false;
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c == '\\' && i + 1 < written.length()) {
        text.append(c).append(written.charAt(++i));
        continue;
      }
      inClass = c == '[' || (inClass && c != ']');
      // in a class of Java, two of these would join classes
      boolean joins = inClass && c == '&';
      text.append(c == '$' && !inClass ? "\\z" : joins ? "\\&" : String.valueOf(c));
    }
    return Pattern.compile(text.toString());
  }

  /** In milliseconds; routes know no smaller unit. */
  static long duration(String text) {
    Matcher part = DURATION.matcher(text);
    long sum = 0;
    int end = 0;
    while (part.find() && part.start() == end) {
      sum += Long.parseLong(part.group(1)) * MILLISECONDS.getOrDefault(part.group(2), 0L);
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw new Failure("no duration: " + text);
    }
    return sum;
  }

  /** As Go's netip reads it, without zones and without IPv4 in the clothes of IPv6. */
  static boolean isIp(String text) {
    return text.length() <= LONGEST_ADDRESS && (isIpv4(text) || isIpv6(text));
  }

  static boolean isIpv4(String text) {
    return IPV4.matcher(text).matches();
  }

  static boolean isIpv6(String text) {
    int gap = text.indexOf("::");
    if (MAPPED.matcher(text).matches()) {
      return false;
    }
    if (gap < 0) {
      return groups(text) == 8;
    }
    int before = groups(text.substring(0, gap));
    int behind = groups(text.substring(gap + 2));
    return before >= 0 && behind >= 0 && before + behind < 8;
  }

  /** How many groups of 16 bits; an IPv4 address at the end makes two; -1 where any is none. */
  private static int groups(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    String[] parts = text.split(":", -1);
    boolean v4 = isIpv4(parts[parts.length - 1]);
    for (int i = 0; i < parts.length - (v4 ? 1 : 0); i++) {
      if (!HEXADECIMAL.matcher(parts[i]).matches()) {
        return -1;
      }
    }
    return parts.length + (v4 ? 1 : 0);
  }

  /** A block may have host bits. */
  static boolean isCidr(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || text.length() > LONGEST_ADDRESS) {
      return false;
    }
    String address = text.substring(0, slash);
    String length = text.substring(slash + 1);
    return length.matches("0|[1-9]\\d{0,2}")
        && ((isIpv4(address) && Integer.parseInt(length) <= 32)
            || (isIpv6(address) && Integer.parseInt(length) <= 128));
  }
}
