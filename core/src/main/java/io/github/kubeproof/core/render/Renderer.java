package io.github.kubeproof.core.render;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Replaces what kustomizations and charts are made of by what they are rendered to, with the
 * programs of this machine.
 *
 * <p>What is not rendered, for whatever reason, is said aloud, and its parts stay as they were
 * written.
 */
public final class Renderer {

  /** Whether anything is rendered. */
  public enum When {
    /** What the programs of this machine can render. */
    AUTO,
    NEVER;

    /** The word that the user types for it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How many kustomizations and charts are rendered in one run. */
  public static final int MOST = 500;

  /** Renders nothing, and says nothing about it. */
  public static final Renderer NONE = new Renderer(When.NEVER, "", Duration.ZERO);

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** How many times the limit of one all of them together may take. */
  private static final int MOST_LIMITS = 10;

  private static final int LONGEST_FAILURE = 700;

  private static final String UNRENDERED =
      "not rendered, so its parts are read as they are written: ";

  private final When when;
  private final String path;
  private final Duration limit;

  /**
   * @param limit how long one rendering may take
   */
  Renderer(When when, String path, Duration limit) {
    this.when = when;
    this.path = path;
    this.limit = limit;
  }

  /**
   * A renderer with the programs of this machine.
   *
   * @param environment where they are found, in its PATH
   */
  public static Renderer of(When when, Map<String, String> environment) {
    return new Renderer(when, environment.getOrDefault("PATH", ""), LIMIT);
  }

  /**
   * What was read, rendered as far as possible; the result does not depend on the number of jobs.
   *
   * @param inputs how it was read
   */
  public Loaded render(Loaded loaded, Inputs inputs) {
    boolean needed =
        when == When.AUTO
            && loaded.documents().stream()
                .anyMatch(document -> Kustomization.is(document) || Chart.is(document));
    if (!needed) {
      return loaded;
    }
    Written written = new Written(loaded, inputs);
    List<Rendering> renderings = new ArrayList<>(Overlay.all(loaded, written, path));
    renderings.addAll(Chart.all(loaded, written, path));
    List<Problem> problems = new ArrayList<>(loaded.problems());
    List<Rendering> possible = new ArrayList<>();
    for (Rendering rendering : renderings) {
      Optional<Rendering.Obstacle> obstacle = rendering.obstacle();
      if (obstacle.isPresent()) {
        problems.add(problem(obstacle.get().place(), obstacle.get().message()));
      } else if (possible.size() == MOST) {
        problems.add(problem(top(rendering), "only the first " + MOST + " are"));
      } else {
        possible.add(rendering);
      }
    }
    return joined(loaded, problems, rendered(possible, inputs));
  }

  /** A rendering that was tried: what came of it, or why nothing did. */
  private record Outcome(Rendering rendering, Loaded placed, String failure) {

    static Outcome failed(Rendering rendering, String failure) {
      return new Outcome(rendering, new Loaded(List.of(), List.of(), 0), failure);
    }
  }

  private Loaded joined(Loaded loaded, List<Problem> problems, List<Outcome> outcomes) {
    List<Document> added = new ArrayList<>();
    Set<Path> consumed = new HashSet<>();
    for (Outcome outcome : outcomes) {
      if (outcome.failure().isEmpty()) {
        added.addAll(outcome.placed().documents());
        problems.addAll(outcome.placed().problems());
        consumed.addAll(outcome.rendering().files());
      } else {
        problems.add(problem(top(outcome.rendering()), outcome.failure()));
      }
    }
    Set<Source> gone = new HashSet<>();
    Set<Source> kept = new HashSet<>();
    List<Document> documents = new ArrayList<>();
    List<Document> replaced = new ArrayList<>();
    for (Document document : loaded.documents()) {
      boolean stays = !isConsumed(document.source(), consumed, gone, kept);
      (stays ? documents : replaced).add(document);
    }
    problems.removeIf(
        problem ->
            problem.kind() == Problem.Kind.TEMPLATE
                && isConsumed(problem.source(), consumed, gone, kept));
    documents.addAll(added);
    return new Loaded(documents, problems, loaded.files(), replaced);
  }

  private static boolean isConsumed(
      Source source, Set<Path> consumed, Set<Source> gone, Set<Source> kept) {
    if (!gone.contains(source) && !kept.contains(source)) {
      boolean is = Written.real(source).filter(consumed::contains).isPresent();
      (is ? gone : kept).add(source);
    }
    return gone.contains(source);
  }

  private static Place top(Rendering rendering) {
    return rendering.by().at(NodePath.ROOT);
  }

  private static Problem problem(Place place, String message) {
    return new Problem(Problem.Kind.UNRENDERED, place.source(), place.span(), UNRENDERED + message);
  }

  private List<Outcome> rendered(List<Rendering> renderings, Inputs inputs) {
    ExecutorService pool = Executors.newFixedThreadPool(inputs.jobs());
    long end = System.nanoTime() + MOST_LIMITS * limit.toNanos();
    try {
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> outcome :
          pool.invokeAll(
              renderings.stream()
                  .<Callable<Outcome>>map(rendering -> () -> rendered(rendering, inputs, end))
                  .toList())) {
        outcomes.add(outcome.get());
      }
      return outcomes;
    } catch (ExecutionException e) {
      throw new IllegalStateException("rendering failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while rendering", e);
    } finally {
      pool.shutdownNow();
    }
  }

  private Outcome rendered(Rendering rendering, Inputs inputs, long end) {
    if (System.nanoTime() - end > 0) {
      String spent = MOST_LIMITS * limit.toSeconds() + " s";
      return Outcome.failed(rendering, "others took " + spent + " already");
    }
    try {
      Path home = Files.createTempDirectory("kubeproof").toRealPath();
      try {
        return rendered(rendering, inputs, home);
      } finally {
        remove(home);
      }
    } catch (IOException e) {
      return Outcome.failed(rendering, "no temporary folder can be used: " + e.getMessage());
    }
  }

  private Outcome rendered(Rendering rendering, Inputs inputs, Path home) throws IOException {
    List<String> arguments = rendering.arguments(home);
    int most = inputs.limits().fileBytes();
    Tool.Output output = rendering.tool().run(arguments, home, limit, most);
    if (output.isFailure()) {
      return Outcome.failed(rendering, excerpt(rendering.readable(output.failure())));
    }
    Source source = rendering.by().source();
    Loaded read =
        new YamlReader(inputs.limits())
            .read(new Source(source.name(), source.root(), output.text()));
    // what was taken for a template or is beyond a limit
    Optional<Problem> whole =
        read.problems().stream().filter(problem -> !problem.kind().isFault()).findFirst();
    return whole.isPresent()
        ? Outcome.failed(rendering, "what it is rendered to: " + whole.get().message())
        : new Outcome(rendering, rendering.placed(read, home), "");
  }

  // of a chain of causes, the last ones say most
  private static String excerpt(String failure) {
    return failure.length() <= LONGEST_FAILURE
        ? failure
        : failure.substring(0, 100)
            + " ... "
            + failure.substring(failure.length() - LONGEST_FAILURE + 100);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
