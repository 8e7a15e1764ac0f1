package io.github.kubeproof.cli;

import io.github.kubeproof.cli.Console.Colours;
import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.proof.Natives;
import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TraceLevel;

/** The command line: finds the command that is meant, and turns what goes wrong into exit codes. */
@Command(
    name = "kubeproof",
    customSynopsis = "kubeproof [COMMAND] [FLAG]... [ARGUMENT]...",
    description = "Lints the network side of Kubernetes manifests, and proves what it says.",
    subcommands = {
      LintCommand.class,
      FixCommand.class,
      ReachCommand.class,
      WhyCommand.class,
      EvalCommand.class,
      DiffCommand.class,
      ProveCommand.class,
      ConfigCommand.class,
      InitCommand.class,
      RulesCommand.class,
      ExplainCommand.class,
      VersionCommand.class
    },
    footer = {
      "",
      "Without a command, lint is meant: 'kubeproof deploy/' lints that folder.",
      "'kubeproof COMMAND --help' tells more about a command."
    })
final class Kubeproof {

  // the model of one command takes picocli 20 ms and more, so only the one that runs is built
  private static final Map<String, Supplier<Job>> COMMANDS =
      new TreeMap<>(
          Map.ofEntries(
              entry("lint", LintCommand::new),
              entry("fix", FixCommand::new),
              entry("reach", ReachCommand::new),
              entry("why", WhyCommand::new),
              entry("eval", EvalCommand::new),
              entry("diff", DiffCommand::new),
              entry("prove", ProveCommand::new),
              entry("config", ConfigCommand::new),
              entry("init", InitCommand::new),
              entry("rules", RulesCommand::new),
              entry("explain", ExplainCommand::new),
              entry("version", VersionCommand::new)));

  // the solver takes as long to load as everything before the first question to it
  private static final Set<String> SOLVING = Set.of("lint", "reach", "why", "diff", "prove");

  private static final Set<String> GENERAL = Set.of("-h", "--help", "-V", "--version");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  private Kubeproof() {}

  private static Map.Entry<String, Supplier<Job>> entry(String name, Supplier<Job> command) {
    return Map.entry(name, command);
  }

  /** Does what the arguments say, and answers with the exit code. */
  static int run(Console console, String... args) {
    try {
      List<String> words = withCommand(args);
      Supplier<Job> command = COMMANDS.get(words.get(0));
      if (command == null) {
        return general(words, console);
      }
      if (SOLVING.contains(words.get(0))) {
        Natives.prefetch();
      }
      Job job = command.get();
      CommandLine line = commandLine(job, console);
      line.parseArgs(words.subList(1, words.size()).toArray(String[]::new));
      return job.help ? showHelp(line, console) : job.run(console);
    } catch (ParameterException e) {
      console.say(Usage.message(e, args, console.environment()));
      return Exit.USAGE;
    } catch (UserError e) {
      console.say(String.valueOf(e.getMessage()));
      return Exit.USAGE;
    }
  }

  private static int general(List<String> words, Console console) {
    Kubeproof kubeproof = new Kubeproof();
    CommandLine line = commandLine(kubeproof, console);
    line.parseArgs(words.toArray(String[]::new));
    if (!kubeproof.help && kubeproof.version) {
      console.print("kubeproof " + Build.read().version() + "\n");
      return Exit.CLEAN;
    }
    return showHelp(line, console);
  }

  private static int showHelp(CommandLine line, Console console) {
    boolean colours = console.colours(Colours.AUTO);
    console.print(line.getUsageMessage(colours ? Ansi.ON : Ansi.OFF));
    return Exit.CLEAN;
  }

  private static CommandLine commandLine(Object command, Console console) {
    CommandLine line = new CommandLine(command);
    line.registerConverter(PortRange.class, PortRange::of);
    // the last one wins, so that a script can add to what it was given
    line.setOverwrittenOptionsAllowed(true);
    CommandLine.tracer().setLevel(TraceLevel.OFF);
    // arguments mean what they say: no @files, no ${variables}
    line.setExpandAtFiles(false);
    line.setInterpolateVariables(false);
    line.setDefaultValueProvider(new Environment(console.environment()));
    return line;
  }

  /** What is meant by a command line that does not start with a command. */
  private static List<String> withCommand(String[] args) {
    List<String> words = new ArrayList<>(Arrays.asList(args));
    String first = words.isEmpty() ? "" : words.get(0);
    if (first.equals("help")) {
      words.remove(0);
      words.add("--help");
      return words;
    }
    if (COMMANDS.containsKey(first) || GENERAL.contains(first)) {
      return words;
    }
    for (String word : words) {
      if (COMMANDS.containsKey(word) && !Files.exists(Path.of(word))) {
        throw new UserError("the command comes first: kubeproof " + word);
      }
    }
    if (first.matches("[a-z]+") && !Files.exists(Path.of(first))) {
      throw new UserError(
          "no such file or command: " + first + Spelling.hint(first, COMMANDS.keySet()));
    }
    words.add(0, "lint");
    return words;
  }
}
