package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.config.Configuration;
import io.github.kubeproof.core.config.StartingConfiguration;
import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.UserError;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code kubeproof init}: a configuration to begin with. */
@Command(
    name = "init",
    customSynopsis = "kubeproof init [FOLDER]",
    description = {
      "Write a .kubeproof.yaml to begin with, from what the manifests of a folder show.",
      "A file that is there already is left alone."
    })
final class InitCommand extends Job {

  @Parameters(
      paramLabel = "FOLDER",
      arity = "0..1",
      description = "Where to write it; the current folder unless said otherwise.")
  private String folder = ".";

  @Override
  int run(Console console) {
    Inventory input =
        Inventory.of(Inputs.DEFAULT.load(List.of(folder), console.in()), Settings.DEFAULT, 1);
    Path file = Path.of(folder).resolve(Configuration.FILE).normalize();
    if (!Files.isDirectory(Path.of(folder))) {
      throw new UserError("not a folder: " + folder);
    }
    try {
      Files.writeString(file, StartingConfiguration.text(input), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new UserError(file + " is there already, and is left alone");
    } catch (IOException e) {
      throw new UserError("cannot write " + file + ": " + e.getMessage());
    }
    console.say("wrote " + file + ", from " + Text.count(input.resources(), "object"));
    return Exit.CLEAN;
  }
}
