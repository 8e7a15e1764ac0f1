package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.reach.Arrivals.Arrival;
import io.github.kubeproof.core.reach.FrontDiff.Change;
import io.github.kubeproof.core.reach.FrontDiff.Doubt;
import io.github.kubeproof.core.reach.FrontDiff.Passage;
import io.github.kubeproof.core.reach.FrontDiff.Side;
import io.github.kubeproof.core.reach.FrontDiff.Sort;
import io.github.kubeproof.core.reach.FrontSide.Shape;
import io.github.kubeproof.core.reach.FrontWords.Lead;
import io.github.kubeproof.core.reach.Reach.Ends;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Front;
import io.github.kubeproof.core.traffic.Front.Target;
import io.github.kubeproof.core.traffic.Front.Way;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Compares the fronts of two states: finds for each the same one on the other side, and asks who
 * uses those that differ. No pair of pods is looked at.
 */
final class FrontDiffer {

  private final FrontSide before;
  private final FrontSide after;
  // what workloads are called after that have just another name
  private final Map<String, String> renamed = new HashMap<>();
  // by identity: two fronts of one side are never the same
  private final IdentityHashMap<Front, Front> earlier = new IdentityHashMap<>();
  private final IdentityHashMap<Front, Front> later = new IdentityHashMap<>();

  FrontDiffer(Side before, Side after) {
    this.before = new FrontSide(before);
    this.after = new FrontSide(after);
  }

  FrontDiff diff() {
    findRenamed();
    pairWhereAlike();
    List<Change> changes = new ArrayList<>();
    for (Front now : after.fronts()) {
      Front then = earlier.get(now);
      if (then == null) {
        changes.add(added(now));
      } else {
        changed(then, now).ifPresent(changes::add);
      }
    }
    List<Front> gone = before.fronts().stream().filter(front -> !later.containsKey(front)).toList();
    gone.forEach(front -> changes.add(removed(front)));
    return new FrontDiff(changes, doubts(), after.fronts().size() + gone.size());
  }

  /** Workloads of one side only whose pods are like those of a workload of the other side only. */
  private void findRenamed() {
    Map<Shape, Deque<String>> gone = new HashMap<>();
    Set<String> names = names(after);
    for (Workload workload : before.workloads()) {
      if (!names.contains(workload.toString())) {
        gone.computeIfAbsent(before.shape(workload), s -> new ArrayDeque<>())
            .add(workload.toString());
      }
    }
    Set<String> known = names(before);
    for (Workload workload : gone.isEmpty() ? List.<Workload>of() : after.workloads()) {
      if (!known.contains(workload.toString())) {
        Deque<String> alike = gone.getOrDefault(after.shape(workload), new ArrayDeque<>());
        if (!alike.isEmpty()) {
          renamed.put(alike.remove(), workload.toString());
        }
      }
    }
  }

  private static Set<String> names(FrontSide side) {
    Set<String> names = new HashSet<>();
    side.workloads().forEach(workload -> names.add(workload.toString()));
    return names;
  }

  /**
   * What tells a front from others of its side.
   *
   * @param service empty where it is the object, or another name of it
   */
  private record Key(String object, String service, String way, Protocol protocol, int port) {

    static Key of(Front front, boolean withPort) {
      boolean isService = front.object() instanceof Service;
      return new Key(
          FrontSide.nameOf(front.object()),
          isService ? "" : front.service().qualifiedName(),
          front.way() instanceof Way.Outside outside
              ? outside.by()
              : front.way().getClass().getSimpleName(),
          front.protocol(),
          withPort ? front.port() : 0);
    }
  }

  /** One with a number may also be one of which the number was not known. */
  private void pairWhereAlike() {
    for (boolean withPort : List.of(true, false)) {
      Map<Key, List<Front>> open = new HashMap<>();
      for (Front front : before.fronts()) {
        if (!later.containsKey(front)) {
          open.computeIfAbsent(Key.of(front, withPort), k -> new ArrayList<>()).add(front);
        }
      }
      // several may have one name while the API server has yet to choose their ports
      pair(open, withPort, true);
      pair(open, withPort, false);
    }
  }

