package io.github.kubeproof.cli;

import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Inputs.Stored;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.source.UserError;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file or folder of a git revision, {@code REV:PATH} as git itself reads it. It is read from the
 * objects of the repository: nothing is checked out, and nothing of it is run.
 *
 * @param argument as the user wrote it
 */
record Revision(String argument) {

  private static final Pattern WRITTEN = Pattern.compile("[^-:][^:]+:.*|[^-:]:(?![\\\\/]).*");
  private static final Pattern ENTRY =
      Pattern.compile("(\\d+) (\\w+) ([0-9a-f]+) +(\\d+|-)\t(.*)", Pattern.DOTALL);
  private static final Pattern HEADER = Pattern.compile("[0-9a-f]+ blob (\\d+)");
  private static final String LINK = "120000";

  /** The revision that an argument names; empty where it is the path of something that exists. */
  static Optional<Revision> of(String argument) {
    try {
      return WRITTEN.matcher(argument).matches() && Files.notExists(Path.of(argument))
          ? Optional.of(new Revision(argument))
          : Optional.empty();
    } catch (InvalidPathException e) {
      return WRITTEN.matcher(argument).matches()
          ? Optional.of(new Revision(argument))
          : Optional.empty();
    }
  }

  /** A file of a tree, by the path below it. */
  private record Entry(String mode, String object, long size, String below) {}

  /**
   * Reads what would be read of a folder or file.
   *
   * @throws UserError when git knows no such revision or path
   */
  Loaded load(Inputs inputs, Git git) {
    String object = git.line(List.of("rev-parse", "--verify", argument), argument);
    String type = git.line(List.of("cat-file", "-t", object), argument);
    if (type.equals("blob")) {
      Stored file = new Stored(argument, argument, true, content(git, List.of(object)).get(0));
      return inputs.loadStored(List.of(file));
    }
    if (!type.equals("tree")) {
      throw new UserError("neither a file nor a folder of a git revision: " + argument);
    }
    return tree(object, inputs, git);
  }

  private Loaded tree(String object, Inputs inputs, Git git) {
    String folder = argument.endsWith("/") || argument.endsWith(":") ? argument : argument + "/";
    List<Problem> problems = new ArrayList<>();
    List<Entry> wanted = new ArrayList<>();
    for (Entry entry : entries(object, git)) {
      boolean wants = inputs.wants(folder, entry.below());
      if (wants && entry.mode().equals(LINK)) {
        problems.add(problem(folder + entry.below(), "symbolic link not followed"));
      } else if (wants && entry.size() > inputs.limits().fileBytes()) {
        problems.add(problem(folder + entry.below(), "too large, so none of it is read"));
      } else if (wants) {
        wanted.add(entry);
      }
    }
    List<ByteArrayInputStream> contents = content(git, wanted.stream().map(Entry::object).toList());
    List<Stored> files = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      String name = folder + wanted.get(i).below();
      files.add(new Stored(name, argument, false, contents.get(i)));
    }
    Loaded loaded = inputs.loadStored(files);
    problems.addAll(loaded.problems());
    return new Loaded(loaded.documents(), problems, loaded.files());
  }

  private Problem problem(String name, String message) {
    return new Problem(Problem.Kind.LIMIT, new Source(name, argument, ""), Span.at(1, 1), message);
  }

  private List<Entry> entries(String tree, Git git) {
    String listing =
        new String(
            git.run(List.of("ls-tree", "-r", "-z", "-l", "--full-tree", tree), "", argument),
            StandardCharsets.UTF_8);
    List<Entry> entries = new ArrayList<>();
    for (String line : listing.split("\0", -1)) {
      Matcher entry = ENTRY.matcher(line);
      if (entry.matches() && entry.group(2).equals("blob")) {
        entries.add(
            new Entry(
                entry.group(1), entry.group(3), Long.parseLong(entry.group(4)), entry.group(5)));
      }
    }
    return entries;
  }

  /** The bytes of objects, in their order. */
  private List<ByteArrayInputStream> content(Git git, List<String> objects) {
    byte[] all =
        objects.isEmpty()
            ? new byte[0]
            : git.run(List.of("cat-file", "--batch"), String.join("\n", objects) + "\n", argument);
    List<ByteArrayInputStream> contents = new ArrayList<>();
    int at = 0;
    for (String object : objects) {
      int end = at;
      while (end < all.length && all[end] != '\n') {
        end++;
      }
      Matcher header = HEADER.matcher(new String(all, at, end - at, StandardCharsets.US_ASCII));
      if (!header.matches()) {
        throw new UserError("git cannot read an object of " + argument + ": " + object);
      }
      int size = Integer.parseInt(header.group(1));
      contents.add(new ByteArrayInputStream(all, end + 1, size));
      at = end + 1 + size + 1;
    }
    return contents;
  }
}
