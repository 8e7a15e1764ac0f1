package io.github.kubeproof.core.intent;

import io.github.kubeproof.core.cluster.Assumptions;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Fields;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.source.UserError;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What somebody wants to be true of the traffic: written in the configuration, or given on the
 * command line.
 *
 * @param assume what holds for this intent alone, beside what the configuration assumes
 * @param place the item of the list that it stands in; {@code place.then("deny", "from")} is one of
 *     its parts. One from the command line has a source of its own, {@value #COMMAND_LINE}
 */
public record Intent(
    Kind kind, Party from, Party to, Ports ports, Assumptions assume, Place place) {

  /** The name of the source of an intent that was given on the command line. */
  public static final String COMMAND_LINE = "--intent";

  /** Whether there shall be all of the traffic, or none of it. */
  public enum Kind {
    ALLOW,
    DENY;

    /** The key in the configuration, and the first word on the command line. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The ports that an intent speaks of: of the Service where it is to a Service, otherwise of
   * whatever it is to.
   */
  public record Ports(PortRange range, Set<Protocol> protocols) {

    /** Every port of every protocol: what an intent without a port speaks of. */
    public static final Ports ALL =
        new Ports(new PortRange(1, 65535), EnumSet.allOf(Protocol.class));

    public Ports {
      protocols = Collections.unmodifiableSet(new TreeSet<>(protocols));
    }

    /** {@code port 5432/TCP}, {@code every port}. */
    @Override
    public String toString() {
      boolean one = range.first() == range.last();
      String numbers = one ? "port " + range.first() : "ports " + range;
      String where = range.equals(ALL.range) ? "every port" : numbers;
      boolean any = protocols.size() == Protocol.values().length;
      return where
          + (any ? "" : "/")
          + (any ? "" : protocols.stream().map(Protocol::name).collect(Collectors.joining(",")));
    }
  }

  /**
   * An intent in one line: {@code deny from namespace=dev to Service/shop/db port 5432/TCP}.
   *
   * @throws UserError when it is none; the message says which part is wrong
   */
  public static Intent parse(String text) {
    return parse(text, Assumptions.NONE);
  }

  /**
   * An intent in one line, which may name what is assumed to make pods: {@code Redis/shop/cache}.
   *
   * @throws UserError when it is none; the message says which part is wrong
   */
  public static Intent parse(String text, Assumptions assumed) {
    Source source = new Source(COMMAND_LINE, text);
    int length = Math.max(1, text.codePointCount(0, text.length()));
    Scalar root = new Scalar(text, text, new Span(1, 1, 1, 1 + length));
    return new IntentText(assumed.kinds())
        .read(text, new Document(source, 0, root).at(NodePath.ROOT));
  }

  /**
   * The intents under a key of the configuration, in the order written; empty when it is missing.
   *
   * @param assumed what they may name beside workloads of the input
   * @throws UserError for what is no list of intents; the message begins with the place
   */
  public static List<Intent> all(Fields configuration, String key, Assumptions assumed) {
    IntentFields fields = new IntentFields(new IntentText(assumed.kinds()));
    return configuration.allFields(key).stream().map(fields::read).toList();
  }

  /** {@code deny from namespace dev to Service shop/db on port 5432/TCP}. */
  @Override
  public String toString() {
    return kind.word() + " from " + from + " to " + to + " on " + ports;
  }
}