  private void pair(Map<Key, List<Front>> open, boolean withPort, boolean ledAlike) {
    for (Front now : after.fronts()) {
      if (!earlier.containsKey(now)) {
        List<Front> candidates = open.getOrDefault(Key.of(now, withPort), List.of());
        candidates.stream()
            .filter(then -> withPort || then.port() == 0 || now.port() == 0)
            .filter(then -> !ledAlike || leads(then, true).equals(leads(now, false)))
            .findFirst()
            .ifPresent(
                then -> {
                  earlier.put(now, then);
                  later.put(then, now);
                  candidates.remove(then);
                });
      }
    }
  }

  private String nameAfter(Endpoint end, boolean isBefore) {
    String name = end.toString();
    return isBefore ? renamed.getOrDefault(name, name) : name;
  }

  private Set<Lead> leads(Front front, boolean isBefore) {
    Set<Lead> leads = new LinkedHashSet<>();
    for (Target target : front.targets()) {
      target.ends().forEach(end -> leads.add(new Lead(nameAfter(end, isBefore), target.port())));
    }
    return leads;
  }

  private Change added(Front now) {
    Inquiry inquiry = new Inquiry();
    inquiry.oneSided(after, now, lead -> true, true);
    String led = before.isWritten(now) ? ", and led nowhere before" : "";
    return inquiry.change(
        Sort.ADDED, now, "leads to " + FrontWords.list(leads(now, false)) + led, before.place(now));
  }

  private Change removed(Front then) {
    Inquiry inquiry = new Inquiry();
    inquiry.oneSided(before, then, lead -> true, false);
    // by the names that they had: nothing of the other side is spoken of
    String led = FrontWords.list(leads(then, false));
    String now = after.isWritten(then) ? "leads nowhere now, and led to " : "led to ";
    return inquiry.change(Sort.REMOVED, then, now + led, after.place(then));
  }

  private Optional<Change> changed(Front then, Front now) {
    Set<Lead> led = leads(then, true);
    Set<Lead> leads = leads(now, false);
    List<String> words = new ArrayList<>();
    Inquiry inquiry = new Inquiry();
    if (!led.equals(leads)) {
      words.add(FrontWords.elsewhere(led, leads));
      inquiry.oneSided(after, now, lead -> !led.contains(lead), true);
      inquiry.oneSided(before, then, lead -> !leads.contains(lead), false);
    }
    Set<Lead> common = new HashSet<>(led);
    common.retainAll(leads);
    if (then.way() instanceof Way.Outside wayThen && now.way() instanceof Way.Outside wayNow) {
      words.addAll(outside(new Both(then, now, common), wayThen, wayNow, inquiry));
    } else if (then.way() instanceof Way.Controller one
        && now.way() instanceof Way.Controller two) {
      words.addAll(forwarded(new Both(then, now, common), one, two, inquiry));
    }
    if (then.gaps().isEmpty() != now.gaps().isEmpty()) {
      words.add(FrontWords.certainty(then, now));
      inquiry.doubt();
    }
    if (then.way() instanceof Way.Inside one
        && now.way() instanceof Way.Inside two
        && !one.equals(two)) {
      words.add(FrontWords.otherClients(one.namespace(), two.namespace()));
      inquiry.doubt();
    }
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of(
            inquiry.change(Sort.CHANGED, now, String.join("; ", words), before.place(then)));
  }

  /** A front on both sides, and where it leads on both. */
  private record Both(Front then, Front now, Set<Lead> common) {}

  private List<String> outside(Both both, Way.Outside then, Way.Outside now, Inquiry inquiry) {
    List<String> words = new ArrayList<>();
    Set<String> addressesThen = addresses(both.then());
    Set<String> addressesNow = addresses(both.now());
    if (!addressesThen.equals(addressesNow)) {
      words.add(FrontWords.otherAddresses(addressesThen, addressesNow));
      if (!addressesThen.containsAll(addressesNow)) {
        inquiry.oneSided(after, both.now(), lead -> true, true);
      }
      if (!addressesNow.containsAll(addressesThen)) {
        inquiry.oneSided(before, both.then(), lead -> true, false);
      }
    }
    if (both.then().port() != both.now().port()) {
      words.add(FrontWords.otherPort(both.then().port(), both.now().port()));
    }
    List<AddressRange> rangesThen = Arrivals.within(then.ranges());
    List<AddressRange> rangesNow = Arrivals.within(now.ranges());
    boolean sameRanges = rangesThen.equals(rangesNow);
    if (!sameRanges) {
      words.add(FrontWords.otherRanges(rangesThen, rangesNow));
    }
    if (then.asNode() != now.asNode()) {
      words.add(FrontWords.seen(now.asNode()));
    }
    if (!sameRanges || then.asNode() != now.asNode()) {
      inquiry.clients(both);
    }
    return words;
  }

