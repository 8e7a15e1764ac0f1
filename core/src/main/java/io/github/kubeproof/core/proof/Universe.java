package io.github.kubeproof.core.proof;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import com.microsoft.z3.Solver;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The variables of one flow, and the facts about them that always hold.
 *
 * <p>Labels, namespaces and things of the input are numbers that stand for words: 0 is "absent"
 * (for a namespace: "one that nobody names"; for a known pod: "none of them"), 1, 2, ... are the
 * words in the order they were first met, and every number beyond is some word that nobody
 * mentions. So a word may be learnt at any time without saying anything again. As selectors compare
 * labels with constants only, this is sound and complete for them.
 *
 * <p>Mutable: it grows with each new word, and tells the solver the facts about it.
 */
final class Universe {

  private static final int WORD_BITS = 16;

  private final Context context;
  private final Solver solver;
  private final Function<String, Optional<Map<String, String>>> namespaceLabels;
  private final Side from;
  private final Side to;
  private final List<Side> sides;
  final BitVecExpr protocol;
  final BitVecExpr port;
  final BoolExpr same;
  private final Words namespaces = new Words();
  private final Map<String, Words> values = new HashMap<>();
  private final List<Endpoint> known = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final TreeMap<String, PortName> portNames = new TreeMap<>();
  private final Map<PortName, BitVecExpr> namedPorts = new HashMap<>();

  /**
   * @param namespaceLabels all labels of a namespace; empty when they are not known
   */
  Universe(
      Context context,
      Solver solver,
      Function<String, Optional<Map<String, String>>> namespaceLabels) {
    this.context = context;
    this.solver = solver;
    this.namespaceLabels = namespaceLabels;
    this.protocol = context.mkBVConst("protocol", 2);
    this.port = context.mkBVConst("port", 16);
    this.same = context.mkBoolConst("same");
    this.from = new Side("from");
    this.to = new Side("to");
    this.sides = List.of(from, to);
    always(context.mkBVULE(protocol, context.mkBV(2, 2)));
    always(context.mkNot(context.mkEq(port, context.mkBV(0, 16))));
    always(context.mkImplies(same, context.mkAnd(from.pod, to.pod)));
    always(context.mkImplies(same, context.mkEq(from.namespace, to.namespace)));
    always(context.mkImplies(same, context.mkEq(from.known, to.known)));
  }

  /** The variables of one end of the flow. */
  final class Side {
    final String name;
    final BoolExpr pod;
    final BoolExpr outside;
    final BitVecExpr known;
    final BitVecExpr namespace;
    // what has neither is known, but not by its address
    final BoolExpr has4;
    final BoolExpr has6;
    final BitVecExpr address4;
    final BitVecExpr address6;
    final TreeMap<String, BitVecExpr> labels = new TreeMap<>();
    final TreeMap<String, BitVecExpr> namespaceLabels = new TreeMap<>();

    private Side(String name) {
      this.name = name;
      pod = context.mkBoolConst(name + ".pod");
      outside = context.mkBoolConst(name + ".outside");
      known = context.mkBVConst(name + ".known", WORD_BITS);
      namespace = context.mkBVConst(name + ".namespace", WORD_BITS);
      has4 = context.mkBoolConst(name + ".has.v4");
      has6 = context.mkBoolConst(name + ".has.v6");
      address4 = context.mkBVConst(name + ".v4", 32);
      address6 = context.mkBVConst(name + ".v6.address", 128);
      always(context.mkNot(context.mkAnd(pod, outside)));
      // one address each, but for things of the input, whose addresses are told by themselves
      always(context.mkImplies(context.mkEq(known, word(0)), context.mkXor(has4, has6)));
    }
  }

  /** Words and their numbers, from 1. */
  static final class Words {
    private final List<String> words = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    /** Whether a word was met before. */
    boolean knows(String word) {
      return numbers.containsKey(word);
    }

