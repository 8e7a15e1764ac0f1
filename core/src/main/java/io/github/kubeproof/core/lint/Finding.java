package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.traffic.Flow;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something a rule has to say.
 *
 * @param unit the name of the unit it was found in
 * @param resource the object it is about; null when the document could not be read as one
 * @param place where to look; null when there is no document, then source and span say it
 * @param help what to do; empty where the message says it already
 * @param witness a flow that shows it; null where none is needed
 * @param fix what would mend it; null where nobody can tell for sure
 */
public record Finding(
    RuleInfo rule,
    Severity severity,
    Confidence confidence,
    String unit,
    @Nullable Resource resource,
    Source source,
    Span span,
    @Nullable Place place,
    String message,
    String help,
    List<Note> notes,
    @Nullable Flow witness,
    @Nullable Fix fix) {

  /** By file, position, rule and message: the order of every output. */
  public static final Comparator<Finding> ORDER =
      Comparator.comparing((Finding finding) -> finding.source().name())
          .thenComparing(Finding::span)
          .thenComparing(finding -> finding.rule().id())
          .thenComparing(Finding::message);

  public Finding {
    notes = List.copyOf(notes);
  }

  /** A finding without a fix. */
  public Finding(
      RuleInfo rule,
      Severity severity,
      Confidence confidence,
      String unit,
      @Nullable Resource resource,
      Source source,
      Span span,
      @Nullable Place place,
      String message,
      String help,
      List<Note> notes,
      @Nullable Flow witness) {
    this(
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
        null);
  }

  /** What a rule finds at a place, in no unit and as grave and as certain as the rule says. */
  public static Finding of(
      RuleInfo rule, Place place, String message, List<Note> notes, @Nullable Flow witness) {
    return new Finding(
        rule,
        rule.severity(),
        rule.confidence(),
        "",
        null,
        place.source(),
        place.span(),
        place,
        message,
        "",
        notes,
        witness);
  }

  /** The same finding, judged otherwise. */
  public Finding withSeverity(Severity value) {
    return with(value, notes);
  }

  /** The same finding with other places that explain it. */
  Finding withNotes(List<Note> value) {
    return with(severity, value);
  }

  private Finding with(Severity newSeverity, List<Note> newNotes) {
    return new Finding(
        rule,
        newSeverity,
        confidence,
        unit,
        resource,
        source,
        span,
        place,
        message,
        help,
        newNotes,
        witness,
        fix);
  }
}
