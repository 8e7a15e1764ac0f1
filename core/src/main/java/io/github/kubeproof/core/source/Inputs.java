package io.github.kubeproof.core.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the user names: files, folders, and {@code -} for the standard input.
 *
 * <p>A file that is named is read whatever it is called. In folders, {@code .yaml}, {@code .yml}
 * and {@code .json} files are read, in the order of the bytes of their names; hidden files and the
 * folders of tools ({@code .git}, {@code .github}, {@code node_modules} and their like) are not. A
 * file is read once, however many names lead to it. The result does not depend on the number of
 * jobs.
 *
 * @param limits beyond which nothing is read
 * @param excluded files and folders to leave out of folders, by the name they would be shown under
 * @param jobs how many files are read at a time
 */
public record Inputs(Limits limits, Predicate<String> excluded, int jobs) {

  /** Nothing excluded, one file at a time. */
  public static final Inputs DEFAULT = new Inputs(Limits.DEFAULT, name -> false, 1);

  private static final String STANDARD_INPUT = "-";

  public Inputs {
    if (jobs < 1) {
      throw new IllegalArgumentException("no such number of jobs: " + jobs);
    }
  }

  /**
   * Reads everything, in the order of the arguments.
   *
   * @param standardInput read when an argument is {@code -}; the caller closes it
   * @throws UserError when an argument names nothing; then nothing is read
   */
  public Loaded load(List<String> arguments, InputStream standardInput) {
    List<Problem> problems = new ArrayList<>();
    List<File> files = files(arguments, problems);
    YamlReader reader = new YamlReader(limits);
    List<Callable<Loaded>> tasks =
        files.stream()
            .<Callable<Loaded>>map(file -> () -> read(file, standardInput, reader))
            .toList();
    return joined(tasks, problems);
  }

  private Loaded joined(List<Callable<Loaded>> tasks, List<Problem> problems) {
    List<Document> documents = new ArrayList<>();
    int read = 0;
    for (Loaded loaded : run(tasks)) {
      documents.addAll(loaded.documents());
      problems.addAll(loaded.problems());
      read += loaded.files();
    }
    return new Loaded(documents, problems, read);
  }

  /**
   * A file that lies somewhere else than in the file system.
   *
   * @param root the argument of the user that it was found under
   * @param named whether the user asked for this very file
   */
  public record Stored(String name, String root, boolean named, InputStream bytes) {}

  /** Reads files that lie somewhere else; which of a folder's are wanted, {@link #wants} tells. */
  public Loaded loadStored(List<Stored> files) {
    YamlReader reader = new YamlReader(limits);
    return joined(
        files.stream()
            .<Callable<Loaded>>map(
                file ->
                    () ->
                        read(
                            new File(file.name(), file.root(), null, file.named()),
                            file.bytes(),
                            reader))
            .toList(),
        new ArrayList<>());
  }

  /** Reads one more file, which something that was read leads to. */
  public Loaded read(Path path, String name, String root) {
    return read(
        new File(name, root, path, true), InputStream.nullInputStream(), new YamlReader(limits));
  }

  /**
   * Whether a file of a folder would be read.
   *
   * @param folder the name that the folder is shown under, up to where the path goes on
   * @param below the path below it, with forward slashes
   */
  public boolean wants(String folder, String below) {
    for (int slash = below.indexOf('/'); slash >= 0; slash = below.indexOf('/', slash + 1)) {
      if (excluded.test(folder + below.substring(0, slash))) {
        return false;
      }
    }
    return Folder.reads(below) && !excluded.test(folder + below);
  }

  /**
   * A file to be read.
   *
   * @param path absent for the standard input
   * @param named whether the user asked for this very file, and not for a folder around it
   */
  private record File(String name, String root, @Nullable Path path, boolean named) {

    // any JSON may lie in a folder: only what claims to be a manifest is spoken of
    boolean isDoubtful() {
      return !named && name.endsWith(".json");
    }
  }