  /** Where it is reached, as far as that is written; the API server or a controller may choose. */
  private static Set<String> addresses(Front front) {
    List<String> written =
        front.way() instanceof Way.Outside outside && outside.by().equals("external address")
            ? front.service().spec().getExternalIPs()
            : null;
    return written == null ? Set.of() : new LinkedHashSet<>(written);
  }

  /** Another controller matters where one could forward and the other cannot. */
  private List<String> forwarded(
      Both both, Way.Controller then, Way.Controller now, Inquiry inquiry) {
    Set<String> podsThen = new LinkedHashSet<>();
    then.pods().forEach(pod -> podsThen.add(nameAfter(pod, true)));
    Set<String> podsNow = new LinkedHashSet<>();
    now.pods().forEach(pod -> podsNow.add(nameAfter(pod, false)));
    return !podsThen.equals(podsNow) && inquiry.controllers(both)
        ? List.of(FrontWords.otherControllers(podsThen, podsNow))
        : List.of();
  }

  /** What was found out about the traffic through one front. */
  private final class Inquiry {
    private final List<Passage> passages = new ArrayList<>();
    private boolean undecided;

    Change change(Sort sort, Front front, String what, Optional<Place> elsewhere) {
      boolean isGone = sort == Sort.REMOVED;
      List<Place> own = List.of((isGone ? before : after).place(front, front.object()));
      List<Place> other = elsewhere.stream().toList();
      return new Change(
          sort, front, what, passages, isGone ? own : other, isGone ? other : own, undecided);
    }

    /** Looks for somebody who arrives at a target of one side only. */
    void oneSided(FrontSide side, Front front, Predicate<Lead> asked, boolean opened) {
      Front part = part(front, asked, !opened);
      if (!part.targets().isEmpty() && !front.gaps().isEmpty()) {
        doubt();
      } else if (!part.targets().isEmpty() && !has(opened)) {
        tell(usersOf(side, part), opened);
      }
    }

    /** Nobody knows what it does. */
    void doubt() {
      undecided = true;
    }

    private void tell(List<Arrival> arrivals, boolean opened) {
      Optional<Arrival> open = arrivals.stream().filter(one -> !one.undecided()).findFirst();
      open.map(arrival -> new Use(arrival, ends(arrival.to()).get(0)))
          .ifPresent(use -> passages.add(passage(use, use.arrival().addresses(), opened)));
      undecided |= open.isEmpty() && !arrivals.isEmpty();
    }

    private boolean has(boolean opened) {
      return passages.stream().anyMatch(passage -> passage.opened() == opened);
    }

    /** Looks for addresses outside that get to the same target on one side only. */
    void clients(Both both) {
      Map<Lead, Use> then = byLead(before, both.then(), both.common(), true);
      Map<Lead, Use> now = byLead(after, both.now(), both.common(), false);
      more(now, then, true);
      more(then, now, false);
    }

    private void more(Map<Lead, Use> here, Map<Lead, Use> there, boolean opened) {
      here.forEach(
          (lead, use) -> {
            Use other = there.get(lead);
            if (use.arrival().undecided() || (other != null && other.arrival().undecided())) {
              doubt();
            } else if (!has(opened)) {
              List<AddressRange> all = use.arrival().addresses();
              List<AddressRange> only =
                  other == null ? all : AddressRange.without(all, other.arrival().addresses());
              if (!only.isEmpty()) {
                passages.add(passage(use, only, opened));
              }
            }
          });
    }

