package io.github.kubeproof.core.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.traffic.Address;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressRangeTest {

  private static final int LAST = 40;

  private static AddressRange range(long first, long last) {
    return new AddressRange(address(first), address(last));
  }

  private static Address address(long value) {
    return new Address(false, BigInteger.valueOf(value));
  }

  private static List<AddressRange> some(Random random) {
    List<AddressRange> ranges = new ArrayList<>();
    int at = random.nextInt(4);
    while (at < LAST) {
      int last = Math.min(LAST - 1, at + random.nextInt(6));
      ranges.add(range(at, last));
      at = last + 1 + random.nextInt(4);
    }
    return ranges;
  }

  private static boolean isIn(List<AddressRange> ranges, int value) {
    Address address = address(value);
    return ranges.stream()
        .anyMatch(
            range -> range.first().compareTo(address) <= 0 && address.compareTo(range.last()) <= 0);
  }

  @Test
  void whatIsLeftIsInTheFirstAndNotInTheSecond() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      List<AddressRange> ranges = some(random);
      List<AddressRange> taken = some(random);
      List<AddressRange> left = AddressRange.without(ranges, taken);
      assertThat(IntStream.range(0, LAST).filter(value -> isIn(left, value)).toArray())
          .as("seed " + seed)
          .isEqualTo(
              IntStream.range(0, LAST)
                  .filter(value -> isIn(ranges, value) && !isIn(taken, value))
                  .toArray());
    }
  }

  @Test
  void theEndsOfBothFamiliesAreNoObstacle() {
    assertThat(AddressRange.without(AddressRange.ALL, AddressRange.ALL)).isEmpty();
    assertThat(AddressRange.without(AddressRange.ALL, List.of())).isEqualTo(AddressRange.ALL);
    assertThat(AddressRange.without(AddressRange.ALL, AddressRange.ALL.subList(1, 2)))
        .isEqualTo(AddressRange.ALL.subList(0, 1));
    assertThat(AddressRange.without(AddressRange.ALL, AddressRange.ALL.subList(0, 1)))
        .isEqualTo(AddressRange.ALL.subList(1, 2));
  }
}
