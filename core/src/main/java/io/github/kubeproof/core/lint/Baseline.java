package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.lint.Suppressions.Complaint;
import io.github.kubeproof.core.lint.Suppressions.Fault;
import io.github.kubeproof.core.source.Fields;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The findings that were there before, which a project lives with: a file beside the manifests.
 *
 * <p>A finding is recognised by its rule, its object and its field, whatever line it is on. Where
 * several share these, those in the same unit and file belong together; one in another place is
 * taken for a finding that moved only when its object is no longer where it was.
 */
public final class Baseline {

  /** The version of the file's format and of the recipe of its keys. */
  static final int VERSION = 1;

  /** No baseline: everything is new. */
  public static final Baseline NONE = new Baseline(null, List.of(), false);

  private static final int LONGEST_PATH = 200;
  private static final String NAMED_UNIT = "unit ";

  private final @Nullable Path file;
  private final List<BaselineEntry> entries;
  private final boolean fresh;

  private Baseline(@Nullable Path file, List<BaselineEntry> entries, boolean fresh) {
    this.file = file;
    this.entries = entries;
    this.fresh = fresh;
  }

  /**
   * What became of the findings of a baseline.
   *
   * @param added findings that it does not hold
   * @param unchanged findings that it holds
   * @param resolved what it holds that is no more, in words
   * @param updated the text that it would be without what is resolved
   */
  public record Comparison(
      List<Finding> added, List<Unchanged> unchanged, List<String> resolved, String updated) {
    public Comparison {
      added = List.copyOf(added);
      unchanged = List.copyOf(unchanged);
      resolved = List.copyOf(resolved);
    }

    /** {@code 2 new, 498 unchanged, 3 resolved}. */
    @Override
    public String toString() {
      return added.size()
          + " new, "
          + unchanged.size()
          + " unchanged, "
          + resolved.size()
          + " resolved";
    }
  }

  /** A finding that a baseline holds, and the reason that somebody wrote beside it. */
  public record Unchanged(Finding finding, String reason) {}

