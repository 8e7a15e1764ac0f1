package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.lint.Linter.Options;
import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Applies the fixes of findings, lints again, and takes back every fix whose finding stays, whose
 * result cannot be read, or that brings a new finding, until nothing is left to do.
 *
 * <p>Nothing is written: what comes of it is a text for each file that changes. Of two fixes that
 * overlap the first is applied; the other has its turn in the next round, if it is still needed.
 */
public final class Fixer {

  /** Each makes some fixes or gives some up; beyond that, what is left stays for the next run. */
  static final int MOST_ROUNDS = 20;

  /** A source, and what it is to become. */
  public record Change(Source before, String after) {}

  /**
   * A finding whose fix did not do what it should.
   *
   * @param because what stopped it: {@code its finding stayed}
   */
  public record TakenBack(Finding finding, String because) {}

  /**
   * What came of it.
   *
   * @param fixed in the order applied, as they were before
   * @param report on what it has become
   */
  public record Outcome(
      List<Change> changes, List<Finding> fixed, List<TakenBack> takenBack, Report report) {
    public Outcome {
      changes = List.copyOf(changes);
      fixed = List.copyOf(fixed);
      takenBack = List.copyOf(takenBack);
    }
  }

  private final List<Rule> rules;
  private final Options options;
  private final Predicate<Finding> wanted;
  private final List<Finding> fixed = new ArrayList<>();
  private final List<TakenBack> takenBack = new ArrayList<>();
  private final Set<String> hopeless = new HashSet<>();
  private Loaded loaded;
  private Report report;

  private Fixer(Loaded loaded, List<Rule> rules, Options options, Predicate<Finding> wanted) {
    this.rules = rules;
    this.options = options;
    this.wanted = wanted;
    this.loaded = loaded;
    this.report = Linter.lint(loaded, rules, options);
  }

  /**
   * Fixes what can be fixed.
   *
   * @param rules all that judge the result
   * @param wanted which findings to fix, of those that have a fix
   */
  public static Outcome fix(
      Loaded loaded, List<Rule> rules, Options options, Predicate<Finding> wanted) {
    Fixer fixer = new Fixer(loaded, rules, options, wanted);
    for (int round = 0; round < MOST_ROUNDS; round++) {
      List<Finding> batch = fixer.batch();
      if (batch.isEmpty()) {
        break;
      }
      fixer.apply(batch);
    }
    return new Outcome(changes(loaded, fixer.loaded), fixer.fixed, fixer.takenBack, fixer.report);
  }

  private static List<Change> changes(Loaded before, Loaded after) {
    Map<String, Source> sources = new LinkedHashMap<>();
    before.documents().stream()
        .map(Document::source)
        .forEach(source -> sources.putIfAbsent(source.name(), source));
    Set<String> done = new HashSet<>();
    List<Change> changes = new ArrayList<>();
    for (Document document : after.documents()) {
      Source source = document.source();
      Source old = sources.get(source.name());
      if (old != null && old != source && done.add(source.name())) {
        changes.add(new Change(old, source.text()));
      }
    }
    return changes;
  }

  /**
   * Findings whose fixes can be made together. Those that change the traffic wait for the others:
   * what is proved to change nothing is so only as long as nothing else changes.
   */
  private List<Finding> batch() {
    List<Finding> safe = batch(true);
    return safe.isEmpty() ? batch(false) : safe;
  }

  private List<Finding> batch(boolean isSafe) {
    List<Finding> batch = new ArrayList<>();
    Map<Source, List<Edit>> edits = new HashMap<>();
    for (Finding finding : report.findings()) {
      Fix fix = finding.fix();
      boolean isFree =
          fix != null
              && fix.isSafe() == isSafe
              && wanted.test(finding)
              && !hopeless.contains(name(finding))
              && fix.edits().stream()
                  .noneMatch(
                      edit ->
                          edits.getOrDefault(edit.source(), List.of()).stream()
                              .anyMatch(edit::overlaps));
      if (fix != null && isFree) {
        batch.add(finding);
        fix.edits()
            .forEach(
                edit -> edits.computeIfAbsent(edit.source(), s -> new ArrayList<>()).add(edit));
      }
    }
    return batch;
  }

