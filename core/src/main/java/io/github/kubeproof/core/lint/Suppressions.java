package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Comment;
import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Entry;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Silences findings where the manifests ask for it. Mutable while comments and annotations are read
 * into it one after another.
 *
 * <p>A comment speaks of what starts on its line, or, alone on a line, of what starts on the next
 * line that is not empty or a comment, too: a key with its value, an item of a list, or the whole
 * document when that is its first line. An annotation speaks of its object.
 */
final class Suppressions {

  /** Stands on an object or on its pod template; its value is what follows in a comment. */
  static final String ANNOTATION = "kubeproof.io/ignore";

  private static final List<List<String>> METADATA =
      List.of(
          List.of("metadata"),
          List.of("spec", "template", "metadata"),
          List.of("spec", "jobTemplate", "metadata"),
          List.of("spec", "jobTemplate", "spec", "template", "metadata"));

  /** What may be wrong with a suppression. */
  enum Fault {
    MALFORMED,
    UNKNOWN_RULE,
    EXPIRED,
    UNUSED
  }

  /**
   * Something wrong with a suppression.
   *
   * @param place of an annotation; null for a comment
   */
  record Complaint(Fault fault, Source source, Span span, @Nullable Place place, String message) {}

  /** Findings sorted into those that stay and those that are silenced, each in their old order. */
  record Settled(
      List<Finding> findings, List<Report.Suppressed> suppressed, List<Complaint> complaints) {}

  /** A suppression together with what it covers and which of its words were needed. */
  private record Silence(
      SuppressionsDirective directive,
      Source source,
      Span span,
      @Nullable Place place,
      Predicate<Finding> covers,
      Set<String> needed) {

    Complaint complaint(Fault fault, String message) {
      return new Complaint(fault, source, span, place, message);
    }
  }

  private final Map<String, Set<String>> idsOfWord = new HashMap<>();
  private final LocalDate today;
  private final List<Silence> silences = new ArrayList<>();
  private final Set<Source> sources = new HashSet<>();

  /**
   * @param rules all that exist, not only those that run
   * @param today a suppression holds until the end of its last day
   */
  Suppressions(Collection<RuleInfo> rules, LocalDate today) {
    this.today = today;
    for (RuleInfo rule : rules) {
      for (String word : List.of(rule.id(), rule.name(), rule.group())) {
        idsOfWord.computeIfAbsent(key(word), any -> new HashSet<>()).add(rule.id());
      }
    }
  }

  /** The suppressions of everything that was read. */
  static Suppressions in(
      Loaded loaded, List<Resource> resources, Collection<RuleInfo> rules, LocalDate today) {
    Map<Source, List<Document>> files = new LinkedHashMap<>();
    // comments stand beside what was written, not beside what it was rendered to
    Stream.concat(loaded.documents().stream(), loaded.replaced().stream())
        .sorted(Comparator.comparing(document -> document.renderedBy().isPresent()))
        .forEach(
            document -> {
              List<Document> file =
                  files.computeIfAbsent(document.source(), any -> new ArrayList<>());
              if (document.renderedBy().isEmpty() || isTemplate(file)) {
                file.add(document);
              }
            });
    Suppressions suppressions = new Suppressions(rules, today);
    files.forEach(suppressions::read);
    resources.forEach(suppressions::read);
    return suppressions;
  }

  /** Whether nothing of a file is a manifest until it is rendered. */
  private static boolean isTemplate(List<Document> file) {
    return file.stream().allMatch(document -> document.renderedBy().isPresent());
  }

  /** Reads the comments of a file, which holds these documents. */
  void read(Source source, List<Document> documents) {
    sources.add(source);
    List<Comment> comments = source.comments();
    if (comments.isEmpty()) {
      return;
    }
    Map<Integer, Place> starts = starts(documents);
    for (Comment comment : comments) {
      Optional<SuppressionsDirective> directive = SuppressionsDirective.ofComment(comment.text());
      if (directive.isPresent()) {
        int end = comment.column() + comment.text().codePointCount(0, comment.text().length());
        Span span = new Span(comment.line(), comment.column(), comment.line(), end);
        Predicate<Finding> covers =
            directive.get().wholeFile()
                ? finding -> finding.source() == source
                : below(target(comment, source, starts));
        silences.add(new Silence(directive.get(), source, span, null, covers, new HashSet<>()));
      }
    }
  }

