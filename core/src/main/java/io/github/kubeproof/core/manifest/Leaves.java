package io.github.kubeproof.core.manifest;

import com.google.gson.TypeAdapter;
import io.github.kubeproof.core.manifest.Decoder.ReadingAdapter;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.NodePath;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The leaves of the models, typed as the API server types them.
 *
 * <p>In a list or a free map null is the zero value of Go: "", 0, false. Elsewhere it does not come
 * here.
 */
final class Leaves {

  /** How a scalar that is not null is read; null when it cannot be. */
  private interface Reading<T> {
    @Nullable T read(Node.Scalar scalar, NodePath at, Faults faults);
  }

  static final TypeAdapter<String> STRING = leaf("a string", "", Leaves::string);

  private static final Map<Class<?>, TypeAdapter<?>> ADAPTERS =
      Map.of(
          String.class,
          STRING,
          Boolean.class,
          leaf("true or false", false, Leaves::bool),
          Integer.class,
          leaf("a number", 0, Leaves::int32),
          Long.class,
          leaf("a number", 0L, Leaves::int64),
          Double.class,
          leaf("a number", 0.0, Leaves::float64),
          IntOrString.class,
          leaf("a number or a string", new IntOrString(0), Leaves::intOrString),
          Quantity.class,
          leaf("a quantity", new Quantity("0"), Leaves::quantity),
          OffsetDateTime.class,
          leaf("a time", OffsetDateTime.MIN, Leaves::time),
          byte[].class,
          leaf("a string", new byte[0], Leaves::base64));

  private static final Pattern QUANTITY =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\\d{1,18})?");

  private Leaves() {}

  /** The adapter for a type of leaf; null for any other type, which Gson reads itself. */
  static @Nullable TypeAdapter<?> adapter(Class<?> type) {
    return ADAPTERS.get(type);
  }

  private static <T> TypeAdapter<T> leaf(String wanted, T zero, Reading<T> reading) {
    return new ReadingAdapter<>() {
      @Override
      @Nullable T read(NodeReader reader) {
        NodePath at = reader.path();
        Node node = reader.take();
        if (!(node instanceof Node.Scalar scalar)) {
          reader.faults().mistyped(at, node, wanted);
          return null;
        }
        return scalar.isNull() ? zero : reading.read(scalar, at, reader.faults());
      }
    };
  }

  private static String string(Node.Scalar scalar, NodePath at, Faults faults) {
    if (scalar.value() instanceof String text) {
      return text;
    }
    faults.mistyped(at, scalar, "a string");
    return scalar.text();
  }

  private static @Nullable Boolean bool(Node.Scalar scalar, NodePath at, Faults faults) {
    if (scalar.value() instanceof Boolean value) {
      return value;
    }
    faults.mistyped(at, scalar, "true or false");
    return List.of("true", "false").contains(scalar.text()) ? Boolean.valueOf(scalar.text()) : null;
  }

  private static @Nullable Integer int32(Node.Scalar scalar, NodePath at, Faults faults) {
    Long whole = whole(scalar, at, Integer.MIN_VALUE, Integer.MAX_VALUE, faults);
    return whole == null ? null : (Integer) whole.intValue();
  }

  private static @Nullable Long int64(Node.Scalar scalar, NodePath at, Faults faults) {
    return whole(scalar, at, Long.MIN_VALUE, Long.MAX_VALUE, faults);
  }

  /** Reads a whole number between two bounds; reports anything else. */
  static @Nullable Long whole(Node.Scalar scalar, NodePath at, long min, long max, Faults faults) {
    Optional<BigDecimal> number = number(scalar);
    if (number.isEmpty()) {
      faults.mistyped(at, scalar, "a number");
      return meant(scalar, min, max);
    }
    // 80.0 is 80: YAML has no other way of telling them apart once it is JSON
    BigDecimal value = number.get().stripTrailingZeros();
    if (value.scale() > 0) {
      faults.mistyped(at, scalar, "a whole number");
      return null;
    }
    if (value.compareTo(BigDecimal.valueOf(min)) < 0
        || value.compareTo(BigDecimal.valueOf(max)) > 0) {
      faults.mistyped(at, scalar, "between " + min + " and " + max);
      return null;
    }
    return value.longValueExact();
  }

  private static @Nullable Long meant(Node.Scalar scalar, long min, long max) {
    if (!(scalar.value() instanceof String text) || !text.matches("-?\\d{1,18}")) {
      return null;
    }
    long value = Long.parseLong(text);
    return value < min || value > max ? null : value;
  }

  private static Optional<BigDecimal> number(Node.Scalar scalar) {
    if (scalar.value() instanceof Long value) {
      return Optional.of(BigDecimal.valueOf(value));
    }
    return scalar.value() instanceof Double value && Double.isFinite(value)
        ? Optional.of(new BigDecimal(value.toString()))
        : Optional.empty();
  }

  private static @Nullable Double float64(Node.Scalar scalar, NodePath at, Faults faults) {
    if (scalar.value() instanceof Number value) {
      return value.doubleValue();
    }
    faults.mistyped(at, scalar, "a number");
    return null;
  }

  private static @Nullable IntOrString intOrString(Node.Scalar scalar, NodePath at, Faults faults) {
    if (scalar.value() instanceof String text) {
      return new IntOrString(text);
    }
    if (scalar.value() instanceof Boolean) {
      faults.mistyped(at, scalar, "a number or a string");
      return new IntOrString(scalar.text());
    }
    Integer number = int32(scalar, at, faults);
    return number == null ? null : new IntOrString(number);
  }

  private static @Nullable Quantity quantity(Node.Scalar scalar, NodePath at, Faults faults) {
    String text = number(scalar).map(BigDecimal::toPlainString).or(scalar::asString).orElse("");
    if (!QUANTITY.matcher(text).matches()) {
      faults.mistyped(at, scalar, "a quantity such as 500m or 1Gi");
      return null;
    }
    return new Quantity(text);
  }

  private static @Nullable OffsetDateTime time(Node.Scalar scalar, NodePath at, Faults faults) {
    try {
      return OffsetDateTime.parse(scalar.asString().orElse(""));
    } catch (DateTimeException e) {
      faults.mistyped(at, scalar, "a time such as 2006-01-02T15:04:05Z");
      return null;
    }
  }

  private static byte @Nullable [] base64(Node.Scalar scalar, NodePath at, Faults faults) {
    // Go passes over line ends, and wants the padding that Java leaves to taste
    String text = scalar.asString().map(written -> written.replaceAll("[\r\n]", "")).orElse("?");
    try {
      if (text.length() % 4 == 0) {
        return Base64.getDecoder().decode(text);
      }
    } catch (IllegalArgumentException e) {
      faults.mistyped(at, scalar, "base64");
      return null;
    }
    faults.mistyped(at, scalar, "base64");
    return null;
  }
}
