package io.github.kubeproof.core.manifest;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a real API server said about the documents of {@code ../shared}. */
final class Oracle {

  static final Path SHARED = Path.of(System.getProperty("user.dir"), "../../shared").normalize();

  private Oracle() {}

  /** One document and the server's answer. */
  record Answer(JsonObject json, Path file) {
    String text(String field) {
      JsonElement value = json.get(field);
      return value == null || value.isJsonNull() ? "" : value.getAsString();
    }

    int document() {
      return json.get("doc").getAsInt();
    }

    /** The number of the item in a list; -1 for a document that is no list. */
    int item() {
      return json.has("item") && !json.get("item").isJsonNull() ? json.get("item").getAsInt() : -1;
    }

    /** The message of a refusal in one piece, as decoding errors are. */
    Optional<String> refusal() {
      JsonElement message = json.getAsJsonObject("strict").get("message");
      return Optional.ofNullable(message).map(JsonElement::getAsString);
    }

    /** The fields that were refused for one reason, whatever else was wrong with the document. */
    List<String> fieldsOf(String reason) {
      List<String> fields = new ArrayList<>();
      JsonElement causes = json.getAsJsonObject("semantic").get("causes");
      if (causes != null) {
        for (JsonElement cause : causes.getAsJsonArray()) {
          JsonElement its = cause.getAsJsonObject().get("reason");
          if (its != null && its.getAsString().equals(reason)) {
            fields.add(cause.getAsJsonObject().get("field").getAsString());
          }
        }
      }
      return fields;
    }

    boolean isAccepted() {
      return List.of("accepted", "warned").contains(text("class"));
    }
  }

  /** The answers of {@code verdicts.jsonl}, or of {@code corpus.jsonl}. */
  static List<Answer> answers(String name) {
    Path folder = SHARED.resolve("oracle/apiserver");
    Path base = name.startsWith("corpus") ? SHARED : folder;
    Gson gson = new Gson();
    try {
      return Files.readAllLines(folder.resolve(name)).stream()
          .map(line -> gson.fromJson(line, JsonObject.class))
          .map(json -> new Answer(json, base.resolve(json.get("file").getAsString())))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
