package io.github.kubeproof.cli;

import io.github.kubeproof.core.source.Spelling;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What the environment says about a flag that is not given: {@code KUBEPROOF_FAIL_ON} and so on.
 */
record Environment(Map<String, String> variables) implements IDefaultValueProvider {

  private static final String PREFIX = "KUBEPROOF_";

  // read by the launcher and by the steps of the GitHub Action
  private static final Set<String> OTHERS = Set.of(PREFIX + "JAVA_OPTS", PREFIX + "HOME");

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return variable(argument).map(variables::get).map(value -> flag(argument, value)).orElse(null);
  }

  private static String flag(ArgSpec argument, String value) {
    boolean isFlag = argument.arity().max() == 0;
    return switch (isFlag ? value : "") {
      case "1" -> "true";
      case "0" -> "false";
      default -> value;
    };
  }

  /** The variable that stands in for a flag, when it is set to something. */
  Optional<String> variable(ArgSpec argument) {
    return name(argument).filter(name -> !variables.getOrDefault(name, "").isBlank());
  }

  /** Variables that look like a misspelt flag, each with what is meant. */
  List<String> suspects(CommandSpec command) {
    Set<String> known = new TreeSet<>(OTHERS);
    command.options().forEach(option -> name(option).ifPresent(known::add));
    List<String> suspects = new ArrayList<>();
    for (String name : new TreeSet<>(variables.keySet())) {
      if (name.startsWith(PREFIX) && !known.contains(name)) {
        suspects.add("unknown variable " + name + " is ignored" + Spelling.hint(name, known));
      }
    }
    return suspects;
  }

  /** Flags that mean the same to every command that has them. */
  private static final Set<Class<?>> SHARED =
      Set.of(InputFlags.class, SettingFlags.class, JudgementFlags.class);

  private static boolean isShared(OptionSpec option) {
    return option.userObject() instanceof Field field && SHARED.contains(field.getDeclaringClass());
  }

  private static Optional<String> name(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return Optional.empty();
    }
    // KUBEPROOF_FORMAT=sarif is about findings, not about the list of rules
    String flag = option.longestName();
    boolean everywhere = flag.equals("--color") || isShared(option);
    if (!option.command().name().equals("lint") && !everywhere) {
      return Optional.empty();
    }
    return Optional.of(PREFIX + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT));
  }
}
