package io.github.kubeproof.core.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The formats that a report can be written in. */
public enum Format {
  /** For people at a terminal. */
  PRETTY {
    @Override
    public Reporter reporter(String version, boolean colors) {
      return new PrettyReporter(new Ink(colors));
    }
  },
  /** For scripts; its fields are described at {@link JsonReporter}. */
  JSON {
    @Override
    public Reporter reporter(String version, boolean colors) {
      return new JsonReporter(version);
    }
  },
  /** SARIF 2.1.0, for editors and code scanning. */
  SARIF {
    @Override
    public Reporter reporter(String version, boolean colors) {
      return new SarifReporter(version);
    }
  },
  /** Workflow commands, which GitHub shows as annotations of a pull request. */
  GITHUB {
    @Override
    public Reporter reporter(String version, boolean colors) {
      return new GithubReporter();
    }
  },
  /** A summary for a page: the summary of a job, a comment of a pull request. */
  MARKDOWN {
    @Override
    public Reporter reporter(String version, boolean colors) {
      return new MarkdownReporter();
    }
  };

  /**
   * A reporter for this format; its library is loaded only now.
   *
   * @param version of Kubeproof
   * @param colors whether the output goes to a terminal that shows them; of no use to most formats
   */
  public abstract Reporter reporter(String version, boolean colors);

  /** The name by which users choose it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The format with a name. */
  public static Optional<Format> of(String word) {
    return Arrays.stream(values()).filter(format -> format.word().equals(word)).findFirst();
  }

  /** All names, in the order in which they are explained. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Format::word).toList();
  }
}
