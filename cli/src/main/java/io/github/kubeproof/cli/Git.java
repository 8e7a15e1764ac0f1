package io.github.kubeproof.cli;

import io.github.kubeproof.core.source.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The git of this machine, in the current folder. It is started without a shell, asks nobody for
 * anything, and has a limited time.
 */
record Git(Map<String, String> environment) {

  private static final int SECONDS = 60;

  /** The one line that a command answers with. */
  String line(List<String> command, String about) {
    return new String(run(command, "", about), StandardCharsets.UTF_8).strip();
  }

  /**
   * What a command writes.
   *
   * @param input what it reads
   * @param about what the user asked for, for messages
   * @throws UserError when it fails, with the reason that git gives
   */
  byte[] run(List<String> command, String input, String about) {
    List<String> words = new ArrayList<>(List.of("git", "--no-pager"));
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("GIT_TERMINAL_PROMPT", "0");
    builder.environment().put("GIT_NO_LAZY_FETCH", "1");
    builder.environment().put("LC_ALL", "C");
    Process git;
    try {
      git = builder.start();
    } catch (IOException e) {
      throw new UserError("no such file or folder, and git cannot be started: " + about);
    }
    try {
      // each stream on a thread of its own, so that none waits for another
      CompletableFuture<Void> fed =
          CompletableFuture.runAsync(() -> write(input, git.getOutputStream()));
      CompletableFuture<byte[]> complaint =
          CompletableFuture.supplyAsync(() -> read(git.getErrorStream()));
      CompletableFuture<byte[]> answer =
          CompletableFuture.supplyAsync(() -> read(git.getInputStream()));
      byte[] bytes = answer.get(SECONDS, TimeUnit.SECONDS);
      String reason = new String(complaint.get(SECONDS, TimeUnit.SECONDS), StandardCharsets.UTF_8);
      fed.get(SECONDS, TimeUnit.SECONDS);
      if (!git.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new TimeoutException();
      }
      if (git.exitValue() != 0) {
        throw new UserError(
            "no such file or folder, nor one of a git revision: " + about + reason(reason));
      }
      return bytes;
    } catch (TimeoutException e) {
      throw new UserError("git took longer than " + SECONDS + " seconds: " + about);
    } catch (ExecutionException e) {
      throw new UserError("git cannot be spoken to: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while git runs", e);
    } finally {
      git.destroyForcibly();
    }
  }

  private static String reason(String complaint) {
    String first = complaint.strip().lines().findFirst().orElse("");
    return first.isEmpty() ? "" : " (git: " + first.replaceFirst("^fatal: ", "") + ")";
  }

  private static byte[] read(InputStream in) {
    try {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(String input, OutputStream out) {
    try (out) {
      out.write(input.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // git that has failed reads no more; its exit code tells
      if (!input.isEmpty()) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
