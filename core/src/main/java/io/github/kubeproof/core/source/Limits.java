package io.github.kubeproof.core.source;

/**
 * How much input is read; whatever is beyond is said as a {@link Problem.Kind#LIMIT}, never left
 * out in silence.
 *
 * @param fileBytes the largest file that is read
 * @param nodes how many values, lists and maps a file may hold; beyond, none of it is read
 * @param repeatedNodes how many of them aliases may repeat in a file
 * @param depth how many lists and maps may stand inside each other
 */
public record Limits(int fileBytes, int nodes, int repeatedNodes, int depth) {

  /**
   * 64 MiB, five million values, a million repeated ones and 200 levels. A file at these limits
   * takes about 600 MB of memory: a list of 380,000 Services in 58 MB has four million values.
   */
  public static final Limits DEFAULT = new Limits(64 << 20, 5_000_000, 1_000_000, 200);

  public Limits {
    if (fileBytes < 1 || nodes < 1 || repeatedNodes < 0 || depth < 1) {
      throw new IllegalArgumentException(
          "no such limits: "
              + fileBytes
              + " bytes, "
              + nodes
              + " nodes, "
              + repeatedNodes
              + " repeated, depth "
              + depth);
    }
  }
}