  /** Reads the annotations of an object. */
  void read(Resource resource) {
    for (List<String> metadata : METADATA) {
      List<String> path = new ArrayList<>(metadata);
      path.addAll(List.of("annotations", ANNOTATION));
      Optional<String> value = find(resource.tree(), path).flatMap(Node::asString);
      if (value.isPresent()) {
        Place place = resource.place().then(path.toArray());
        Predicate<Finding> inside = below(resource.place());
        silences.add(
            new Silence(
                SuppressionsDirective.ofAnnotation(value.get()),
                place.source(),
                place.span(),
                place,
                finding -> finding.resource() == resource || inside.test(finding),
                new HashSet<>()));
      }
    }
  }

  /**
   * @param ran the rules that ran; a suppression of another one may well be needed
   * @param exemptions what the configuration silences, too
   */
  Settled settle(List<Finding> findings, Collection<RuleInfo> ran, Exemptions exemptions) {
    for (Finding finding : findings) {
      // a file without a single document that can be read may still have comments
      if (!sources.contains(finding.source())) {
        read(finding.source(), List.of());
      }
    }
    List<Finding> kept = new ArrayList<>();
    List<Report.Suppressed> suppressed = new ArrayList<>();
    for (Finding finding : findings) {
      Optional<Silence> silence = silencing(finding);
      Optional<Exemption> exemption = exemptions.of(finding);
      if (silence.isPresent()) {
        String reason = silence.get().directive().reason();
        suppressed.add(new Report.Suppressed(finding, Report.By.SOURCE, reason));
      } else if (exemption.isPresent()) {
        String reason = exemption.get().reason();
        suppressed.add(new Report.Suppressed(finding, Report.By.CONFIGURATION, reason));
      } else {
        kept.add(finding);
      }
    }
    Set<String> ids = ran.stream().map(RuleInfo::id).collect(Collectors.toSet());
    List<Complaint> complaints = new ArrayList<>(complaints(ids));
    complaints.addAll(exemptions.complaints(ids));
    return new Settled(List.copyOf(kept), List.copyOf(suppressed), List.copyOf(complaints));
  }

  /** The first suppression that covers a finding; all that do are needed. */
  private Optional<Silence> silencing(Finding finding) {
    @Nullable Silence first = null;
    for (Silence silence : silences) {
      List<String> words = wordsFor(silence, finding.rule());
      if (!words.isEmpty() && isInForce(silence) && silence.covers().test(finding)) {
        silence.needed().addAll(words);
        first = first == null ? silence : first;
      }
    }
    return Optional.ofNullable(first);
  }

  /** The words that mean a rule; an empty one where every rule is meant. */
  private List<String> wordsFor(Silence silence, RuleInfo rule) {
    if (silence.directive().words().isEmpty()) {
      return List.of("");
    }
    return silence.directive().words().stream()
        .filter(word -> ids(word).contains(rule.id()))
        .toList();
  }

  private List<Complaint> complaints(Set<String> ran) {
    List<Complaint> complaints = new ArrayList<>();
    for (Silence silence : silences) {
      SuppressionsDirective directive = silence.directive();
      if (!directive.fault().isEmpty()) {
        complaints.add(silence.complaint(Fault.MALFORMED, directive.fault()));
        continue;
      }
      for (String word : directive.words()) {
        if (ids(word).isEmpty()) {
          complaints.add(
              silence.complaint(
                  Fault.UNKNOWN_RULE,
                  "no rule is called \"" + word + "\"" + Selection.wholeIdHint(word)));
        }
      }
      if (!isInForce(silence)) {
        complaints.add(
            silence.complaint(Fault.EXPIRED, "this suppression ended on " + directive.until()));
      } else {
        unused(silence, ran).forEach(complaints::add);
      }
    }
    return List.copyOf(complaints);
  }

