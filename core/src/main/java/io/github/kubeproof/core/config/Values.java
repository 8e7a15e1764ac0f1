package io.github.kubeproof.core.config;

import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Cidr;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads single values that users give in a configuration, on the command line or in a build file;
 * what is wrong with one is a {@link UserError} that does not yet say where it stands.
 */
public final class Values {

  /** The network plugins that are known by name; any other one is {@code other}. */
  public static final List<String> PLUGINS =
      List.of(
          "antrea",
          "aws-vpc",
          "azure",
          "calico",
          "canal",
          "cilium",
          "flannel",
          "gke-dataplane-v2",
          "kindnet",
          "kube-router",
          "other",
          "ovn-kubernetes",
          "weave");

  private Values() {}

  /** The name of a namespace. */
  public static String namespace(String text) {
    if (Names.flawOfDnsLabel(text).isPresent()) {
      throw new UserError("not the name of a namespace: " + text);
    }
    return text;
  }

  /** The key of a label. */
  static String labelKey(String text) {
    return without(Names.flawOfLabelKey(text), "label key", text);
  }

  /** The value of a label, which is not empty. */
  static String labelValue(String text) {
    Optional<String> flaw = text.isEmpty() ? Optional.of("is empty") : Names.flawOfLabelValue(text);
    return without(flaw, "label value", text);
  }

  private static String without(Optional<String> flaw, String what, String text) {
    if (flaw.isPresent()) {
      throw new UserError("the " + what + " \"" + text + "\" " + flaw.get());
    }
    return text;
  }

  /** The domain of a cluster; a dot at its end is taken away. */
  public static String domain(String text) {
    String domain = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    if (Names.flawOfDnsName(domain).isPresent()) {
      throw new UserError("not a domain: " + text);
    }
    return domain;
  }

  /** A version of Kubernetes: {@code 1.34}; what follows the minor version is taken away. */
  public static String version(String text) {
    if (!text.matches("v?1\\.\\d{1,3}(\\.\\d{1,3})?")) {
      throw new UserError("not a version of Kubernetes, such as 1.34: " + text);
    }
    String[] parts = text.split("\\.", -1);
    return "1." + parts[1];
  }

  /** A block of addresses, as written. */
  public static String cidr(String text) {
    if (Cidr.parse(text).isEmpty()) {
      throw new UserError("not a block of addresses, such as 10.244.0.0/16: " + text);
    }
    return text;
  }

  /** The name of a network plugin. */
  public static String plugin(String text) {
    return oneOf(PLUGINS, text);
  }

  /** The constant that a user means by a word; an enum says its words by toString. */
  public static <E extends Enum<E>> E choice(E[] values, String word) {
    List<String> words = Arrays.stream(values).map(String::valueOf).toList();
    return values[words.indexOf(oneOf(words, word))];
  }

  private static String oneOf(List<String> words, String word) {
    if (!words.contains(word)) {
      throw new UserError(
          "unknown word: "
              + word
              + Spelling.nearest(word, words)
                  .map(near -> "; did you mean " + near + "?")
                  .orElse("; choose one of " + String.join(", ", words)));
    }
    return word;
  }
}