    int number(String word) {
      return numbers.computeIfAbsent(
          word,
          w -> {
            words.add(w);
            return words.size();
          });
    }

    /** The word of a number; for 0 and for a number beyond all words one that nobody mentions. */
    String word(int number) {
      if (number > 0 && number <= words.size()) {
        return words.get(number - 1);
      }
      String other = "other";
      for (int i = 2; numbers.containsKey(other); i++) {
        other = "other-" + i;
      }
      return other;
    }
  }

  Side side(End end) {
    return end == End.FROM ? from : to;
  }

  BitVecExpr word(int number) {
    return context.mkBV(number, WORD_BITS);
  }

  Words namespaces() {
    return namespaces;
  }

  Words values(String key) {
    return values.computeIfAbsent(key, k -> new Words());
  }

  /** The things of the input, by their numbers less one. */
  List<Endpoint> known() {
    return known;
  }

  Map<PortName, BitVecExpr> namedPorts() {
    Map<PortName, BitVecExpr> sorted = new LinkedHashMap<>();
    portNames.values().forEach(name -> sorted.put(name, namedPort(name)));
    return sorted;
  }

  private void always(BoolExpr fact) {
    solver.add(new BoolExpr[] {fact});
  }

  /** The number of a namespace. */
  BitVecExpr namespace(String name) {
    if (!namespaces.knows(name)) {
      int number = namespaces.number(name);
      for (Side side : sides) {
        for (String key : side.namespaceLabels.keySet()) {
          knowNamespaceLabel(side, name, number, key);
        }
      }
    }
    return word(namespaces.number(name));
  }

  /** The number of the value that the pod at an end has for a label. */
  BitVecExpr label(End end, String key) {
    if (!side(end).labels.containsKey(key)) {
      for (Side side : sides) {
        side.labels.put(key, context.mkBVConst(side.name + ".label." + key, WORD_BITS));
        for (int i = 0; i < known.size(); i++) {
          knowPodLabel(side, i, key);
        }
      }
      always(context.mkImplies(same, context.mkEq(labelOf(from, key), labelOf(to, key))));
    }
    return labelOf(side(end), key);
  }

  private static BitVecExpr labelOf(Side side, String key) {
    BitVecExpr label = side.labels.get(key);
    if (label == null) {
      throw new IllegalStateException("no variable for label " + key);
    }
    return label;
  }

  /** The number of the value that the namespace at an end has for a label other than its name. */
  BitVecExpr namespaceLabel(End end, String key) {
    if (!side(end).namespaceLabels.containsKey(key)) {
      List<BitVecExpr> both = new ArrayList<>();
      for (Side side : sides) {
        BitVecExpr variable = context.mkBVConst(side.name + ".namespace." + key, WORD_BITS);
        both.add(variable);
        side.namespaceLabels.put(key, variable);
        for (String name : List.copyOf(namespaces.words)) {
          knowNamespaceLabel(side, name, namespaces.number(name), key);
        }
      }
      // one namespace has one set of labels, also where nobody knows it; pods of two unnamed ones
      // may differ
      BitVecExpr from = side(End.FROM).namespace;
      BoolExpr sameNamespace =
          context.mkAnd(
              context.mkEq(from, side(End.TO).namespace),
              context.mkNot(context.mkEq(from, word(0))));
      always(
          context.mkImplies(
              context.mkOr(same, sameNamespace), context.mkEq(both.get(0), both.get(1))));
    }
    BitVecExpr label = side(end).namespaceLabels.get(key);
    if (label == null) {
      throw new IllegalStateException("no variable for namespace label " + key);
    }
    return label;
  }

  private void knowNamespaceLabel(Side side, String name, int number, String key) {
    Optional<Map<String, String>> labels = namespaceLabels.apply(name);
    BitVecExpr variable = side.namespaceLabels.get(key);
    if (labels.isPresent() && variable != null) {
      String value = labels.get().get(key);
      always(
          context.mkImplies(
              context.mkEq(side.namespace, word(number)),
              context.mkEq(variable, word(value == null ? 0 : values(key).number(value)))));
    }
  }

