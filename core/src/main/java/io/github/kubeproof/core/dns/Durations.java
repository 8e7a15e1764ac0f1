package io.github.kubeproof.core.dns;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stretches of time as Go writes them: {@code 1h30m}, {@code 1.5s}, {@code -2ms}. */
final class Durations {

  private static final Pattern PART =
      Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
  private static final Pattern WHOLE =
      Pattern.compile("[-+]?(?:0|(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:ns|us|µs|μs|ms|s|m|h))+)");

  private Durations() {}

  /** Milliseconds; empty for what is no duration, such as a number without a unit. */
  static Optional<BigDecimal> millis(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    BigDecimal sum = BigDecimal.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      sum = sum.add(new BigDecimal(part.group(1)).multiply(unit(part.group(2))));
    }
    return Optional.of(text.startsWith("-") ? sum.negate() : sum);
  }

  private static BigDecimal unit(String unit) {
    return switch (unit) {
      case "ns" -> new BigDecimal("0.000001");
      case "ms" -> BigDecimal.ONE;
      case "s" -> new BigDecimal(1000);
      case "m" -> new BigDecimal(60_000);
      case "h" -> new BigDecimal(3_600_000);
      default -> new BigDecimal("0.001");
    };
  }
}
