package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.cluster.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of ports of all protocols, kept as sorted ranges that do not touch. */
public final class PortSet {

  private static final int FIRST = 1;
  private static final int LAST = 65535;
  private static final List<Protocol> PROTOCOLS = List.of(Protocol.values());

  public static final PortSet NONE = new PortSet(new int[0]);

  public static final PortSet ALL = all();

  /** First and last of each range in turn; a port is its protocol's number in front of its own. */
  private final int[] bounds;

  private PortSet(int[] bounds) {
    this.bounds = bounds;
  }

  /** Ports of a protocol, from first to last, both included. */
  public record Range(Protocol protocol, int first, int last) {
    /** {@code 80/TCP}, {@code 8000-8080/TCP}, {@code TCP} for every port. */
    @Override
    public String toString() {
      if (first == FIRST && last == LAST) {
        return protocol.toString();
      }
      return (first == last ? "" + first : first + "-" + last) + "/" + protocol;
    }
  }

  private static PortSet all() {
    PortSet all = NONE;
    for (Protocol protocol : Protocol.values()) {
      all = all.or(of(protocol, FIRST, LAST));
    }
    return all;
  }

  /** From first to last, both included. */
  public static PortSet of(Protocol protocol, int first, int last) {
    return first > last
        ? NONE
        : new PortSet(new int[] {code(protocol, first), code(protocol, last)});
  }

  // port 0 is never in a set, so ranges of two protocols do not touch
  private static int code(Protocol protocol, int port) {
    return PROTOCOLS.indexOf(protocol) << 16 | port;
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  public boolean isAll() {
    return equals(ALL);
  }

  public boolean contains(Protocol protocol, int port) {
    int code = code(protocol, port);
    for (int i = 0; i < bounds.length; i += 2) {
      if (bounds[i] <= code && code <= bounds[i + 1]) {
        return true;
      }
    }
    return false;
  }

  public List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < bounds.length; i += 2) {
      ranges.add(
          new Range(PROTOCOLS.get(bounds[i] >> 16), bounds[i] & 0xffff, bounds[i + 1] & 0xffff));
    }
    return ranges;
  }

  public PortSet or(PortSet other) {
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    int[] merged = new int[bounds.length + other.bounds.length];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < bounds.length || j < other.bounds.length) {
      boolean mine =
          j == other.bounds.length || (i < bounds.length && bounds[i] <= other.bounds[j]);
      int first = mine ? bounds[i] : other.bounds[j];
      int last = mine ? bounds[i + 1] : other.bounds[j + 1];
      i += mine ? 2 : 0;
      j += mine ? 0 : 2;
      if (size > 0 && first <= merged[size - 1] + 1) {
        merged[size - 1] = Math.max(merged[size - 1], last);
      } else {
        merged[size++] = first;
        merged[size++] = last;
      }
    }
    return new PortSet(Arrays.copyOf(merged, size));
  }

  public PortSet and(PortSet other) {
    int[] common = new int[bounds.length + other.bounds.length];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < bounds.length && j < other.bounds.length) {
      int first = Math.max(bounds[i], other.bounds[j]);
      int last = Math.min(bounds[i + 1], other.bounds[j + 1]);
      if (first <= last) {
        common[size++] = first;
        common[size++] = last;
      }
      if (bounds[i + 1] < other.bounds[j + 1]) {
        i += 2;
      } else {
        j += 2;
      }
    }
    return size == 0 ? NONE : new PortSet(Arrays.copyOf(common, size));
  }

  public PortSet minus(PortSet other) {
    return other.isEmpty() ? this : and(other.complement());
  }

  private PortSet complement() {
    List<Integer> gaps = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      int next = code(protocol, FIRST);
      int end = code(protocol, LAST);
      for (int i = 0; i < bounds.length; i += 2) {
        if (bounds[i] >> 16 == PROTOCOLS.indexOf(protocol)) {
          if (next < bounds[i]) {
            gaps.add(next);
            gaps.add(bounds[i] - 1);
          }
          next = bounds[i + 1] + 1;
        }
      }
      if (next <= end) {
        gaps.add(next);
        gaps.add(end);
      }
    }
    return new PortSet(gaps.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PortSet set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /** {@code every port}, {@code no port}, {@code 80/TCP, 8000-8080/TCP, UDP}. */
  @Override
  public String toString() {
    if (isAll()) {
      return "every port";
    }
    return isEmpty()
        ? "no port"
        : String.join(", ", ranges().stream().map(Range::toString).toList());
  }
}
