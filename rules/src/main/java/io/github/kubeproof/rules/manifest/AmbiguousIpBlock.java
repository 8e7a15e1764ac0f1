package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Cidr;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** KP007: an address or address block that the API server reads otherwise than people may. */
public final class AmbiguousIpBlock implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP007",
              "ambiguous-ip-block",
              Severity.WARNING,
              Confidence.PROVED,
              "an address or address block has host bits, leading zeros or an unusual spelling")
          .fixable(Fixability.SAFE);

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
    Addresses.of(cluster).forEach(found -> check(found, findings));
  }

  // apimachinery ip.go, GetWarningsForIP
  private static void check(Addresses.Found found, Findings findings) {
    Optional<Address> address = Address.parse(found.text());
    // KP019 speaks of what is no address, and of IPv6 in a slice, which is refused
    if (address.isPresent()
        && !(address.get().v6() && found.resource().as(V1EndpointSlice.class).isPresent())) {
      Address read = Cidr.of(address.get() + "/" + address.get().bits()).first();
      boolean mapped = address.get().v6() && !read.v6();
      String spelling = "\"" + found.text() + "\" ";
      checkSpelling(
          found.text(),
          mapped,
          "address",
          read.toString(),
          flaw ->
              findings
                  .report(found.resource(), found.place(), spelling + flaw)
                  .fix("write " + read, Edits.value(found.place(), read.toString())));
    }
  }

  // apimachinery ip.go, GetWarningsForCIDR
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
          .help("write " + canonical + " for the block, or " + single + " for the one address")
          .fix("write " + canonical, part(written, canonical));
      return;
    }
    boolean mapped = address.v6() && !cidr.get().first().v6();
    checkSpelling(
        text,
        mapped,
        "block",
        canonical,
        flaw ->
            findings
                .report(resource, written.place(), "\"" + text + "\" " + flaw)
                .fix("write " + canonical, part(written, canonical)));
  }

  /** An annotation lists several blocks, and only a scalar that holds nothing else is replaced. */
  private static List<Edit> part(Blocks.Written written, String canonical) {
    boolean isAlone =
        written.place().node().flatMap(Node::asString).filter(written.text()::equals).isPresent();
    return isAlone ? Edits.value(written.place(), canonical) : List.of();
  }

  /**
   * Reports what is not written as it should be.
   *
   * @param mapped whether it is IPv4 written as IPv6
   */
  private static void checkSpelling(
      String text, boolean mapped, String what, String canonical, Function<String, Draft> report) {
    if (mapped) {
      report
          .apply("is an IPv4 " + what + " written as IPv6, and is read as " + canonical)
          .help("write " + canonical + ": other readers take it for IPv6, or refuse it");
    } else if (LEADING_ZERO.matcher(text).find()) {
      report
          .apply("has leading zeros, and is read as " + canonical)
          .help("write " + canonical + ": other readers take the zeros for octal, or refuse them");
    } else if (!text.equals(canonical)) {
      report
          .apply("is not how this IPv6 " + what + " is written: " + canonical)
          .help("write " + canonical + ", so that a search for it finds it");
    }
  }
}
