package io.github.kubeproof.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommentsTest {

  @Test
  void commentsThatSpeakToKubeproofAreFound() {
    assertThat(
            comments(
                """
                # kubeproof:ignore-file
                # another comment
                a: 1 # kubeproof:ignore KP001 -- why  \s
                  # text kubeproof:ignore KP002
                b: "ä😀" # kubeproof:ignore KP003
                c: | # kubeproof:ignore KP004
                  text
                --- # kubeproof:ignore KP005
                d: 1
                ...
                # kubeproof:ignore KP006
                """))
        .containsExactly(
            new Comment(1, 1, "# kubeproof:ignore-file", true),
            new Comment(3, 6, "# kubeproof:ignore KP001 -- why", false),
            new Comment(4, 3, "# text kubeproof:ignore KP002", true),
            new Comment(5, 9, "# kubeproof:ignore KP003", false),
            new Comment(6, 6, "# kubeproof:ignore KP004", false),
            new Comment(8, 5, "# kubeproof:ignore KP005", false),
            new Comment(11, 1, "# kubeproof:ignore KP006", true));
  }

  @Test
  void whatStandsInsideOfValuesIsNoComment() {
    assertThat(
            comments(
                """
                a: "x # kubeproof:ignore KP001"
                b: 'x
                  # kubeproof:ignore KP002'
                c: |
                  # kubeproof:ignore KP003

                  text # kubeproof:ignore KP004
                d: >
                  # kubeproof:ignore KP005
                e: x#kubeproof:ignore KP006
                kubeproof:ignore: KP007
                """))
        .isEmpty();
  }

  @Test
  void aCommentBehindABlockScalarIsOne() {
    assertThat(comments("a: |\n  text\n\n# kubeproof:ignore KP001\nb: 1\n"))
        .containsExactly(new Comment(4, 1, "# kubeproof:ignore KP001", true));
  }

  @Test
  void aCommentWithinAFlowMapIsOne() {
    assertThat(comments("a: {b: 1, # kubeproof:ignore KP001\n  c: 2}\n"))
        .containsExactly(new Comment(1, 11, "# kubeproof:ignore KP001", false));
  }

  @Test
  void commentsOfBrokenDocumentsAndAroundTabsAreFound() {
    assertThat(comments("a: [1 # kubeproof:ignore KP001\n---\nb:\tc\t# kubeproof:ignore KP002\n"))
        .extracting(Comment::line)
        .containsExactly(1, 3);
  }

  private static List<Comment> comments(String text) {
    return new Source("test.yaml", text).comments();
  }
}
