package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.dns.ServerBlock;
import io.github.kubeproof.core.dns.ServerBlock.Directive;
import io.github.kubeproof.core.dns.Token;
import io.github.kubeproof.core.dns.ZoneAddress;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.Address;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** KP627: a line of a Corefile that CoreDNS accepts and that does nothing. */
public final class IneffectiveCorefileLine implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP627",
          "ineffective-corefile-line",
          Severity.WARNING,
          Confidence.PROVED,
          "CoreDNS accepts a line of its Corefile, but it does nothing, or not what it says");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (CorefileText file : CorefileText.in(cluster)) {
      if (!file.corefile().faults().isEmpty()) {
        continue;
      }
      for (ServerBlock block : file.corefile().blocks()) {
        Report report =
            (at, message) -> {
              if (!file.isTemplate(at)) {
                file.report(at, message, findings);
              }
            };
        keys(block, report);
        block.all("forward").forEach(forward -> zones(forward, "forward", block, report));
        block.all("kubernetes").forEach(kubernetes -> fallthrough(kubernetes, block, report));
        block.all("hosts").forEach(hosts -> entries(hosts, report));
        misread(block, report);
      }
    }
  }

  /** Where to say something. */
  private interface Report {
    void at(Token token, String message);
  }

  private static void keys(ServerBlock block, Report report) {
    for (Token key : block.keys()) {
      if (key.text().equals("}")) {
        report.at(key, "this } closes nothing: CoreDNS serves a zone of that name");
      } else if (key.text().contains("\\n")) {
        report.at(key, "\\n stands here as it is: the text lost its ends of lines");
      }
    }
  }

  private static void zones(Directive forward, String plugin, ServerBlock block, Report report) {
    List<Token> args = forward.args();
    if (args.isEmpty()) {
      return;
    }
    Token zone = args.get(0);
    if (Address.parse(zone.text()).isPresent()) {
      report.at(
          zone,
          "the first word behind "
              + plugin
              + " is a zone, so "
              + zone.text()
              + " is never asked: write "
              + plugin
              + " . "
              + zone.text());
    } else if (isOutside(zone, block)) {
      report.at(
          zone, plugin + " is for " + zone.text() + ", but its server block never sees such names");
    }
  }

  /** Whether a zone is neither below nor above one of a block. */
  private static boolean isOutside(Token zone, ServerBlock block) {
    return ZoneAddress.zones(zone.text()).stream()
        .noneMatch(
            name ->
                block.zones().stream()
                    .anyMatch(
                        served ->
                            ZoneAddress.isBelow(name, served.zone())
                                || ZoneAddress.isBelow(served.zone(), name)));
  }

  private static void fallthrough(Directive kubernetes, ServerBlock block, Report report) {
    List<String> zones = block.zonesOf(kubernetes);
    for (Token zone : kubernetes.property("fallthrough").orElse(List.of())) {
      for (String name : ZoneAddress.zones(zone.text())) {
        if (zones.stream()
            .noneMatch(
                served -> ZoneAddress.isBelow(name, served) || ZoneAddress.isBelow(served, name))) {
          report.at(
              zone, "kubernetes does not answer for " + zone.text() + ", so nothing falls through");
        }
      }
    }
  }

  /** Lines of hosts that are no entries are dropped without a word. */
  private static void entries(Directive hosts, Report report) {
    List<Token> tokens = hosts.tokens();
    boolean inside = false;
    for (int i = 1; i < tokens.size(); i++) {
      boolean starts = inside && tokens.get(i).line() != tokens.get(i - 1).line();
      inside |= tokens.get(i).text().equals("{");
      Token word = tokens.get(i);
      if (!starts || !word.text().matches("[0-9a-fA-F.:/]*[0-9.:/][0-9a-fA-F.:/]*")) {
        continue;
      }
      boolean hasName =
          i + 1 < tokens.size()
              && tokens.get(i + 1).line() == word.line()
              && !tokens.get(i + 1).text().equals("}");
      if (Address.parse(word.text()).isEmpty()) {
        report.at(word, "\"" + word.text() + "\" is no address, so hosts drops the line");
      } else if (!hasName) {
        report.at(word, "no name stands behind " + word.text() + ", so hosts drops the line");
      }
    }
  }

  /** Words that are read as zones, and lines that are not read at all. */
  private static void misread(ServerBlock block, Report report) {
    for (Directive cache : block.all("cache")) {
      cache.args().stream()
          .filter(arg -> arg.text().matches("[0-9]+(\\.[0-9]+|[smh])"))
          .forEach(
              arg ->
                  report.at(
                      arg,
                      "cache takes seconds as a whole number, so "
                          + arg.text()
                          + " is read as a zone"));
    }
    for (Directive log : block.all("log")) {
      log.args().stream()
          .limit(1)
          .filter(arg -> arg.text().equals("stdout"))
          .forEach(arg -> report.at(arg, "stdout is read as a zone, so log writes nothing"));
    }
    for (String once : List.of("reload", "bufsize")) {
      block.all(once).stream()
          .skip(1)
          .forEach(second -> report.at(second.at(), "only the first line of " + once + " is read"));
    }
    Set<String> zones = new HashSet<>();
    boolean goesOn =
        block.all("forward").stream().anyMatch(forward -> forward.property("next").isPresent());
    for (Directive forward : block.all("forward")) {
      boolean isNew =
          forward.args().isEmpty()
              || zones.add(ZoneAddress.zones(forward.args().get(0).text()).get(0));
      if (!isNew && !goesOn) {
        report.at(forward.at(), "the forward above takes all queries of this zone");
      }
    }
  }
}
