package io.github.kubeproof.core.render;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program of this machine.
 *
 * <p>What it works on may have been written by anybody. So it runs without a shell, with nothing to
 * read, with a home of its own that is empty, without any variable of ours but the PATH, and with
 * every way into the network led astray; for a limited time, and with limits on what it prints and,
 * where the machine has {@code prlimit}, on its memory.
 *
 * @param words how the program is called and its first arguments, as the user would type them
 */
record Tool(Path program, List<String> words, String path) {

  /** What a program printed, or why there is nothing. */
  record Output(String text, String failure) {
    boolean isFailure() {
      return !failure.isEmpty();
    }
  }

  private static final int MOST_ERRORS = 16 << 10;

  // of addresses, of which a program in Go takes some GiB to begin with
  private static final String MEMORY = "--as=" + (4L << 30);

  private static final boolean WINDOWS =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

  // The programs are written in Go and end soon: to collect garbage costs a quarter of their time.
  private static final Map<String, String> GO = Map.of("GOGC", "off", "GOMEMLIMIT", "1GiB");

  // port 9 discards; nothing answers there
  private static final String NOWHERE = "http://127.0.0.1:9";

  /** The line that kubectl logs when it fails. */
  private static final Pattern LOGGED = Pattern.compile(".*\"command failed\" err=\"(.*)\"");

  Tool {
    words = List.copyOf(words);
  }

  /**
   * The first program of a name.
   *
   * @param path folders; those that are not absolute do not count, as the input may lie there
   */
  static Optional<Tool> find(String path, String... words) {
    String file = WINDOWS ? words[0] + ".exe" : words[0];
    return Stream.of(path.split(Pattern.quote(File.pathSeparator), -1))
        .flatMap(folder -> program(folder, file).stream())
        .findFirst()
        .map(program -> new Tool(program, List.of(words), path));
  }

  private static Optional<Path> program(String folder, String file) {
    try {
      return Optional.of(Path.of(folder).resolve(file))
          .filter(program -> program.isAbsolute() && Files.isExecutable(program))
          .filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty(); // no folder is called so
    }
  }

  /** How a user calls it: {@code kubectl kustomize}. */
  @Override
  public String toString() {
    return String.join(" ", words);
  }

  /**
   * Runs it.
   *
   * @param home an empty folder; whatever it writes there is the caller's to remove
   * @param most how many bytes it may print
   */
  Output run(List<String> arguments, Path home, Duration limit, int most) {
    List<String> command = new ArrayList<>();
    find(path, "prlimit")
        .ifPresent(limiter -> command.addAll(List.of(limiter.program.toString(), MEMORY)));
    command.add(program.toString());
    command.addAll(words.subList(1, words.size()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    environment(builder.environment(), home);
    Process process;
    try {
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      return new Output("", this + " cannot be started: " + e.getMessage());
    }
    long end = System.nanoTime() + limit.toNanos();
    CompletableFuture<byte[]> printed = reading(process, process.getInputStream(), most + 1);
    CompletableFuture<byte[]> complaints = reading(process, process.getErrorStream(), MOST_ERRORS);
    try {
      byte[] text = printed.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (text.length > most) {
        return new Output("", this + " prints more than " + (most >> 20) + " MiB");
      }
      byte[] errors = complaints.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      int code = process.exitValue();
      return code == 0
          ? new Output(new String(text, StandardCharsets.UTF_8), "")
          : new Output("", this + " says: " + complaint(errors, code));
    } catch (TimeoutException e) {
      return new Output("", this + " was stopped after " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      return new Output("", "what " + this + " prints cannot be read: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while rendering", e);
    } finally {
      kill(process);
    }
  }

  private void environment(Map<String, String> environment, Path home) {
    String root = environment.getOrDefault("SystemRoot", "");
    environment.clear();
    if (!root.isEmpty()) {
      environment.put("SystemRoot", root); // no program of Windows starts without it
    }
    environment.put("PATH", path);
    environment.put("LANG", "C.UTF-8");
    environment.putAll(GO);
    for (String folder :
        List.of(
            "HOME",
            "USERPROFILE",
            "TMPDIR",
            "TMP",
            "TEMP",
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "HELM_CACHE_HOME",
            "HELM_CONFIG_HOME",
            "HELM_DATA_HOME")) {
      environment.put(folder, home.toString());
    }
    environment.put("HELM_PLUGINS", home.resolve("plugins").toString());
    environment.put("KUBECONFIG", home.resolve("no-cluster").toString());
    for (String proxy : List.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")) {
      environment.put(proxy, NOWHERE);
      environment.put(proxy.toLowerCase(Locale.ROOT), NOWHERE);
    }
    environment.put("GIT_ALLOW_PROTOCOL", "none");
    environment.put("GIT_TERMINAL_PROMPT", "0");
  }

  /** Reads to the end, and stops the program when there is more than wanted of its output. */
  private static CompletableFuture<byte[]> reading(Process process, InputStream in, int most) {
    CompletableFuture<byte[]> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try (in) {
                byte[] bytes = in.readNBytes(most);
                if (in == process.getInputStream() && bytes.length == most) {
                  kill(process);
                } else {
                  in.transferTo(OutputStream.nullOutputStream());
                }
                result.complete(bytes);
              } catch (IOException e) {
                result.completeExceptionally(e);
              }
            },
            "renderer");
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** What a program has to say about its failure, in one line. */
  private static String complaint(byte[] errors, int code) {
    String text = new String(errors, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      return "nothing, and ends with code " + code;
    }
    Matcher logged = LOGGED.matcher(text);
    if (logged.matches()) {
      text = logged.group(1).replace("\\\"", "\"").replace("\\n", " ");
    }
    int trace = text.indexOf("\ngoroutine ");
    text = trace < 0 ? text : text.substring(0, trace);
    text = text.replaceFirst("^(?:[Ee]rror: )+", "").replaceAll("\\s+", " ");
    return text;
  }
}
