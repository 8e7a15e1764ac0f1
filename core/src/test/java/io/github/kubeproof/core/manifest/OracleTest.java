package io.github.kubeproof.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.manifest.Oracle.Answer;
import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The decoder against what a real API server said about the same documents. */
class OracleTest {

  private static final Pattern UNKNOWN = Pattern.compile("unknown field \"([^\"]+)\"");
  private static final Pattern MISTYPED =
      Pattern.compile("cannot unmarshal .* into Go struct field (\\w+)\\.(\\S+) of type");

  /** A document that the server judged, and what we made of it. */
  private record Judged(
      Answer answer, Resource resource, boolean fragment, List<Problem> problems) {
    @Override
    public String toString() {
      return resource.place() + " " + resource + ": " + problems;
    }
  }

  private static final List<Judged> JUDGED = new ArrayList<>();

  @BeforeAll
  static void readWhatWasJudged() throws IOException {
    assumeTrue(Files.isDirectory(Oracle.SHARED), "no oracle in " + Oracle.SHARED);
    List<Answer> answers = new ArrayList<>(Oracle.answers("verdicts.jsonl"));
    answers.addAll(Oracle.answers("corpus.jsonl"));
    Set<Path> files = new LinkedHashSet<>(answers.stream().map(Answer::file).toList());
    // kustomizations say which of these files are patches
    try (Stream<Path> found = Files.walk(Oracle.SHARED.resolve("corpus"))) {
      found
          .filter(file -> file.getFileName().toString().matches("[Kk]ustomization(\\.ya?ml)?"))
          .filter(Files::isRegularFile)
          .forEach(files::add);
    }
    List<Document> documents = new ArrayList<>();
    for (Path file : files) {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      documents.addAll(Yaml.documents(Oracle.SHARED.relativize(file).toString(), text));
    }
    Manifests manifests = Manifests.read(documents, 2);

    Map<String, Resource> resources = new HashMap<>();
    manifests.resources().forEach(it -> resources.put(key(it), it));
    Map<String, Resource> fragments = new HashMap<>();
    manifests.fragments().forEach(it -> fragments.put(key(it), it));
    Map<String, List<Problem>> problems = new HashMap<>();
    for (Problem problem : manifests.problems()) {
      problems.computeIfAbsent(problem.source().name(), name -> new ArrayList<>()).add(problem);
    }
    for (Answer answer : answers) {
      String file = Oracle.SHARED.relativize(answer.file()).toString();
      String key = file + "#" + answer.document() + "#" + answer.item();
      Resource resource = resources.getOrDefault(key, fragments.get(key));
      // text that is no YAML is none of the decoder's business
      if (resource != null) {
        Span extent = resource.tree().span();
        List<Problem> own =
            problems.getOrDefault(file, List.of()).stream()
                .filter(it -> it.span().compareTo(Span.at(extent.line(), 1)) >= 0)
                .filter(it -> it.span().line() <= extent.endLine())
                .toList();
        JUDGED.add(new Judged(answer, resource, fragments.containsKey(key), own));
      }
    }
  }

  private static String key(Resource resource) {
    Matcher item = Pattern.compile("items\\[(\\d+)]").matcher(resource.place().path().toString());
    int number = item.find() ? Integer.parseInt(item.group(1)) : -1;
    Document document = resource.place().document();
    return document.source().name() + "#" + document.index() + "#" + number;
  }

  @Test
  void nearlyAllJudgedDocumentsAreRead() {
    // the others are in files that are no YAML
    assertThat(JUDGED).hasSizeGreaterThan(9600);
  }

  @Test
  void nothingIsWrongWithWhatTheServerAccepts() {
    List<Judged> accepted = JUDGED.stream().filter(it -> it.answer().isAccepted()).toList();

    assertThat(accepted).hasSizeGreaterThan(8000);
    assertThat(accepted.stream().filter(it -> !it.problems().isEmpty())).isEmpty();
  }

  @Test
  void whatTheServerCannotDecodeIsReportedAtTheFieldThatItNames() {
    List<String> gaps = new ArrayList<>();
    int decoding = 0;
    for (Judged judged : JUDGED) {
      Optional<String> message = decodingError(judged.answer());
      if (message.isEmpty() || judged.fragment()) {
        continue;
      }
      decoding++;
      for (String field : fields(message.get())) {
        if (judged.problems().stream().noneMatch(it -> names(it, field))) {
          gaps.add(field + " in " + judged);
        }
      }
    }
    assertThat(decoding).isGreaterThan(200);
    assertThat(gaps).isEmpty();
  }

  @Test
  void customResourcesOfTheWrongTypeAreReportedAtTheFieldThatTheServerNames() {
    List<String> gaps = new ArrayList<>();
    for (Judged judged : JUDGED) {
      for (String field : judged.answer().fieldsOf("FieldValueTypeInvalid")) {
        // a wrong address is of the "type" ipv4, which is for a rule to say
        if (!field.startsWith("spec.addresses")
            && judged.problems().stream().noneMatch(it -> names(it, field))) {
          gaps.add(field + " in " + judged);
        }
      }
    }
    assertThat(gaps).isEmpty();
  }

  @Test
  void fragmentsAreAlmostNeverCompleteObjects() {
    List<Judged> fragments = JUDGED.stream().filter(Judged::fragment).toList();

    assertThat(fragments).hasSizeGreaterThan(50);
    assertThat(fragments).filteredOn(it -> it.answer().isAccepted()).hasSizeLessThan(5);
  }

  /** What the server could not decode; absent when it could, or when a key was there twice. */
  private static Optional<String> decodingError(Answer answer) {
    return answer
        .refusal()
        .filter(text -> UNKNOWN.matcher(text).find() || MISTYPED.matcher(text).find());
  }

  /** The fields of a message, without item numbers where the server leaves them out. */
  private static List<String> fields(String message) {
    List<String> fields = new ArrayList<>();
    Matcher unknown = UNKNOWN.matcher(message);
    while (unknown.find()) {
      fields.add(unknown.group(1));
    }
    Matcher mistyped = MISTYPED.matcher(message);
    if (mistyped.find()) {
      // Go names the embedded structs on the way, too
      String path =
          mistyped.group(2).replaceAll("\\b(IngressRuleValue|ProbeHandler|VolumeSource)\\.", "");
      fields.add(path);
    }
    return fields;
  }

  private static boolean names(Problem problem, String field) {
    String message = problem.message();
    return message.contains("\"" + field + "\"")
        // "spec.ports[0].port is the string": a path, and for the server perhaps only its start
        || message.replaceAll("\\[\\d+]", "").startsWith(field)
        || message.startsWith(field)
        // a key below a map that should be a list: we speak of the map
        || (problem.kind() == Problem.Kind.WRONG_TYPE
            && field.startsWith(message.substring(0, message.indexOf(" is "))));
  }
}
