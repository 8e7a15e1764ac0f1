package io.github.kubeproof.core.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** A folder of manifests, and what it is rendered to. */
final class Repository {

  private final Path folder;

  Repository(Path folder) {
    this.folder = folder;
  }

  /** Files come as they are named: {@code write("base/app.yaml", "kind: ...")}. */
  void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** A program that stands in for a real one where that cannot be made to do what is tested. */
  String program(String name, String script) throws IOException {
    Path file = folder.resolve("bin").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file.getParent() + ":/usr/bin:/bin";
  }

  Loaded rendered(String path) {
    return rendered(path, Duration.ofSeconds(60), Inputs.DEFAULT, "");
  }

  Loaded rendered(String path, Duration limit, Inputs inputs, String argument) {
    List<String> arguments = List.of(folder.resolve(argument).toString());
    Loaded loaded = inputs.load(arguments, InputStream.nullInputStream());
    return new Renderer(Renderer.When.AUTO, path, limit).render(loaded, inputs);
  }

  /** The rendered document of a kind and name. */
  static Document rendered(Loaded loaded, String kind, String name) {
    List<Document> found =
        loaded.documents().stream()
            .filter(document -> document.renderedBy().isPresent())
            .filter(document -> text(document, "kind").equals(kind))
            .filter(document -> text(document, "metadata", "name").startsWith(name))
            .toList();
    assertThat(found).as(kind + " " + name).hasSize(1);
    return found.get(0);
  }

  /** The text of a scalar; empty where there is none. */
  static String text(Document document, Object... steps) {
    return document
        .find(NodePath.ROOT.then(steps))
        .map(node -> node instanceof Node.Scalar scalar ? scalar.text() : "")
        .orElse("");
  }

  /** Where a field stands: {@code base/app.yaml:3:5}. */
  String at(Document document, Object... steps) {
    return shown(document.at(NodePath.ROOT.then(steps)).toString());
  }

  /** What was not rendered, with its place and the reason. */
  List<String> unrendered(Loaded loaded) {
    return loaded.problems().stream()
        .filter(problem -> problem.kind() == Problem.Kind.UNRENDERED)
        .map(
            problem ->
                problem.source().name() + ":" + problem.span().line() + ": " + problem.message())
        .map(this::shown)
        .toList();
  }

  private String shown(String text) {
    return text.replace(folder + "/", "");
  }
}