    /** Looks for targets that some controller of one side only forwards to; whether there are. */
    boolean controllers(Both both) {
      Map<Lead, Use> then = byLead(before, both.then(), both.common(), true);
      Map<Lead, Use> now = byLead(after, both.now(), both.common(), false);
      Set<Lead> leads = new LinkedHashSet<>(then.keySet());
      leads.addAll(now.keySet());
      boolean found = false;
      for (Lead lead : leads) {
        Use one = then.get(lead);
        Use other = now.get(lead);
        if ((one != null && one.arrival().undecided())
            || (other != null && other.arrival().undecided())) {
          undecided = true;
          found = true;
        } else if (one == null || other == null) {
          boolean opened = one == null;
          Use only = Objects.requireNonNull(one == null ? other : one);
          if (!has(opened)) {
            passages.add(passage(only, List.of(), opened));
          }
          found = true;
        }
      }
      return found;
    }

    private Map<Lead, Use> byLead(FrontSide side, Front front, Set<Lead> asked, boolean isBefore) {
      Map<Lead, Use> byLead = new LinkedHashMap<>();
      for (Arrival arrival : usersOf(side, part(front, asked::contains, isBefore))) {
        for (Endpoint to : ends(arrival.to())) {
          byLead.put(new Lead(nameAfter(to, isBefore), arrival.port()), new Use(arrival, to));
        }
      }
      return byLead;
    }
  }

  private static List<Endpoint> ends(Ends ends) {
    List<Endpoint> all = new ArrayList<>(ends.known());
    ends.addresses().forEach(range -> all.add(new Outside(range.first())));
    return all;
  }

  /** An arrival, at one of the ends where it arrives. */
  private record Use(Arrival arrival, Endpoint to) {}

  private static Passage passage(Use use, List<AddressRange> addresses, boolean opened) {
    Arrival arrival = use.arrival();
    Ends clients =
        arrival.front().way() instanceof Way.Outside
            ? new Ends(List.of(), addresses)
            : new Ends(List.of(client(arrival, use.to())), List.of());
    return new Passage(opened, arrival.front(), clients, use.to(), arrival.port());
  }

  /** Another than the pod itself, where there is one; else another of its replicas. */
  private static Endpoint client(Arrival arrival, Endpoint to) {
    List<Endpoint> known = arrival.from().known();
    return known.stream().filter(one -> !one.equals(to)).findFirst().orElse(known.get(0));
  }

  /** The same front with just some of its targets. */
  private Front part(Front front, Predicate<Lead> asked, boolean isBefore) {
    List<Target> targets = new ArrayList<>();
    for (Target target : front.targets()) {
      List<Endpoint> ends =
          target.ends().stream()
              .filter(end -> asked.test(new Lead(nameAfter(end, isBefore), target.port())))
              .toList();
      if (!ends.isEmpty()) {
        targets.add(new Target(target.port(), ends));
      }
    }
    return front.with(targets);
  }

  /** Those of the input; inside of the cluster also others, where the input has none. */
  private static List<Arrival> usersOf(FrontSide side, Front front) {
    List<Arrival> known = side.arrivals().at(front, List.of(), List.of());
    return known.isEmpty() && front.way() instanceof Way.Inside
        ? side.arrivals().ofStrangers(front)
        : known;
  }

  /** Objects that are not the same, and that lead nowhere on both sides as far as anybody knows. */
  private List<Doubt> doubts() {
    List<Doubt> doubts = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>(after.objects().keySet());
    names.addAll(before.objects().keySet());
    for (String name : names) {
      Member now = after.objects().get(name);
      Member then = before.objects().get(name);
      Member one = now == null ? then : now;
      if (one != null
          && !before.leadsSomewhere(name)
          && !after.leadsSomewhere(name)
          && !one.cluster().world().isAssumed(one)
          && !(then != null && now != null && saySame(then, now))) {
        String sides =
            then == null ? "is only after" : now == null ? "is only before" : "has changed";
        doubts.add(
            new Doubt(
                one.resource().place(),
                name + " " + sides + ", and nothing of the input is known to be behind it"));
      }
    }
    return doubts;
  }

  private static boolean saySame(Member then, Member now) {
    Optional<Node> one = then.resource().place().then("spec").node();
    Optional<Node> other = now.resource().place().then("spec").node();
    return one.isPresent() == other.isPresent()
        && (one.isEmpty() || one.get().hasValuesOf(other.get()));
  }
}
