package io.github.kubeproof.cli;

import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.source.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One clear line about a command line that cannot be understood. */
final class Usage {

  private Usage() {}

  static String message(ParameterException e, String[] args, Map<String, String> environment) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unknown(unmatched.getUnmatched().get(0), command);
    }
    if (e instanceof MissingParameterException missing) {
      return missing(missing.getMissing(), command);
    }
    ArgSpec argument = e.getArgSpec();
    if (argument == null) {
      return String.valueOf(e.getMessage());
    }
    String name = nameAsGiven(argument, args, environment);
    if (e.getCause() instanceof UserError error) {
      return name + ": " + error.getMessage();
    }
    return "invalid value for " + name + value(e, name, environment) + wanted(e, argument);
  }

  private static String unknown(String word, CommandSpec command) {
    if (!word.startsWith("-") || word.equals("-")) {
      return "unexpected argument of " + command.name() + ": " + word;
    }
    int equals = word.indexOf('=');
    String flag = equals < 0 ? word : word.substring(0, equals);
    List<String> known = new ArrayList<>();
    command.options().forEach(option -> known.addAll(List.of(option.names())));
    return "unknown flag: " + flag + Spelling.hint(flag, known);
  }

  private static String missing(List<ArgSpec> missing, CommandSpec command) {
    ArgSpec first = missing.get(0);
    return first instanceof OptionSpec option
        ? option.longestName() + " needs a value: " + option.paramLabel()
        : command.name()
            + " needs "
            + first.paramLabel()
            + "; see kubeproof help "
            + command.name();
  }

  /** The flag, or the variable of the environment that stood in for it. */
  private static String nameAsGiven(
      ArgSpec argument, String[] args, Map<String, String> environment) {
    if (!(argument instanceof OptionSpec option)) {
      return argument.paramLabel();
    }
    boolean given =
        Stream.of(args)
            .anyMatch(arg -> Stream.of(option.names()).anyMatch(name -> arg.startsWith(name)));
    Optional<String> variable = new Environment(environment).variable(option);
    return given ? option.longestName() : variable.orElse(option.longestName());
  }

  private static String value(ParameterException e, String name, Map<String, String> environment) {
    String value = e.getValue() != null ? e.getValue() : environment.get(name);
    return value == null ? "" : ": " + value;
  }

  private static String wanted(ParameterException e, ArgSpec argument) {
    if (argument.type() == Integer.class) {
      return "; give a whole number";
    }
    if (argument.type() == boolean.class || argument.type() == Boolean.class) {
      return "; give true or false";
    }
    if (argument.completionCandidates() == null) {
      return "";
    }
    List<String> words = new ArrayList<>();
    argument.completionCandidates().forEach(words::add);
    String typed = String.valueOf(e.getValue()).toLowerCase(Locale.ROOT);
    return Spelling.nearest(typed, words)
        .map(near -> "; did you mean " + near + "?")
        .orElse("; choose one of " + String.join(", ", words));
  }
}
