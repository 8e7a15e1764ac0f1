package io.github.kubeproof.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/**
 * Runs the steps of {@code github-action/action.yml} as a runner does: inputs and outputs of steps
 * are put into their variables, each script runs in bash, files tell outputs and the summary.
 */
final class Action {

  /**
   * What came of a run.
   *
   * @param log what all steps wrote, to both streams
   * @param code the exit code of the step that failed, or 0
   */
  record Outcome(String log, int code, Map<String, String> outputs, String summary) {}

  static final Path FOLDER =
      Path.of(System.getProperty("user.dir")).resolveSibling("github-action");

  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{ *([a-z0-9_.-]+) *\\}\\}");
  private static final Pattern OUTPUT =
      Pattern.compile(
          "(?:([^=<\\n]+)=([^\\n]*)|([^=<\\n]+)<<([^\\n]+)\\n(.*?)\\n\\4)\\n", Pattern.DOTALL);

  private final Map<String, String> values = new LinkedHashMap<>();
  private final Path workspace;
  private final Path temporary;
  private final Shell shell;

  /**
   * With the default of every input.
   *
   * @param folder holds the checkout, in {@code workspace}, and what the runner itself needs
   */
  Action(Path folder) throws IOException {
    workspace = Files.createDirectories(folder.resolve("workspace"));
    temporary = Files.createDirectories(folder.resolve("temp"));
    shell =
        new Shell(workspace)
            .with("GITHUB_ACTION_PATH", FOLDER.toString())
            .with("GITHUB_SERVER_URL", folder.toUri().toString().replaceAll("/$", ""))
            .with("RUNNER_TEMP", temporary.toString())
            .with("RUNNER_OS", "Linux")
            .with("RUNNER_ARCH", "X64");
    values.put("github.action_repository", "owner/action");
    map(definition(), "inputs")
        .forEach(
            (name, input) -> values.put("inputs." + name, (String) asMap(input).get("default")));
  }

  /** What {@code action.yml} says. */
  static Map<String, Object> definition() throws IOException {
    return new Yaml().load(Files.readString(FOLDER.resolve("action.yml")));
  }

  Action input(String name, String value) {
    if (values.replace("inputs." + name, value) == null) {
      throw new IllegalArgumentException("no such input: " + name);
    }
    return this;
  }

  Path workspace() {
    return workspace;
  }

  Outcome run() throws IOException, InterruptedException {
    StringBuilder log = new StringBuilder();
    Path summary = Files.writeString(temporary.resolve("summary"), "");
    int code = 0;
    for (Object element : (List<?>) map(definition(), "runs").get("steps")) {
      Map<String, Object> step = asMap(element);
      Path output = Files.writeString(temporary.resolve("output"), "");
      shell.with("GITHUB_OUTPUT", output.toString());
      shell.with("GITHUB_STEP_SUMMARY", summary.toString());
      map(step, "env").forEach((name, value) -> shell.with(name, evaluate((String) value)));
      Path script = Files.writeString(temporary.resolve("script"), (String) step.get("run"));
      Run run = shell.run("bash", "--noprofile", "--norc", "-eo", "pipefail", script.toString());
      log.append(run.out()).append(run.err());
      readOutputs(step, output);
      code = run.code();
      if (code != 0) {
        break;
      }
    }
    Map<String, String> outputs = new LinkedHashMap<>();
    map(definition(), "outputs")
        .forEach((name, value) -> outputs.put(name, evaluate((String) asMap(value).get("value"))));
    return new Outcome(log.toString(), code, outputs, Files.readString(summary));
  }

  private void readOutputs(Map<String, Object> step, Path file) throws IOException {
    Matcher matcher = OUTPUT.matcher(Files.readString(file));
    while (matcher.find()) {
      boolean plain = matcher.group(1) != null;
      values.put(
          "steps." + step.get("id") + ".outputs." + matcher.group(plain ? 1 : 3),
          matcher.group(plain ? 2 : 5));
    }
  }

  private String evaluate(String text) {
    return EXPRESSION
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), "")));
  }

  private static Map<String, Object> map(Map<String, Object> parent, String key) {
    return asMap(parent.getOrDefault(key, Map.of()));
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> asMap(Object value) {
    return (Map<String, Object>) value;
  }
}
