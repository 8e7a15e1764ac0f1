package io.github.kubeproof.core.source;

import org.jspecify.annotations.Nullable;

/**
 * Keeps one copy of what occurs again and again in manifests: the keys and short values, and the
 * spans, because files that are written alike have the same things in the same places.
 *
 * <p>A cache with one place for each hash value. Threads share it without a lock: what it holds is
 * immutable, and a lost entry costs a copy.
 */
final class Words {

  private static final int LONGEST = 64;

  private final @Nullable String[] words = new @Nullable String[1 << 13];
  private final @Nullable Span[] spans = new @Nullable Span[1 << 14];

  String intern(String word) {
    if (word.length() > LONGEST) {
      return word;
    }
    int place = place(word.hashCode(), words.length);
    String known = words[place];
    if (word.equals(known)) {
      return known;
    }
    words[place] = word;
    return word;
  }

  Span intern(Span span) {
    int start = span.line() * 127 + span.column();
    int place = place(start * 31 + span.endLine() * 7 + span.endColumn(), spans.length);
    Span known = spans[place];
    if (known != null && known.compareTo(span) == 0) {
      return known;
    }
    spans[place] = span;
    return span;
  }

  private static int place(int hash, int places) {
    return (hash ^ (hash >>> 16)) & (places - 1);
  }
}
