package io.github.kubeproof.core.source;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What was probably meant by a word, and whether two names are one name misspelt. */
public final class Spelling {

  /** Shorter words have too many neighbours: {@code ro} and {@code rw} are both meant. */
  private static final int SHORTEST_WORD = 4;

  /** Few words of three letters are another with two letters swapped. */
  private static final int SHORTEST_SWAPPED_WORD = 3;

  /** The shorter of two words one of which is surely meant. */
  private static final int SHORTEST_KNOWN_WORD = 2;

  private static final String SEPARATORS = "-_./";

  private static final Pattern NUMBERED = Pattern.compile(".*\\d[-_./]\\d.*");

  /** Two letters by which people count. */
  private static final Pattern SERIES = Pattern.compile("[a-hA-H]{2}");

  private Spelling() {}

  /**
   * The known word that is nearest, when one is near at all; letter case does not count. Of two
   * that are as near, the one that begins alike.
   */
  public static Optional<String> nearest(String word, Collection<String> known) {
    @Nullable String best = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : new TreeSet<>(known)) {
      int allowed = allowed(Math.max(word.length(), candidate.length()));
      if (Math.abs(word.length() - candidate.length()) > allowed) {
        continue;
      }
      int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      boolean nearer = distance < least || (distance == least && beginsLike(word, candidate, best));
      if (nearer && distance <= allowed) {
        best = candidate;
        least = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  private static boolean beginsLike(String word, String candidate, @Nullable String best) {
    return best != null
        && candidate.regionMatches(true, 0, word, 0, 1)
        && !best.regionMatches(true, 0, word, 0, 1);
  }

  /** The end of a sentence about an unknown word; empty when no known one is near. */
  public static String hint(String word, Collection<String> known) {
    return nearest(word, known).map(near -> "; did you mean " + near + "?").orElse("");
  }

  private static int allowed(int length) {
    return length < 4 ? 0 : length < 6 ? 1 : length < 10 ? 2 : 3;
  }

  /** How many letters are to be typed, deleted, replaced or swapped with their neighbour. */
  public static int distance(String a, String b) {
    int[][] rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          rows[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1);
        least = Math.min(least, rows[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        rows[i][j] = swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
      }
    }
    return rows[a.length()][b.length()];
  }

  /**
   * Whether two different names are one slip apart: other case, other separators, or one letter
   * missing, added or replaced within a word of four letters or more, or two neighbours swapped
   * within one of three or more.
   *
   * <p>A digit is never a slip, nor another of the first letters at the end of a word: {@code
   * web-1} and {@code web-2}, {@code v1} and {@code v2}, {@code workera} and {@code workerb} are
   * names in a series.
   */
  public static boolean isSlip(String written, String meant) {
    if (written.equals(meant)) {
      return false;
    }
    return sameLetters(written, meant)
        || oneLetterApart(written, meant, SHORTEST_WORD, SHORTEST_SWAPPED_WORD);
  }

  /**
   * Whether two different names are one slip apart, where something else tells that one of them is
   * meant: then words may be as short as {@code app} and {@code ap}.
   */
  public static boolean isSlipOfShortWord(String written, String meant) {
    return isSlip(written, meant)
        || (!written.equals(meant)
            && Math.max(written.length(), meant.length()) > SHORTEST_KNOWN_WORD
            && oneLetterApart(written, meant, SHORTEST_KNOWN_WORD, SHORTEST_KNOWN_WORD));
  }

  private static boolean sameLetters(String written, String meant) {
    return haveLettersAlike(written, meant)
        && written.chars().filter(c -> SEPARATORS.indexOf(c) < 0).count() >= SHORTEST_WORD
        && !NUMBERED.matcher(written).matches()
        && !NUMBERED.matcher(meant).matches();
  }

  // most names differ in their first letters: no copy of them is made
  private static boolean haveLettersAlike(String a, String b) {
    int atA = 0;
    int atB = 0;
    while (true) {
      atA = afterSeparators(a, atA);
      atB = afterSeparators(b, atB);
      if (atA == a.length() || atB == b.length()) {
        return atA == a.length() && atB == b.length();
      }
      if (!a.regionMatches(true, atA++, b, atB++, 1)) {
        return false;
      }
    }
  }

  private static int afterSeparators(String name, int at) {
    int next = at;
    while (next < name.length() && SEPARATORS.indexOf(name.charAt(next)) >= 0) {
      next++;
    }
    return next;
  }

  private static boolean oneLetterApart(String a, String b, int shortestWord, int shortestSwapped) {
    int start = 0;
    int shorter = Math.min(a.length(), b.length());
    while (start < shorter && a.charAt(start) == b.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && a.charAt(a.length() - 1 - end) == b.charAt(b.length() - 1 - end)) {
      end++;
    }
    if (Math.max(a.length(), b.length()) - start - end > 2) {
      return false;
    }
    String inA = a.substring(start, a.length() - end);
    String inB = b.substring(start, b.length() - end);
    boolean one = inA.length() <= 1 && inB.length() <= 1;
    boolean swapped =
        inA.length() == 2
            && inB.length() == 2
            && inA.charAt(0) == inB.charAt(1)
            && inA.charAt(1) == inB.charAt(0);
    boolean inSeries = SERIES.matcher(inA + inB).matches() && endsWord(a, start);
    int shortest = swapped ? shortestSwapped : shortestWord;
    return ((one && !inSeries) || swapped)
        && (inA + inB).chars().allMatch(Character::isLetter)
        && wordAt(a, start, a.length() - end) >= shortest
        && wordAt(b, start, b.length() - end) >= shortest;
  }

  private static boolean endsWord(String name, int at) {
    return at + 1 == name.length() || !Character.isLetter(name.charAt(at + 1));
  }

  /** How many letters the word around a part of a name has. */
  private static int wordAt(String name, int start, int end) {
    int first = start;
    while (first > 0 && Character.isLetter(name.charAt(first - 1))) {
      first--;
    }
    int last = end;
    while (last < name.length() && Character.isLetter(name.charAt(last))) {
      last++;
    }
    return last - first;
  }
}
