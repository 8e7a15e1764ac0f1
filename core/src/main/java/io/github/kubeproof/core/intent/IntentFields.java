package io.github.kubeproof.core.intent;

import io.github.kubeproof.core.cluster.Assumptions;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.intent.Intent.Kind;
import io.github.kubeproof.core.intent.Intent.Ports;
import io.github.kubeproof.core.source.Fields;
import io.github.kubeproof.core.source.UserError;
import java.util.EnumSet;
import java.util.Optional;

/** Reads an intent of the configuration. */
final class IntentFields {

  private final IntentText text;

  IntentFields(IntentText text) {
    this.text = text;
  }

  Intent read(Fields item) {
    item.only("allow", "deny", "assume");
    if (item.has("allow") == item.has("deny")) {
      throw new UserError(item.place() + ": an intent has either allow or deny");
    }
    Kind kind = item.has("allow") ? Kind.ALLOW : Kind.DENY;
    Fields flows = item.fields(kind.word()).orElseThrow();
    flows.only("from", "to", "port", "protocol");
    return new Intent(
        kind,
        party(flows, "from"),
        party(flows, "to"),
        ports(flows),
        item.fields("assume").map(AssumptionFields::read).orElse(Assumptions.NONE),
        item.place());
  }

  private Party party(Fields flows, String key) {
    if (!flows.has(key)) {
      throw flows.missing(key);
    }
    return flows.hasMap(key)
        ? ofMap(flows.fields(key).orElseThrow())
        : flows.parsed(key, text::party).orElseThrow();
  }

  private static Party ofMap(Fields party) {
    party.only("namespace", "namespaceSelector", "podSelector", "cidr");
    if (party.keys().isEmpty()) {
      throw new UserError(
          party.place() + ": name who is meant: namespace, namespaceSelector, podSelector or cidr");
    }
    if (party.has("cidr")) {
      party.only("cidr");
      return new Party.Block(party.parsed("cidr", IntentText::cidr).orElseThrow());
    }
    Selector pods = Selectors.of(party, "podSelector").orElse(Selector.EVERYTHING);
    Optional<Selector> namespaces = Selectors.of(party, "namespaceSelector");
    Optional<String> namespace = party.parsed("namespace", IntentText::namespace);
    if (namespaces.isPresent() && namespace.isPresent()) {
      throw party.error(
          "namespaceSelector", "a party has a namespace or a namespaceSelector, not both");
    }
    return new Party.Pods(
        namespace
            .map(name -> Party.Pods.of(name).namespaces())
            .or(() -> namespaces)
            .orElse(Selector.EVERYTHING),
        pods);
  }

  private static Ports ports(Fields flows) {
    Optional<Protocol> protocol = flows.parsed("protocol", IntentText::protocol);
    if (!flows.has("port")) {
      return protocol.map(only -> new Ports(Ports.ALL.range(), EnumSet.of(only))).orElse(Ports.ALL);
    }
    String written = flows.textOrNumber("port").orElseThrow();
    if (protocol.isPresent() && written.indexOf('/') >= 0) {
      throw flows.error("protocol", "the port " + written + " has a protocol already");
    }
    Ports ports;
    try {
      ports = IntentText.ports(written);
    } catch (UserError e) {
      throw flows.error("port", String.valueOf(e.getMessage()));
    }
    return protocol.map(only -> new Ports(ports.range(), EnumSet.of(only))).orElse(ports);
  }
}
