package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.source.UserError;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;

/** Which files of folders are read, in the words of the user. */
public final class Globs {

  private Globs() {}

  /**
   * Whether a file or folder is left out.
   *
   * @throws UserError for what is no glob
   */
  public static Predicate<String> excluding(List<String> includes, List<String> excludes) {
    List<PathMatcher> in = matchers(includes);
    List<PathMatcher> out = matchers(excludes);
    return name -> {
      Path path = Path.of(name);
      boolean isFile = name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
      return matches(out, path) || (isFile && !in.isEmpty() && !matches(in, path));
    };
  }

  private static boolean matches(List<PathMatcher> matchers, Path path) {
    return matchers.stream().anyMatch(matcher -> matcher.matches(path));
  }

  private static List<PathMatcher> matchers(List<String> globs) {
    return globs.stream().map(Globs::matcher).toList();
  }

  private static PathMatcher matcher(String glob) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException e) {
      throw new UserError("not a glob: " + glob + ": " + e.getDescription());
    }
  }
}