  private List<File> files(List<String> arguments, List<Problem> problems) {
    Map<String, Path> paths = new LinkedHashMap<>();
    for (String argument : arguments) {
      paths.put(argument, argument.equals(STANDARD_INPUT) ? Path.of("") : existing(argument));
    }
    List<File> files = new ArrayList<>();
    Set<Path> known = new HashSet<>();
    for (Map.Entry<String, Path> argument : paths.entrySet()) {
      Path path = argument.getValue();
      String name = shown(path);
      if (argument.getKey().equals(STANDARD_INPUT)) {
        files.add(new File(Source.STDIN, Source.STDIN, null, true));
      } else if (Files.isDirectory(path)) {
        Folder folder = new Folder(path, name, excluded, known);
        folder
            .files()
            .forEach(
                found -> files.add(new File(found.name(), folder.root(), found.path(), false)));
        problems.addAll(folder.problems());
      } else if (known.add(real(path))) {
        files.add(new File(name, name, path, true));
      }
    }
    return files;
  }

  private static Path existing(String argument) {
    try {
      Path path = Path.of(argument);
      // what a forbidden folder hides is no mistake of the user's: reading it will say so
      if (argument.isEmpty() || Files.notExists(path)) {
        throw new UserError("no such file or folder: " + (argument.isEmpty() ? "\"\"" : argument));
      }
      return path;
    } catch (InvalidPathException e) {
      throw new UserError("not a path: " + argument);
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path; // reading it will say why
    }
  }

  // as given, with forward slashes and without "."; empty for the current folder
  private static String shown(Path path) {
    StringBuilder name = new StringBuilder();
    if (path.getRoot() != null) {
      name.append(path.getRoot().toString().replace('\\', '/'));
    }
    for (Path step : path) {
      if (!step.toString().equals(".") && !step.toString().isEmpty()) {
        name.append(name.isEmpty() || name.charAt(name.length() - 1) == '/' ? "" : "/")
            .append(step);
      }
    }
    return name.toString();
  }

  private List<Loaded> run(List<Callable<Loaded>> tasks) {
    ExecutorService pool = Executors.newFixedThreadPool(jobs);
    try {
      List<Loaded> results = new ArrayList<>();
      for (Future<Loaded> result : pool.invokeAll(tasks)) {
        results.add(result.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading", e);
    } finally {
      pool.shutdownNow();
    }
  }

  private Loaded read(File file, InputStream standardInput, YamlReader reader) {
    Source unread = new Source(file.name(), file.root(), "");
    try {
      byte[] bytes = bytes(file, standardInput);
      if (bytes.length > limits.fileBytes()) {
        return without(
            Problem.Kind.LIMIT,
            unread,
            "larger than " + size(limits.fileBytes()) + ", so none of it is read");
      }
      String text = Texts.decode(bytes);
      boolean silent = file.isDoubtful() && !claimsToBeManifest(text);
      if (silent) {
        return new Loaded(List.of(), List.of(), 0);
      }
      Loaded loaded = reader.read(new Source(file.name(), file.root(), text));
      return file.isDoubtful() ? onlyManifests(loaded) : loaded;
    } catch (Refusal refusal) {
      List<Problem> problems = file.isDoubtful() ? List.of() : List.of(refusal.problem(unread));
      return new Loaded(List.of(), problems, 0);
    } catch (IOException e) {
      return without(Problem.Kind.UNREADABLE, unread, reason(e));
    }
  }

  // one byte more than the limit when there is more
  private byte[] bytes(File file, InputStream standardInput) throws IOException {
    int most = (int) Math.min(Integer.MAX_VALUE - 8, limits.fileBytes() + 1L);
    if (file.path() == null) {
      return standardInput.readNBytes(most);
    }
    if (Files.isRegularFile(file.path()) && Files.size(file.path()) <= limits.fileBytes()) {
      return Files.readAllBytes(file.path());
    }
    try (InputStream in = Files.newInputStream(file.path())) {
      return in.readNBytes(most);
    }
  }

  private static Loaded without(Problem.Kind kind, Source source, String message) {
    return new Loaded(List.of(), List.of(new Problem(kind, source, Span.at(1, 1), message)), 0);
  }

  private static String size(int bytes) {
    return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MiB" : bytes + " bytes";
  }

  private static boolean claimsToBeManifest(String text) {
    return text.contains("\"apiVersion\"") && text.contains("\"kind\"");
  }

  private static Loaded onlyManifests(Loaded loaded) {
    List<Document> manifests =
        loaded.documents().stream()
            .filter(document -> YamlReader.isManifest(document.root()))
            .toList();
    return new Loaded(manifests, loaded.problems(), loaded.files());
  }

  /** Why a file or folder cannot be read, in the words of a shell. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
    return reason == null ? "cannot be read" : reason.toLowerCase(Locale.ROOT);
  }
}
