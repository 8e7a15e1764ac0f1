package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.source.UserError;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which files of folders are read, in the words of the user. */
public final class Globs {

  private static final Pattern ANY_FOLDER = Pattern.compile("(^|/)\\*\\*/");

  private Globs() {}

  /**
   * Whether a file or folder is left out. Globs look at names as they are shown, and those that
   * begin at the root of the file system at absolute ones; {@code **}{@code /} may stand for
   * nothing.
   *
   * @throws UserError for what is no glob
   */
  public static Predicate<String> excluding(List<String> includes, List<String> excludes) {
    List<Glob> in = matchers(includes);
    List<Glob> out = matchers(excludes);
    return name -> {
      Path path = Path.of(name);
      boolean isFile = name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
      return matches(out, path) || (isFile && !in.isEmpty() && !matches(in, path));
    };
  }

  /**
   * A glob below a folder, as one that begins at the root of the file system.
   *
   * @throws UserError for what is no glob
   */
  public static String below(Path folder, String glob) {
    String base = folder.toAbsolutePath().normalize().toString();
    String absolute = base.replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
    String joined = (absolute.endsWith("/") ? absolute : absolute + "/") + glob;
    matcher(joined);
    return joined;
  }

  private static boolean matches(List<Glob> globs, Path path) {
    return globs.stream().anyMatch(glob -> glob.matches(path));
  }

  private record Glob(PathMatcher matcher, boolean absolute) {

    boolean matches(Path path) {
      return matcher.matches(absolute ? path.toAbsolutePath().normalize() : path);
    }
  }

  private static List<Glob> matchers(List<String> globs) {
    return globs.stream().map(glob -> new Glob(matcher(glob), isAbsolute(glob))).toList();
  }

  private static boolean isAbsolute(String glob) {
    return glob.startsWith("/") || glob.matches("[A-Za-z]:.*");
  }

  private static PathMatcher matcher(String glob) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + anyDepth(glob));
    } catch (PatternSyntaxException e) {
      throw new UserError("not a glob: " + glob + ": " + e.getDescription());
    }
  }

  /** The same glob, where any folder may be no folder at all. */
  private static String anyDepth(String glob) {
    // groups cannot stand in groups
    return glob.indexOf('{') >= 0 ? glob : ANY_FOLDER.matcher(glob).replaceAll("$1{**/,}");
  }
}