  /** The number of a pod or a host of the input. */
  BitVecExpr known(Endpoint endpoint) {
    Integer number = numbers.get(idOf(endpoint));
    if (number != null) {
      return word(number);
    }
    known.add(endpoint);
    int index = known.size() - 1;
    numbers.put(idOf(endpoint), index + 1);
    for (Side side : sides) {
      always(context.mkImplies(isKnown(side, index), knownFacts(side, endpoint)));
      for (String key : side.labels.keySet()) {
        knowPodLabel(side, index, key);
      }
    }
    if (endpoint instanceof Pod pod && pod.replica() == Pod.ONLY) {
      always(context.mkImplies(context.mkAnd(isKnown(from, index), isKnown(to, index)), same));
    }
    for (PortName name : portNames.values()) {
      knowNamedPort(index, name);
    }
    return word(index + 1);
  }

  private static String idOf(Endpoint endpoint) {
    return (endpoint instanceof Pod ? "pod " : "host ") + endpoint;
  }

  private BoolExpr knownFacts(Side side, Endpoint endpoint) {
    List<BoolExpr> facts = new ArrayList<>();
    if (endpoint instanceof Pod pod) {
      facts.add(side.pod);
      facts.add(context.mkEq(side.namespace, namespace(pod.namespace())));
    } else {
      facts.add(context.mkNot(context.mkOr(side.pod, side.outside)));
    }
    List<Address> addresses = endpoint.takenAddresses();
    Optional<Address> v4 = addresses.stream().filter(a -> !a.v6()).findFirst();
    Optional<Address> v6 = addresses.stream().filter(Address::v6).findFirst();
    facts.add(v4.isPresent() ? side.has4 : context.mkNot(side.has4));
    facts.add(v6.isPresent() ? side.has6 : context.mkNot(side.has6));
    v4.ifPresent(a -> facts.add(context.mkEq(side.address4, number(a))));
    v6.ifPresent(a -> facts.add(context.mkEq(side.address6, number(a))));
    return context.mkAnd(facts.toArray(BoolExpr[]::new));
  }

  private BitVecExpr number(Address address) {
    return context.mkBV(address.value().toString(), address.bits());
  }

  private BoolExpr isKnown(Side side, int index) {
    return context.mkEq(side.known, word(index + 1));
  }

  /** That both ends are nothing of the input but what has a number by now. */
  BoolExpr nothingElseIsKnown() {
    BitVecExpr most = word(known.size());
    return context.mkAnd(context.mkBVULE(from.known, most), context.mkBVULE(to.known, most));
  }

  private void knowPodLabel(Side side, int index, String key) {
    BitVecExpr variable = side.labels.get(key);
    if (variable != null && known.get(index) instanceof Pod pod) {
      String value = pod.labels().get(key);
      always(
          context.mkImplies(
              isKnown(side, index),
              context.mkEq(variable, word(value == null ? 0 : values(key).number(value)))));
    }
  }

  /** The number of the port that the destination declares under a name; 0 when it does not. */
  BitVecExpr namedPort(PortName name) {
    BitVecExpr before = namedPorts.get(name);
    if (before != null) {
      return before;
    }
    BitVecExpr variable = context.mkBVConst("to.port." + name.protocol() + "." + name.name(), 16);
    namedPorts.put(name, variable);
    portNames.put(name.protocol() + "." + name.name(), name);
    for (int i = 0; i < known.size(); i++) {
      knowNamedPort(i, name);
    }
    return variable;
  }

  private void knowNamedPort(int index, PortName name) {
    if (known.get(index) instanceof Pod pod) {
      Integer number = pod.ports().get(name);
      always(
          context.mkImplies(
              isKnown(to, index),
              context.mkEq(namedPort(name), context.mkBV(number == null ? 0 : number, 16))));
    }
  }
}
