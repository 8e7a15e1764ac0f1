package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Cidr;
import java.util.Optional;
import java.util.regex.Pattern;

/** KP007: an address block that the API server reads otherwise than people may. */
public final class AmbiguousIpBlock implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP007",
          "ambiguous-ip-block",
          Severity.WARNING,
          Confidence.PROVED,
          "an address block has host bits, leading zeros or an IPv4 address written as IPv6");

  /** A zero before another digit of a decimal number; hexadecimal groups may have them. */
  private static final Pattern LEADING_ZERO = Pattern.compile("(^|[./:])0\\d+(?=[./]|$)");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Blocks.Block block : Blocks.ofPolicies(cluster)) {
      check(block.resource(), block.cidr(), findings);
      block.excepts().forEach(except -> check(block.resource(), except, findings));
    }
    for (Service service : cluster.services()) {
      Blocks.sourceRanges(service).forEach(range -> check(service.resource(), range, findings));
    }
  }

  /** What {@code GetWarningsForCIDR} of apimachinery warns of, but for mere style of IPv6. */
  private static void check(Resource resource, Blocks.Written written, Findings findings) {
    Optional<Cidr> cidr = Cidr.parse(written.text());
    if (cidr.isEmpty()) {
      return; // KP006 speaks of it
    }
    String text = written.text();
    Address address = Address.of(text.substring(0, text.indexOf('/')));
    Cidr single = Cidr.of(address + "/" + address.bits());
    String canonical = cidr.get().toString();
    if (!single.first().equals(cidr.get().first())) {
      findings
          .report(
              resource,
              written.place(),
              "\"" + text + "\" has host bits, and is read as the whole block " + canonical)
          .help("write " + canonical + " for the block, or " + single + " for the one address");
    } else if (address.v6() && !cidr.get().first().v6()) {
      findings
          .report(
              resource,
              written.place(),
              "\"" + text + "\" is an IPv4 block written as IPv6, and is read as " + canonical)
          .help("write " + canonical + ": other readers take it for IPv6, or refuse it");
    } else if (LEADING_ZERO.matcher(text).find()) {
      findings
          .report(
              resource,
              written.place(),
              "\"" + text + "\" has leading zeros, and is read as " + canonical)
          .help("write " + canonical + ": other readers take the zeros for octal, or refuse them");
    }
  }
}
