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
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a real API server said of one object.
 *
 * @param file where the object stands, in which document of the file, and in which item of a list
 *     (-1 for none)
 * @param line of its first key
 * @param answer {@code accepted}, {@code warned}, {@code strict}, {@code rejected}, {@code create}
 *     (refused where it was really created, not in the dry run) ...
 * @param causes why it is refused; one without a field where it cannot even be decoded
 * @param warnings what the server says of an object that it takes
 */
record ServerVerdict(
    Path file,
    int document,
    int item,
    int line,
    String apiVersion,
    String kind,
    String answer,
    List<Cause> causes,
    List<Cause> warnings) {

  private static final Pattern POD_NETWORK =
      Pattern.compile(
          "\\.(ports|port|dnsConfig|dnsPolicy|hostAliases|hostname|hostnameOverride|subdomain"
              + "|setHostnameAsFQDN)\\b");

  /**
   * A complaint of the server about a field.
   *
   * @param field as the server writes it; empty where it names none
   */
  record Cause(String reason, String field) {

    static final String UNDECODABLE = "undecodable";

    private static final Pattern ANNOTATION = Pattern.compile("^annotation \"?([^\" ]+)\"? is ");
    private static final Pattern FIELD = Pattern.compile("^([^: ]+)(: .*| is ignored .*)");

    /** What the server writes for the object as a whole. */
    private static final String OBJECT = "<nil>";

    private static final Pattern KEY = Pattern.compile("\\[([^\\]\\d][^\\]]*)]");
    private static final Pattern UNKNOWN = Pattern.compile("unknown field \"([^\"]*)\"");
    private static final Pattern STRUCT = Pattern.compile("Go struct field \\w+\\.(\\S+) of type");

    /** What a message says that comes without causes, from a server that could not decode. */
    static List<Cause> of(String message, boolean strict) {
      List<Cause> causes = new ArrayList<>();
      for (Matcher unknown = UNKNOWN.matcher(message); unknown.find(); ) {
        causes.add(new Cause("unknown field", unknown.group(1)));
      }
      for (Matcher struct = STRUCT.matcher(message); struct.find(); ) {
        causes.add(new Cause(UNDECODABLE, struct.group(1)));
      }
      if (causes.isEmpty()) {
        causes.add(new Cause(strict ? "duplicate key" : UNDECODABLE, ""));
      }
      return causes;
    }

    /** What a warning is about: a field, an annotation, or else the version of the object. */
    static Cause ofWarning(String text) {
      Matcher annotation = ANNOTATION.matcher(text);
      if (annotation.find()) {
        return new Cause(text, "metadata.annotations." + annotation.group(1));
      }
      Matcher field = FIELD.matcher(text);
      return new Cause(text, field.matches() ? field.group(1) : "apiVersion");
    }

    /**
     * Whether a path is that of the field, or of something in it.
     *
     * @param exists whether the object has something under a path
     */
    boolean covers(NodePath path, Predicate<NodePath> exists) {
      String refused = field;
      NodePath list = NodePath.ROOT.then("spec", "clusterIPs");
      if (refused.startsWith("spec.clusterIPs") && !exists.test(list)) {
        // the server makes the list of the single address before it looks at either
        refused = "spec.clusterIP";
      }
      String ours = written(path.toString());
      if (reason.equals(UNDECODABLE) || refused.equals("metadata.ownerReferences.uid")) {
        // Go names the types that it embeds, but no items
        refused = refused.replaceAll("\\b[A-Z]\\w*\\.", "");
        ours = ours.replaceAll("\\[\\d+]", "");
      }
      if (refused.startsWith("annotations.")) {
        refused = "metadata." + refused;
      }
      if (refused.equals("spec.addressType")) {
        refused = "addressType"; // an EndpointSlice has no spec
      }
      // some fields are given the capital letter that they have in Go
      String wanted = written(refused).replace("spec.Load", "spec.load");
      return wanted.equals(OBJECT)
          || ours.equals(wanted)
          || ours.startsWith(wanted + ".")
          || ours.startsWith(wanted + "[");
    }

    /** Keys in brackets as behind dots: the server writes them in both ways. */
    private static String written(String path) {
      return KEY.matcher(path).replaceAll(".$1");
    }
  }

  boolean isAccepted() {
    return answer.equals("accepted") || answer.equals("warned");
  }

  boolean isRefused() {
    return List.of("rejected", "strict", "create").contains(answer);
  }

  /** Whether the server does not know the version that the object is written in. */
  boolean isGone() {
    return answer.equals("gone");
  }

  boolean isOf(String... kinds) {
    return List.of(kinds).contains(kind);
  }

  boolean isOfGroup(String group) {
    return apiVersion.startsWith(group + "/");
  }

  /** Whether all that is refused of it are ports, names or DNS of pods. */
  boolean isOfPodPortsOrDns() {
    return isOf(
            "Pod",
            "Deployment",
            "ReplicaSet",
            "StatefulSet",
            "DaemonSet",
            "Job",
            "CronJob",
            "ReplicationController")
        && causes.stream().allMatch(cause -> POD_NETWORK.matcher(cause.field).find());
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
    Mapping semantic =
        row.get(answer.equals("create") ? "create" : "semantic")
            .flatMap(Node::asMapping)
            .orElseThrow();
    for (Node item : semantic.get("causes").map(Node::asItems).orElse(List.of())) {
      Mapping cause = item.asMapping().orElseThrow();
      if (cause.string("message").orElse("").contains("some validation rules were not checked")) {
        continue; // says only that there is another cause
      }
      causes.add(
          new Cause(
              cause.string("reason").orElse("").replace("FieldValue", ""),
              cause.string("field").orElse("")));
    }
    Mapping strict = row.get("strict").flatMap(Node::asMapping).orElseThrow();
    if (causes.isEmpty() && !answer.equals("accepted") && !answer.equals("warned")) {
      causes.addAll(Cause.of(strict.string("message").orElse(""), answer.equals("strict")));
    }
    return new ServerVerdict(
        files.resolve(row.string("file").orElseThrow()),
        number(row, "doc"),
        number(row, "item"),
        number(row, "line"),
        row.string("apiVersion").orElse("?"),
        row.string("kind").orElse("?"),
        answer,
        causes,
        strict.get("warnings").map(Node::asItems).orElse(List.of()).stream()
            .flatMap(warning -> warning.asString().stream())
            .map(Cause::ofWarning)
            .toList());
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
