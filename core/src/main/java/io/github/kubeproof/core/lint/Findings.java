package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.traffic.Flow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what one rule finds in one unit. */
public final class Findings {

  private final RuleInfo rule;
  private final Cluster cluster;
  private final List<Draft> drafts = new ArrayList<>();

  Findings(RuleInfo rule, Cluster cluster) {
    this.rule = rule;
    this.cluster = cluster;
  }

  /** A finding of the rule's own severity; what else is to be said of it is added to the draft. */
  public Draft report(Resource resource, Place place, String message) {
    return report(resource, place, place.span(), message);
  }

  /**
   * A finding about a part of a text.
   *
   * @param span a stretch of what is written at the place
   */
  public Draft report(Resource resource, Place place, Span span, String message) {
    return add(new Draft(rule, cluster.unit(), resource, place.source(), span, place, message));
  }

  /** A finding about a Service, a policy, a workload or a route. */
  public Draft report(Member member, Place place, String message) {
    return report(member.resource(), place, message);
  }

  /** A finding that repeats a problem of the input. */
  public Draft report(Problem problem) {
    return add(
        new Draft(
            rule,
            cluster.unit(),
            owner(problem.place()),
            problem.source(),
            problem.span(),
            problem.place(),
            problem.message()));
  }

  /** A finding that an intent is violated. */
  public Draft report(JudgedIntent violated) {
    Place place = violated.place();
    Draft draft =
        add(
            new Draft(
                rule,
                cluster.unit(),
                owner(place),
                place.source(),
                place.span(),
                place,
                violated.message()));
    violated.notes().forEach(note -> draft.note(note.place(), note.message()));
    violated.witness().ifPresent(draft::witness);
    return draft;
  }

  /** The object of the unit that a place is in. */
  private @Nullable Resource owner(@Nullable Place place) {
    return place == null
        ? null
        : cluster.resources().stream()
            .filter(resource -> resource.place().document() == place.document())
            .filter(resource -> place.path().below(resource.place().path()).isPresent())
            .findFirst()
            .orElse(null);
  }

  private Draft add(Draft draft) {
    drafts.add(draft);
    return draft;
  }

  List<Finding> all() {
    return drafts.stream().map(Draft::finding).toList();
  }

  /**
   * A finding that is still being written. Mutable, so that a rule can say things one after
   * another.
   */
  public static final class Draft {

    private final RuleInfo rule;
    private final String unit;
    private final @Nullable Resource resource;
    private final Source source;
    private final Span span;
    private final @Nullable Place place;
    private final String message;
    private final List<Note> notes = new ArrayList<>();
    private Severity severity;
    private Confidence confidence;
    private String help = "";
    private @Nullable Flow witness;
    private @Nullable Fix fix;

    private Draft(
        RuleInfo rule,
        String unit,
        @Nullable Resource resource,
        Source source,
        Span span,
        @Nullable Place place,
        String message) {
      this.rule = rule;
      this.unit = unit;
      this.resource = resource;
      this.source = source;
      this.span = span;
      this.place = place;
      this.message = message;
      this.severity = rule.severity();
      this.confidence = rule.confidence();
    }

    public Draft severity(Severity value) {
      severity = value;
      return this;
    }

    public Draft confidence(Confidence value) {
      confidence = value;
      return this;
    }

    /** What to do about it, as an instruction: "set endPort to 9000 or more". */
    public Draft help(String value) {
      help = value;
      return this;
    }

    /** Another place that explains it. */
    public Draft note(Place at, String text) {
      notes.add(new Note(at, text));
      return this;
    }

    /** A flow that shows it. */
    public Draft witness(Flow flow) {
      witness = flow;
      return this;
    }

    /**
     * What mends it without changing what the manifests mean, or of an object that is refused as it
     * stands. The first fix counts.
     *
     * @param title an instruction: "write TCP"
     * @param edits from {@link io.github.kubeproof.core.source.Edits}; no fix where there are none
     */
    public Draft fix(String title, List<Edit> edits) {
      return fix(title, "", edits);
    }

    /**
     * What mends it, but changes the traffic; applied only when the user asks for such fixes.
     *
     * @param effect how the traffic changes, as the end of a sentence: "opens port 8080"
     */
    public Draft unsafeFix(String title, String effect, List<Edit> edits) {
      if (effect.isEmpty()) {
        throw new IllegalArgumentException("no effect of the fix: " + title);
      }
      return fix(title, effect, edits);
    }

    private Draft fix(String title, String effect, List<Edit> edits) {
      if (!rule.fixability().covers(effect.isEmpty())) {
        throw new IllegalStateException(
            "rule " + rule.id() + " does not say that it has such fixes: " + title);
      }
      boolean isWritten = place == null || place.document().renderedBy().isEmpty();
      if (fix == null && !edits.isEmpty() && isWritten) {
        fix = new Fix(title, effect, edits);
      }
      return this;
    }

    private Finding finding() {
      return new Finding(
          rule,
          severity,
          confidence,
          unit,
          resource,
          source,
          span,
          place,
          message,
          help,
          notes,
          witness,
          fix);
    }
  }
}
