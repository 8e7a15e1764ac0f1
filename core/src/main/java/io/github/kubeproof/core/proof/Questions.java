package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.source.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the questions that the solver is asked are written, each with its answer, so that another
 * solver can confirm it.
 *
 * <p>Each is one file in SMT-LIB 2.6, named for what is in it: so the names are the same on every
 * run and with any number of threads, and what is asked twice is one file. Mutable: it counts, for
 * several threads.
 *
 * @see "The SMT-LIB Standard, version 2.6, section 3.9"
 */
public final class Questions {

  /** They are written nowhere. */
  public static final Questions UNWRITTEN = new Questions(null);

  private final @Nullable Path folder;
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  private Questions(@Nullable Path folder) {
    this.folder = folder;
  }

  /**
   * Files in a folder, which is made where there is none.
   *
   * @throws UserError when something else is in it, or it cannot be made
   */
  public static Questions in(Path folder) {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new UserError(
              "there is something in " + folder + " already, where only questions should be");
        }
      }
    } catch (IOException e) {
      throw new UserError("cannot write to the folder " + folder + ": " + e);
    }
    return new Questions(folder);
  }

  boolean areWritten() {
    return folder != null;
  }

  /** How many were written. */
  public int count() {
    return names.size();
  }

  /**
   * @param answer {@code sat}, {@code unsat} or {@code unknown}
   * @param script a whole script, with the answer in it
   */
  void write(String answer, String script) {
    String name = hash(script) + "." + answer + ".smt2";
    if (folder == null || !names.add(name)) {
      return;
    }
    try {
      Files.writeString(folder.resolve(name), script, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new UserError("something else writes to " + folder + ", too: " + name);
    } catch (IOException e) {
      throw new UserError("cannot write to the folder " + folder + ": " + e);
    }
  }

  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
