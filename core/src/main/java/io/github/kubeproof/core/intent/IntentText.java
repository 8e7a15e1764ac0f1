package io.github.kubeproof.core.intent;

import io.github.kubeproof.core.cluster.Assumptions;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.intent.Intent.Kind;
import io.github.kubeproof.core.intent.Intent.Ports;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Cidr;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads intents and their parts from single lines. */
final class IntentText {

  private static final Pattern LINE =
      Pattern.compile(
          "(?<kind>allow|deny)\\s+from\\s+(?<from>.+?)\\s+to\\s+(?<to>.+?)(\\s+port\\s+(?<port>\\S+))?");
  private static final Pattern PART =
      Pattern.compile("(?:^|\\s+)(namespace|namespaceSelector|podSelector)=");
  private static final Pattern BLOCK = Pattern.compile("[0-9a-fA-F.:]+/[0-9]+");
  private static final Pattern OBJECT = Pattern.compile("([A-Za-z]+)/([^/]*)/([^/]*)");
  private static final Pattern PORT = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?(?:/(\\w+))?");

  private final Set<String> assumedKinds;

  /**
   * @param assumedKinds of what is assumed to make pods
   */
  IntentText(Set<String> assumedKinds) {
    this.assumedKinds = Set.copyOf(assumedKinds);
  }

  Intent read(String text, Place place) {
    Matcher line = LINE.matcher(text.strip());
    if (!line.matches()) {
      throw new UserError(
          "not an intent, such as \"deny from namespace=dev to namespace=prod port 5432/TCP\": "
              + text);
    }
    String port = line.group("port");
    return new Intent(
        Kind.valueOf(line.group("kind").toUpperCase(Locale.ROOT)),
        party(line.group("from")),
        party(line.group("to")),
        port == null ? Ports.ALL : ports(port),
        Assumptions.NONE,
        place);
  }

  Party party(String text) {
    if (text.equals("outside")) {
      return Party.Outside.OUTSIDE;
    }
    if (text.equals("internet")) {
      return Party.Outside.INTERNET;
    }
    Matcher object = OBJECT.matcher(text);
    if (object.matches()) {
      return object(object.group(1), object.group(2), object.group(3));
    }
    if (BLOCK.matcher(text).matches()) {
      return new Party.Block(cidr(text));
    }
    return pods(text);
  }

  private Party object(String kind, String namespace, String name) {
    namespace(namespace);
    refuse("name", name, Names.flawOfDnsName(name));
    if (kind.equals("Service")) {
      return new Party.Service(namespace, name);
    }
    Set<String> kinds = new TreeSet<>(Party.WORKLOADS);
    kinds.addAll(assumedKinds);
    if (!kinds.contains(kind)) {
      throw new UserError(
          "a party cannot be of kind "
              + kind
              + Spelling.nearest(kind, kinds)
                  .map(near -> "; did you mean " + near + "?")
                  .orElse("; choose Service or one of " + String.join(", ", kinds)));
    }
    return new Party.Workload(kind, namespace, name);
  }

  static Cidr cidr(String text) {
    return Cidr.parse(text)
        .orElseThrow(() -> new UserError("not a block of addresses, such as 10.0.0.0/8: " + text));
  }

  static String namespace(String name) {
    refuse("namespace", name, Names.flawOfDnsLabel(name));
    return name;
  }

  private static void refuse(String what, String text, Optional<String> flaw) {
    if (flaw.isPresent()) {
      throw new UserError("the " + what + " \"" + text + "\" " + flaw.get());
    }
  }

  private static Party pods(String text) {
    Map<String, String> parts = new HashMap<>();
    Matcher part = PART.matcher(text);
    if (!part.lookingAt()) {
      throw notAParty(text);
    }
    part.reset();
    String key = "";
    int start = 0;
    while (part.find()) {
      put(parts, key, text.substring(start, part.start()));
      key = part.group(1);
      start = part.end();
    }
    put(parts, key, text.substring(start));
    if (parts.containsKey("namespace") && parts.containsKey("namespaceSelector")) {
      throw new UserError("a party has a namespace or a namespaceSelector, not both: " + text);
    }
    Selector pods =
        parts.containsKey("podSelector")
            ? Selectors.parse(parts.get("podSelector"))
            : Selector.EVERYTHING;
    if (parts.containsKey("namespace")) {
      return new Party.Pods(Party.Pods.of(namespace(parts.get("namespace"))).namespaces(), pods);
    }
    Selector namespaces =
        parts.containsKey("namespaceSelector")
            ? Selectors.parse(parts.get("namespaceSelector"))
            : Selector.EVERYTHING;
    return new Party.Pods(namespaces, pods);
  }

  private static void put(Map<String, String> parts, String key, String value) {
    if (!key.isEmpty() && parts.put(key, value) != null) {
      throw new UserError(key + "= stands twice in one party");
    }
  }

  private static UserError notAParty(String text) {
    return new UserError(
        "not a party: "
            + text
            + "; write namespace=NAME, namespaceSelector=LABELS, podSelector=LABELS,"
            + " KIND/NAMESPACE/NAME, a block of addresses, outside or internet");
  }

  /** A port or a range of them, perhaps with a protocol: TCP where none is written. */
  static Ports ports(String text) {
    Matcher port = PORT.matcher(text);
    if (port.matches()) {
      int first = Integer.parseInt(port.group(1));
      int last = port.group(2) == null ? first : Integer.parseInt(port.group(2));
      if (1 <= first && first <= last && last <= 65535) {
        Protocol protocol = port.group(3) == null ? Protocol.TCP : protocol(port.group(3));
        return new Ports(new PortRange(first, last), EnumSet.of(protocol));
      }
    }
    throw new UserError("not a port, such as 5432, 8000-8100 or 53/UDP: " + text);
  }

  static Protocol protocol(String word) {
    return Protocol.of(word)
        .orElseThrow(() -> new UserError("the protocol must be TCP, UDP or SCTP, not " + word));
  }
}
