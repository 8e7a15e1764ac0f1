package io.github.kubeproof.cli;

import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.source.UserError;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command that asks the solver is told about it. Mutable, because picocli sets it. */
final class QuestionFlag {

  @Option(
      names = "--dump-smt",
      paramLabel = "DIR",
      description = {
        "Write each question that the solver is asked, with its answer, to a file of its own in",
        "this folder, as SMT-LIB 2: so another solver can confirm it. It must be new or empty."
      })
  private @Nullable String folder;

  /**
   * Where the questions go; what is wrong with it is said before any work is done.
   *
   * @throws UserError when the folder is no place for them
   */
  Questions questions() {
    if (folder == null) {
      return Questions.UNWRITTEN;
    }
    try {
      return Questions.in(Path.of(folder));
    } catch (InvalidPathException e) {
      throw new UserError("--dump-smt: no folder: " + folder);
    }
  }

  /** Says how many there were, unless the user wants it quiet. */
  void tell(Questions questions, boolean quiet, Console console) {
    if (folder != null && !quiet) {
      console.say(Text.count(questions.count(), "question") + " written to " + folder);
    }
  }
}
