package io.github.kubeproof.core.source;

import org.jspecify.annotations.Nullable;

/**
 * Keeps one copy of the keys and short values that occur again and again in manifests.
 *
 * <p>A cache with one place for each hash value. Threads share it without a lock: strings are
 * immutable, and a lost entry costs a copy.
 */
final class Words {

  private static final int LONGEST = 64;

  private final @Nullable String[] places = new @Nullable String[1 << 13];

  String intern(String word) {
    if (word.length() > LONGEST) {
      return word;
    }
    int hash = word.hashCode();
    int place = (hash ^ (hash >>> 16)) & (places.length - 1);
    String known = places[place];
    if (word.equals(known)) {
      return known;
    }
    places[place] = word;
    return word;
  }
}
