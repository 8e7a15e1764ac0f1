package io.github.kubeproof.rules;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Entry;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.Node.Sequence;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.source.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a real API server said of one object.
 *
 * @param file where the object stands, in which document of the file, and in which item of a list
 *     (-1 for none)
 * @param line of its first key
 * @param answer {@code accepted}, {@code warned}, {@code strict}, {@code rejected} ...
 * @param causes why it is refused; one without a field where it cannot even be decoded
 */
record ServerVerdict(
    Path file, int document, int item, int line, String kind, String answer, List<Cause> causes) {

  /** A complaint of the server about a field. */
  record Cause(String reason, String field) {

    private static final Pattern STEP = Pattern.compile("\\[([^\\]]*)]|([^.\\[]+)");

    /** The field below an object, with the capital letter that some are given taken away. */
    NodePath path(NodePath object, Document document) {
      // the server makes the list of the single address before it looks at either
      boolean single =
          field.startsWith("spec.clusterIPs")
              && document.find(object.then("spec", "clusterIPs")).isEmpty();
      if (single) {
        return object.then("spec", "clusterIP");
      }
      NodePath path = object;
      for (Matcher step = STEP.matcher(field); step.find(); ) {
        if (step.group(1) == null) {
          String key = step.group(2);
          path = path.key(key.substring(0, 1).toLowerCase(Locale.ROOT) + key.substring(1));
        } else if (step.group(1).matches("\\d+")) {
          path = path.item(Integer.parseInt(step.group(1)));
        } else {
          path = path.key(step.group(1));
        }
      }
      return path;
    }
  }

  boolean isAccepted() {
    return answer.equals("accepted") || answer.equals("warned");
  }

  boolean isRefused() {
    return answer.equals("rejected") || answer.equals("strict");
  }

  boolean isOfPolicy() {
    return kind.equals("NetworkPolicy");
  }

  boolean isOfService() {
    return kind.equals("Service");
  }

  boolean isOfPodPortsOrDns() {
    return kind.equals("Pod")
        && causes.stream().anyMatch(cause -> cause.field.matches(".*(\\.port|dns).*"));
  }

  /**
   * Reads verdicts, one JSON object a line.
   *
   * @param files the folder that their files are relative to
   */
  static List<ServerVerdict> read(Path jsonLines, Path files) throws IOException {
    YamlReader reader = new YamlReader(Limits.DEFAULT);
    List<ServerVerdict> verdicts = new ArrayList<>();
    for (String line : Files.readAllLines(jsonLines)) {
      Loaded loaded = reader.read(new Source("verdict", line));
      verdicts.add(read((Mapping) loaded.documents().get(0).root(), files));
    }
    return verdicts;
  }

  private static ServerVerdict read(Mapping row, Path files) {
    String answer = row.string("class").orElseThrow();
    List<Cause> causes = new ArrayList<>();
    Mapping semantic = row.get("semantic").flatMap(Node::asMapping).orElseThrow();
    for (Node item : semantic.get("causes").map(Node::asItems).orElse(List.of())) {
      Mapping cause = item.asMapping().orElseThrow();
      causes.add(
          new Cause(
              cause.string("reason").orElse("").replace("FieldValue", ""),
              cause.string("field").orElse("")));
    }
    if (causes.isEmpty()) {
      boolean undecodable = answer.equals("rejected");
      causes.add(new Cause(undecodable ? "undecodable" : "unknown or duplicate field", ""));
    }
    return new ServerVerdict(
        files.resolve(row.string("file").orElseThrow()),
        number(row, "doc"),
        number(row, "item"),
        number(row, "line"),
        row.string("kind").orElse("?"),
        answer,
        causes);
  }

  private static int number(Mapping row, String key) {
    return row.get(key).orElse(null) instanceof Scalar scalar && scalar.value() instanceof Long n
        ? n.intValue()
        : -1;
  }

  /** The name under which the object is linted: every one is a world of its own. */
  String name() {
    return file + "#" + document + (item < 0 ? "" : "." + item);
  }

  /** The objects as documents of their own, with the problems that stand in them. */
  static Loaded load(List<ServerVerdict> verdicts) throws IOException {
    YamlReader reader = new YamlReader(Limits.DEFAULT);
    Map<Path, Loaded> files = new HashMap<>();
    List<Document> documents = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (ServerVerdict verdict : verdicts) {
      Loaded file = files.get(verdict.file);
      if (file == null) {
        file = reader.read(new Source("file", Files.readString(verdict.file)));
        files.put(verdict.file, file);
      }
      verdict.take(file, documents, problems);
    }
    return new Loaded(documents, problems, files.size());
  }

  private void take(Loaded file, List<Document> documents, List<Problem> problems) {
    Optional<Document> whole =
        file.documents().stream().filter(found -> found.index() == document).findFirst();
    if (whole.isPresent()) {
      Node root = whole.get().root();
      Node object = item < 0 ? root : only(item, (Mapping) root);
      Span span = item < 0 ? root.span() : ((Mapping) object).get("items").orElseThrow().span();
      Source source = new Source(name(), name(), whole.get().source().text());
      documents.add(new Document(source, document, object));
      for (Problem problem : file.problems()) {
        if (span.covers(problem.span().line())) {
          problems.add(new Problem(problem.kind(), source, problem.span(), problem.message()));
        }
      }
    } else {
      // it could not be read: what the reader says of the file is all there is
      for (Problem problem : file.problems()) {
        Source source = new Source(name(), name(), problem.source().text());
        problems.add(new Problem(problem.kind(), source, problem.span(), problem.message()));
      }
    }
  }

  /** A list with just one of its items, for items may leave to the list what they are. */
  private static Mapping only(int item, Mapping list) {
    List<Entry> entries = new ArrayList<>();
    for (Entry entry : list.entries()) {
      if (entry.key().equals("items")) {
        Node one = entry.value().asItems().get(item);
        entries.add(new Entry("items", entry.keySpan(), new Sequence(List.of(one), one.span())));
      } else {
        entries.add(entry);
      }
    }
    return new Mapping(entries, list.span());
  }
}
