package io.github.kubeproof.core.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The namespaced objects of one sort in all units, in their order. */
final class Members<T extends Member> {

  private final String defaultNamespace;
  private final List<T> all = new ArrayList<>();
  private final Map<String, List<T>> byNamespace = new HashMap<>();

  /**
   * @param defaultNamespace that of objects which name none
   */
  Members(String defaultNamespace) {
    this.defaultNamespace = defaultNamespace;
  }

  void add(T member) {
    all.add(member);
    byNamespace.computeIfAbsent(member.namespace(), n -> new ArrayList<>()).add(member);
  }

  List<T> all() {
    return Collections.unmodifiableList(all);
  }

  /** Those in a namespace, which they name or which is the default one. */
  List<T> in(String namespace) {
    return Collections.unmodifiableList(byNamespace.getOrDefault(namespace, List.of()));
  }

  /**
   * Those that may be in the namespace of a member: one whose namespace is not certain may be
   * anywhere, and so may they.
   */
  List<T> near(Member member) {
    if (!member.namespaceIsWritten()) {
      return all();
    }
    if (member.namespace().equals(defaultNamespace)) {
      return in(defaultNamespace);
    }
    List<T> found = new ArrayList<>(in(member.namespace()));
    for (T other : in(defaultNamespace)) {
      if (!other.namespaceIsWritten()) {
        found.add(other);
      }
    }
    return found;
  }
}