  /**
   * Reads a baseline.
   *
   * @param mayBeMissing whether a missing file is one that holds whatever is found
   * @throws UserError for a file that is none, or of another version
   */
  public static Baseline read(Path file, boolean mayBeMissing) {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      if (mayBeMissing) {
        return new Baseline(file, List.of(), true);
      }
      throw new UserError("no such baseline: " + file + "; --update-baseline writes it");
    } catch (IOException e) {
      throw new UserError("cannot read the baseline " + file + ": " + e.getMessage());
    }
    Fields top = Fields.read(new Source(file.toString().replace('\\', '/'), text));
    OptionalInt version = top.number("version");
    if (version.isEmpty() || version.getAsInt() != VERSION) {
      throw new UserError(
          (version.isEmpty() ? top.place() : top.at("version"))
              + ": this is no baseline of version "
              + VERSION
              + ", the one that this kubeproof reads; remove the file and make it anew with"
              + " --update-baseline, or use the kubeproof that made it");
    }
    top.only("version", "findings");
    return new Baseline(
        file, top.allFields("findings").stream().map(Baseline::entry).toList(), false);
  }

  /**
   * Leaves what is resolved out of the file.
   *
   * @throws UserError when it cannot be written
   */
  public void write(Comparison comparison) {
    try {
      Files.writeString(Objects.requireNonNull(file), comparison.updated());
    } catch (IOException e) {
      throw new UserError("cannot write the baseline " + file + ": " + e.getMessage());
    }
  }

  private static BaselineEntry entry(Fields fields) {
    fields.only("key", "rule", "count", "unit", "file", "resource", "path", "reason", "until");
    int count = fields.number("count").orElse(1);
    if (count < 1) {
      throw fields.error("count", "the count must be 1 or more");
    }
    return new BaselineEntry(
        fields.requiredText("key"),
        fields.requiredText("rule"),
        count,
        fields.text("unit").orElse(""),
        fields.requiredText("file"),
        fields.text("resource").orElse(""),
        fields.text("path").orElse(""),
        fields.text("reason").orElse(""),
        fields.parsed("until", Baseline::date).orElse(null),
        fields.place());
  }

  private static LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new UserError("not a date like 2027-01-31: " + text);
    }
  }

  boolean isNone() {
    return file == null;
  }

  /**
   * Compares findings with this baseline.
   *
   * @param isThere whether a file, by its absolute path, holds an object that reads so; for an
   *     empty text, whether the file was read at all
   * @param ran ids of the rules that ran; what it holds of others stays
   */
  Comparison compare(
      List<Finding> findings,
      BiPredicate<String, String> isThere,
      Set<String> ran,
      LocalDate today) {
    Map<String, List<Found>> found = new LinkedHashMap<>();
    for (Finding finding : findings) {
      Found item = new Found(finding, entryOf(finding));
      found.computeIfAbsent(item.entry.key(), key -> new ArrayList<>()).add(item);
    }
    List<Held> held = new ArrayList<>();
    List<BaselineEntry> known =
        fresh
            ? summed(found.values().stream().flatMap(List::stream).map(f -> f.entry).toList())
            : entries;
    known.stream()
        .filter(entry -> !entry.isExpired(today)) // its findings are new, and it is not kept
        .forEach(entry -> held.add(new Held(entry)));
    for (Step step : Step.values()) {
      for (Held item : held) {
        item.take(found.getOrDefault(item.entry.key(), List.of()), step, isStill(item, isThere));
      }
    }
    return settled(found, held, isThere, ran);
  }

  /** How a finding is recognised; the surest way comes first. */
  private enum Step {
    SAME_PLACE,
    SAME_FILE,
    SAME_UNIT,
    MOVED;

    boolean joins(BaselineEntry was, BaselineEntry now) {
      return switch (this) {
        case SAME_PLACE -> was.file().equals(now.file()) && was.unit().equals(now.unit());
        case SAME_FILE -> was.file().equals(now.file());
        case SAME_UNIT -> was.unit().equals(now.unit());
        // the same words about files that hold no object say little
        case MOVED -> !was.resource().isEmpty() || name(was).equals(name(now));
      };
    }

    private static String name(BaselineEntry entry) {
      return entry.file().substring(entry.file().lastIndexOf('/') + 1);
    }
  }

  /** A finding as an entry of its own, and the entry that it was recognised by. Mutable. */
  private static final class Found {
    private final Finding finding;
    private final BaselineEntry entry;
    private @Nullable BaselineEntry by;

    Found(Finding finding, BaselineEntry entry) {
      this.finding = finding;
      this.entry = entry;
    }
  }

  /** An entry and the findings that were recognised by it. Mutable. */
  private static final class Held {
    private final BaselineEntry entry;
    private final List<Found> taken = new ArrayList<>();

    Held(BaselineEntry entry) {
      this.entry = entry;
    }

    void take(List<Found> candidates, Step step, boolean isStillThere) {
      boolean mayHaveMoved = step == Step.SAME_PLACE || step == Step.SAME_FILE || !isStillThere;
      for (Found candidate : candidates) {
        if (taken.size() < entry.count()
            && candidate.by == null
            && mayHaveMoved
            && step.joins(entry, candidate.entry)) {
          candidate.by = entry;
          taken.add(candidate);
        }
      }
    }

    int missing() {
      return entry.count() - taken.size();
    }
  }

  /** Whether the object of an entry is where it was, or nobody looked. */
  private boolean isStill(Held held, BiPredicate<String, String> isThere) {
    String name = absolute(held.entry.file());
    return isThere.test(name, held.entry.resource()) || isUnread(name, isThere);
  }

  private static boolean isUnread(String name, BiPredicate<String, String> isThere) {
    return !isThere.test(name, "") && Files.exists(Path.of(name));
  }

  private Comparison settled(
      Map<String, List<Found>> found,
      List<Held> held,
      BiPredicate<String, String> isThere,
      Set<String> ran) {
    List<Finding> added = new ArrayList<>();
    List<Unchanged> unchanged = new ArrayList<>();
    for (List<Found> items : found.values()) {
      for (Found item : items) {
        BaselineEntry by = item.by;
        if (by == null) {
          added.add(item.finding);
        } else {
          unchanged.add(new Unchanged(item.finding, by.reason()));
        }
      }
    }
    List<String> resolved = new ArrayList<>();
    List<BaselineEntry> kept = new ArrayList<>();
    for (Held item : held) {
      Map<List<String>, List<Found>> places =
          item.taken.stream()
              .collect(
                  Collectors.groupingBy(
                      now -> List.of(now.entry.unit(), now.entry.file()),
                      LinkedHashMap::new,
                      Collectors.toList()));
      places
          .values()
          .forEach(here -> kept.add(item.entry.movedTo(here.get(0).entry).withCount(here.size())));
      if (item.missing() > 0) {
        BaselineEntry rest = item.entry.withCount(item.missing());
        boolean known = ran.contains(rest.rule()) && !isUnread(absolute(rest.file()), isThere);
        if (known) {
          resolved.add(rest.toString());
        } else {
          kept.add(rest);
        }
      }
    }
    added.sort(Finding.ORDER);
    unchanged.sort(Comparator.comparing(Unchanged::finding, Finding.ORDER));
    return new Comparison(added, unchanged, resolved, text(summed(kept)));
  }

  /** What is wrong with the entries themselves. */
  List<Complaint> complaints(LocalDate today) {
    List<Complaint> complaints = new ArrayList<>();
    for (BaselineEntry entry : entries) {
      Place place = entry.place();
      if (place != null && entry.isExpired(today)) {
        complaints.add(
            new Complaint(
                Fault.EXPIRED,
                place.source(),
                place.then("until").span(),
                place.then("until"),
                "this entry of the baseline ended on " + entry.until()));
      }
    }
    return complaints;
  }

  /** Entries that differ in their count alone become one. */
  private static List<BaselineEntry> summed(List<BaselineEntry> parts) {
    Map<BaselineEntry, Integer> counts = new LinkedHashMap<>();
    parts.forEach(part -> counts.merge(part.withCount(0), part.count(), Integer::sum));
    List<BaselineEntry> entries = new ArrayList<>();
    counts.forEach((entry, count) -> entries.add(entry.withCount(count)));
    return entries;
  }

  private BaselineEntry entryOf(Finding finding) {
    String resource = finding.resource() == null ? "" : finding.resource().toString();
    String path = Fingerprints.where(finding).replaceFirst("^/", "").replace("/[", "[");
    return new BaselineEntry(
        Fingerprints.key(finding),
        finding.rule().id(),
        1,
        relative(finding.unit()),
        relative(finding.source().name()),
        resource,
        path.length() > LONGEST_PATH ? path.substring(0, LONGEST_PATH) : path,
        "",
        null,
        null);
  }

  private Path folder() {
    Path folder = Objects.requireNonNull(file).toAbsolutePath().normalize().getParent();
    return Objects.requireNonNull(folder);
  }

  /** A file or folder as the baseline names it: as seen from its own folder. */
  private String relative(String name) {
    if (name.equals(Source.STDIN) || name.startsWith(NAMED_UNIT)) {
      return name;
    }
    Path path = Path.of(name).toAbsolutePath().normalize();
    boolean sameRoot = Objects.equals(path.getRoot(), folder().getRoot());
    return (sameRoot ? folder().relativize(path) : path).toString().replace('\\', '/');
  }

  /** The absolute path of a file of the baseline. */
  private String absolute(String name) {
    if (name.equals(Source.STDIN)) {
      return name;
    }
    return folder().resolve(name).normalize().toString();
  }

  private static String text(List<BaselineEntry> entries) {
    StringBuilder text = new StringBuilder();
    text.append(
            "# Findings that were there before; kubeproof lint --baseline does not repeat them.\n")
        .append("version: ")
        .append(VERSION)
        .append("\nfindings:\n");
    entries.stream()
        .sorted(
            Comparator.comparing(BaselineEntry::file)
                .thenComparing(BaselineEntry::rule)
                .thenComparing(BaselineEntry::resource)
                .thenComparing(BaselineEntry::path)
                .thenComparing(BaselineEntry::key)
                .thenComparing(BaselineEntry::unit))
        .forEach(entry -> write(entry, text));
    return text.toString();
  }

  private static void write(BaselineEntry entry, StringBuilder text) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("rule", entry.rule());
    fields.put("file", entry.file());
    fields.put("unit", entry.unit());
    fields.put("resource", entry.resource());
    fields.put("path", entry.path());
    fields.put("key", entry.key());
    fields.put("reason", entry.reason());
    fields.put("until", entry.until() == null ? "" : entry.until().toString());
    text.append("  - { ");
    text.append(
        fields.entrySet().stream()
            .filter(field -> !field.getValue().isEmpty())
            .map(field -> field.getKey() + ": " + Fields.quoted(field.getValue()))
            .collect(Collectors.joining(", ")));
    text.append(", count: ").append(entry.count()).append(" }\n");
  }
}
