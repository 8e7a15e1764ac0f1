package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.Settings.UnitMode;
import io.github.kubeproof.core.config.Configuration;
import io.github.kubeproof.core.lint.FailOn;
import io.github.kubeproof.core.lint.Profile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The flags that stand in for what a configuration says about rules and their findings. Each is
 * null when neither it nor its variable is given. Mutable, because picocli sets the fields.
 */
final class JudgementFlags {

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "Which rules run: recommended (the default) or strict.")
  private @Nullable Profile profile;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description = "Fail from this severity on: error (the default), warning, info or never.")
  private @Nullable FailOn failOn;

  @Option(
      names = "--closed-world",
      description = "Take it that nothing runs in the cluster but what is given here.")
  private @Nullable Boolean closedWorld;

  @Option(
      names = "--unit",
      paramLabel = "UNIT",
      description = "What is surely deployed together: auto (the default), dir, file or all.")
  private @Nullable UnitMode unit;

  /** A configuration, but where these flags say otherwise. */
  Configuration over(Configuration configured) {
    Settings settings = configured.settings();
    if (closedWorld != null) {
      settings = settings.withClosedWorld(closedWorld);
    }
    if (unit != null) {
      settings = settings.withUnits(unit);
    }
    Configuration configuration = configured.with(settings);
    if (profile != null) {
      configuration = configuration.with(configuration.rules().withProfile(profile));
    }
    if (failOn != null) {
      configuration = configuration.withFailOn(failOn);
    }
    return configuration;
  }
}
