package io.github.kubeproof.core.source;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The files that are read of a folder.
 *
 * <p>A symbolic link is followed when it stays inside of the folder; what it leads to is read once,
 * and at its own place if it has one. A link that leads out of the folder is not followed: whoever
 * writes a repository does not decide what else of the machine is read. Such links, and loops, are
 * said aloud.
 */
final class Folder {

  /** A file and the name it is shown under. */
  record Found(Path path, String name) {}

  /** A symbolic link that stands in a folder, whose own path has no links in it. */
  private record Link(Path path, Path folder, String name) {}

  // where tools keep what is theirs
  private static final Set<String> TOOLS =
      Set.of(
          ".cache",
          ".circleci",
          ".devcontainer",
          ".git",
          ".github",
          ".gitlab",
          ".hg",
          ".idea",
          ".svn",
          ".terraform",
          ".venv",
          ".vscode",
          "node_modules");

  // of UTF-8; that is the order of code points, so a half of one comes after every whole
  private static final Comparator<String> BYTEWISE =
      (a, b) -> {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
          char one = a.charAt(i);
          char other = b.charAt(i);
          if (one != other) {
            boolean half = Character.isSurrogate(one);
            return half == Character.isSurrogate(other)
                ? Character.compare(one, other)
                : Boolean.compare(half, !half);
          }
        }
        return Integer.compare(a.length(), b.length());
      };

  private final String root;
  private final Predicate<String> excluded;
  private final Set<Path> known;
  private final Set<Path> visited = new HashSet<>();
  private final List<Link> links = new ArrayList<>();
  private final List<Found> files = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param name under which the folder is shown; empty for the current one
   * @param known the real paths of files that are read already; this folder's are added
   */
  Folder(Path path, String name, Predicate<String> excluded, Set<Path> known) {
    this.root = name.isEmpty() ? "." : name;
    this.excluded = excluded;
    this.known = known;
    try {
      Path real = path.toRealPath();
      walk(path, real, name);
      followLinks(real);
    } catch (IOException e) {
      report(Problem.Kind.UNREADABLE, root, Inputs.reason(e));
    }
    files.sort(Comparator.comparing(Found::name, BYTEWISE));
    problems.sort(Comparator.comparing(problem -> problem.source().name(), BYTEWISE));
  }

  String root() {
    return root;
  }

  /** In the order of the bytes of their names. */
  List<Found> files() {
    return files;
  }

  List<Problem> problems() {
    return problems;
  }

  private void walk(Path folder, Path real, String name) {
    visited.add(real);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String file = entry.getFileName().toString();
        String shown = name.isEmpty() || name.endsWith("/") ? name + file : name + "/" + file;
        if (!excluded.test(shown)) {
          visit(entry, real, shown);
        }
      }
    } catch (DirectoryIteratorException e) {
      report(Problem.Kind.UNREADABLE, name, "cannot be listed to its end");
    } catch (IOException e) {
      report(Problem.Kind.UNREADABLE, name, Inputs.reason(e));
    }
  }

  private void visit(Path entry, Path folder, String name) {
    Path real = folder.resolve(entry.getFileName());
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isSymbolicLink()) {
        links.add(new Link(entry, folder, name));
      } else if (attributes.isDirectory()) {
        if (isRead(name(entry))) {
          walk(entry, real, name);
        }
      } else if (isInput(name(entry))) {
        add(entry, real, name);
      }
    } catch (IOException e) {
      report(Problem.Kind.UNREADABLE, name, Inputs.reason(e));
    }
  }

  private void add(Path path, Path real, String name) {
    if (!Files.isRegularFile(path)) {
      report(Problem.Kind.UNREADABLE, name, "not a regular file");
    } else if (known.add(real)) {
      files.add(new Found(path, name));
    }
  }

  // after the rest, so that a file is read at its own place; following one may find more
  private void followLinks(Path realRoot) {
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get(i);
      try {
        follow(link, link.path().toRealPath(), realRoot);
      } catch (NoSuchFileException e) {
        if (isInput(name(link.path()))) {
          report(
              Problem.Kind.UNREADABLE, link.name(), "symbolic link to a file that does not exist");
        }
      } catch (IOException e) {
        boolean loop = Inputs.reason(e).contains("symbolic links");
        report(
            loop ? Problem.Kind.LIMIT : Problem.Kind.UNREADABLE,
            link.name(),
            loop ? "symbolic link not followed: it leads back to itself" : Inputs.reason(e));
      }
    }
  }

  private void follow(Link link, Path target, Path realRoot) {
    boolean folder = Files.isDirectory(target);
    if (!(folder ? isRead(name(link.path())) : isInput(name(link.path())))) {
      return;
    }
    if (folder && link.folder().startsWith(target)) {
      notFollowed(link, "back to a folder it stands in");
    } else if (!target.startsWith(realRoot)) {
      notFollowed(link, "out of " + root);
    } else if (!folder) {
      add(link.path(), target, link.name());
    } else if (!visited.contains(target)) {
      walk(link.path(), target, link.name());
    }
  }

  private void notFollowed(Link link, String why) {
    report(Problem.Kind.LIMIT, link.name(), "symbolic link not followed: it leads " + why);
  }

  private void report(Problem.Kind kind, String name, String message) {
    problems.add(
        new Problem(
            kind, new Source(name.isEmpty() ? root : name, root, ""), Span.at(1, 1), message));
  }

  /** Whether a file is read when somebody names the folder above it; with forward slashes. */
  static boolean reads(String below) {
    String[] steps = below.split("/", -1);
    for (int i = 0; i < steps.length - 1; i++) {
      if (!isRead(steps[i])) {
        return false;
      }
    }
    return isInput(steps[steps.length - 1]);
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static boolean isRead(String folder) {
    // tests and archives under a dot do hold manifests; two dots are how kubelet mounts volumes
    return !folder.startsWith("..") && !TOOLS.contains(folder);
  }

  private static boolean isInput(String file) {
    boolean suffix = file.endsWith(".yaml") || file.endsWith(".yml") || file.endsWith(".json");
    return suffix && !file.startsWith(".");
  }
}