  private void apply(List<Finding> all) {
    List<Finding> batch = all;
    while (!batch.isEmpty()) {
      List<Edit> edits = batch.stream().flatMap(finding -> edits(finding).stream()).toList();
      Loaded next = loaded.with(edits);
      Report after = Linter.lint(next, rules, options);
      Map<Finding, String> blamed = blamed(batch, next, after);
      if (blamed.isEmpty()) {
        fixed.addAll(batch);
        loaded = next;
        report = after;
        return;
      }
      Map<String, List<Finding>> byObject =
          blamed.keySet().stream()
              .collect(
                  Collectors.groupingBy(Fixer::object, LinkedHashMap::new, Collectors.toList()));
      Set<Finding> postponed = new HashSet<>();
      for (List<Finding> suspects : byObject.values()) {
        if (suspects.size() > 1) {
          // which of them it is will show when they are tried one after another
          postponed.addAll(suspects.subList(1, suspects.size()));
        } else {
          Finding guilty = suspects.get(0);
          hopeless.add(name(guilty));
          takenBack.add(new TakenBack(guilty, Objects.requireNonNull(blamed.get(guilty))));
          postponed.add(guilty);
        }
      }
      batch = batch.stream().filter(finding -> !postponed.contains(finding)).toList();
    }
  }

  private static List<Edit> edits(Finding finding) {
    return Objects.requireNonNull(finding.fix()).edits();
  }

  /**
   * The fixes of a batch that did not do what they should, each with what tells so: those of the
   * object that has a finding too many; where none has, those of its file, or all.
   */
  private Map<Finding, String> blamed(List<Finding> batch, Loaded next, Report after) {
    Map<String, Integer> surplus = new HashMap<>();
    after.findings().forEach(finding -> surplus.merge(kind(finding), 1, Integer::sum));
    Set<List<Edit>> applied = batch.stream().map(Fixer::edits).collect(Collectors.toSet());
    for (Finding finding : report.findings()) {
      Fix fix = finding.fix();
      if (fix == null || !applied.contains(fix.edits())) {
        surplus.merge(kind(finding), -1, Integer::sum);
      }
    }
    Map<Finding, String> blamed = new LinkedHashMap<>();
    for (Finding finding : after.findings()) {
      if (surplus.getOrDefault(kind(finding), 0) > 0) {
        for (Finding suspect : blamed(batch, finding)) {
          boolean stayed = kind(suspect).equals(kind(finding));
          blamed.putIfAbsent(suspect, stayed ? "its finding stayed" : told(finding) + " came");
        }
      }
    }
    for (Finding finding : batch) {
      String file = finding.source().name();
      if (faults(next, file) > faults(loaded, file)) {
        blamed.putIfAbsent(finding, file + " could not be read any more");
      }
    }
    return blamed;
  }

  private static String told(Finding finding) {
    return finding.source().name()
        + ":"
        + finding.span().line()
        + ": "
        + finding.rule().id()
        + " "
        + finding.message();
  }

  private static List<Finding> blamed(List<Finding> batch, Finding surplus) {
    List<Finding> ofObject =
        batch.stream().filter(finding -> object(finding).equals(object(surplus))).toList();
    if (!ofObject.isEmpty()) {
      return ofObject;
    }
    List<Finding> ofFile =
        batch.stream()
            .filter(
                finding ->
                    edits(finding).stream()
                        .anyMatch(edit -> edit.source().name().equals(surplus.source().name())))
            .toList();
    return ofFile.isEmpty() ? batch : ofFile;
  }

  /** How much of a file cannot be read, whichever rules run. */
  private static long faults(Loaded loaded, String file) {
    return loaded.problems().stream()
        .filter(problem -> problem.source().name().equals(file))
        .filter(problem -> problem.kind() != Problem.Kind.DUPLICATE_KEY)
        .count();
  }

  /** What a finding shares with those that it may be taken for, once lines and lists change. */
  private static String kind(Finding finding) {
    return finding.rule().id() + "\0" + finding.unit() + "\0" + object(finding);
  }

  private static String object(Finding finding) {
    return finding.source().name() + "\0" + finding.resource();
  }

  private static String name(Finding finding) {
    return kind(finding) + "\0" + Fingerprints.where(finding) + "\0" + finding.message();
  }
}
