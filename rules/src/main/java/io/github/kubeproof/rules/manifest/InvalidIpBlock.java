package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.traffic.Cidr;
import java.util.Optional;

/** KP006: an address block that the API server cannot read, or an exception that is not inside. */
public final class InvalidIpBlock implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
              "KP006",
              "invalid-ip-block",
              "an address block is no CIDR, or an exception is not strictly inside its block")
          .fixable(Fixability.SAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Blocks.Block block : Blocks.ofPolicies(cluster)) {
      Optional<Cidr> cidr = readable(block.resource(), block.cidr(), findings);
      for (Blocks.Written written : block.excepts()) {
        Optional<Cidr> except = readable(block.resource(), written, findings);
        if (cidr.isPresent() && except.isPresent()) {
          checkInside(block, cidr.get(), written, except.get(), findings);
        }
      }
    }
    for (Service service : cluster.services()) {
      for (Blocks.Written written : Blocks.sourceRanges(service)) {
        readable(service.resource(), written, findings);
      }
    }
  }

  private static Optional<Cidr> readable(
      Resource resource, Blocks.Written written, Findings findings) {
    Optional<Cidr> cidr = Cidr.parse(written.text());
    if (cidr.isEmpty()) {
      String text = written.text();
      boolean isAddress =
          !text.contains("/")
              && Cidr.parse(text + (text.contains(":") ? "/128" : "/32")).isPresent();
      Findings.Draft draft =
          findings.report(resource, written.place(), "\"" + text + "\" is no address block");
      draft.help(
          isAddress
              ? "for this one address write " + text + (text.contains(":") ? "/128" : "/32")
              : "write it as in 10.0.0.0/8 or 2001:db8::/32");
      if (isAddress) {
        String block = text + (text.contains(":") ? "/128" : "/32");
        draft.fix(
            "write " + block, Edits.part(written.place(), written.place().span(), text, block));
      }
      Variables.mind(text, draft);
    }
    return cidr;
  }

  /** An exception must be inside of its block, and smaller (validation.go, ValidateIPBlock). */
  private static void checkInside(
      Blocks.Block block, Cidr cidr, Blocks.Written written, Cidr except, Findings findings) {
    if (cidr.contains(except.first()) && block.cidr().length() < written.length()) {
      return;
    }
    String fault;
    if (except.first().v6() != cidr.first().v6()) {
      fault = "is not of the same address family as";
    } else if (!cidr.contains(except.first())) {
      fault = "is outside of";
    } else if (except.equals(cidr)) {
      fault = "is all of";
    } else if (except.contains(cidr)) {
      fault = "is larger than";
    } else {
      // the server compares the lengths as they are written: 104 of IPv6 with 16 of IPv4
      fault = "is written as IPv4, unlike";
    }
    findings
        .report(
            block.resource(),
            written.place(),
            "except \""
                + written.text()
                + "\" "
                + fault
                + " the block \""
                + block.cidr().text()
                + "\"")
        .help("an exception must be strictly inside of its block")
        .note(block.cidr().place(), "the block that it is taken from");
  }
}