  private List<Complaint> unused(Silence silence, Set<String> ran) {
    List<String> words = silence.directive().words();
    if (words.isEmpty()) {
      return silence.needed().isEmpty() && !ran.isEmpty()
          ? List.of(silence.complaint(Fault.UNUSED, "this suppression matches no finding"))
          : List.of();
    }
    return words.stream()
        .filter(word -> !Collections.disjoint(ids(word), ran) && !silence.needed().contains(word))
        .map(word -> "this suppression of " + word + " matches no finding")
        .map(message -> silence.complaint(Fault.UNUSED, message))
        .toList();
  }

  private boolean isInForce(Silence silence) {
    LocalDate until = silence.directive().until();
    return silence.directive().fault().isEmpty() && (until == null || !today.isAfter(until));
  }

  private Set<String> ids(String word) {
    return idsOfWord.getOrDefault(key(word), Set.of());
  }

  private static String key(String word) {
    return word.toLowerCase(Locale.ROOT);
  }

  /** What a comment speaks of; null when nothing starts there. */
  private static @Nullable Place target(
      Comment comment, Source source, Map<Integer, Place> starts) {
    if (!comment.alone()) {
      return starts.get(comment.line());
    }
    for (int line = comment.line() + 1; line <= source.lineCount(); line++) {
      Place place = starts.get(line);
      if (place != null || !isBetween(source.line(line).strip())) {
        return place;
      }
    }
    return null;
  }

  /** Whether a line may stand between a comment and what it speaks of. */
  private static boolean isBetween(String line) {
    return line.isEmpty() || line.startsWith("#") || line.startsWith("---");
  }

  private static Predicate<Finding> below(@Nullable Place top) {
    if (top == null) {
      return finding -> false;
    }
    Span extent = top.extent();
    return finding -> {
      Place place = finding.place();
      if (place == null || place.document().renderedBy().isPresent()) {
        return finding.source() == top.source() && contains(extent, finding.span());
      }
      return place.document() == top.document() && place.path().below(top.path()).isPresent();
    };
  }

  private static boolean contains(Span extent, Span span) {
    Span start = Span.at(span.line(), span.column());
    Span end = Span.at(extent.endLine(), extent.endColumn());
    return Span.at(extent.line(), extent.column()).compareTo(start) <= 0
        && start.compareTo(end) <= 0;
  }

  /** Of every line the outermost thing that starts on it. */
  private static Map<Integer, Place> starts(List<Document> documents) {
    Map<Integer, Place> starts = new HashMap<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Document document : documents) {
      Node root = document.root();
      starts.putIfAbsent(root.span().line(), document.at(NodePath.ROOT));
      collect(root, document.at(NodePath.ROOT), seen, starts);
    }
    return starts;
  }

  private static void collect(Node node, Place place, Set<Node> seen, Map<Integer, Place> starts) {
    // an alias shares the node of its anchor: once is enough
    if (!seen.add(node)) {
      return;
    }
    if (node instanceof Mapping mapping) {
      for (Entry entry : mapping.entries()) {
        Place below = place.then(entry.key());
        starts.putIfAbsent(entry.keySpan().line(), below);
        collect(entry.value(), below, seen, starts);
      }
    }
    List<Node> items = node.asItems();
    for (int i = 0; i < items.size(); i++) {
      Place below = place.then(i);
      starts.putIfAbsent(items.get(i).span().line(), below);
      collect(items.get(i), below, seen, starts);
    }
  }

  private static Optional<Node> find(Mapping tree, List<String> path) {
    Optional<Node> node = Optional.of(tree);
    for (String key : path) {
      node = node.flatMap(Node::asMapping).flatMap(mapping -> mapping.get(key));
    }
    return node;
  }
}
