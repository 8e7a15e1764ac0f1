package io.github.kubeproof.core.manifest;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.NodePath;
import java.io.Reader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tree of nodes read as if it were JSON, for Gson; it stands somewhere in the tree and moves on.
 *
 * <p>In an object of fixed fields (see {@link #expect}) null fields and unknown ones are passed
 * over: for the API server null is unset, and what is unknown has been reported before.
 */
final class NodeReader extends JsonReader {

  /** A map or list that is open, with the number of its next entry or item. */
  private static final class Frame {
    private final @Nullable Frame outer;
    private final Node node;
    private final NodePath path;
    private final @Nullable Shape shape;
    private int next;

    Frame(@Nullable Frame outer, Node node, NodePath path, @Nullable Shape shape) {
      this.outer = outer;
      this.node = node;
      this.path = path;
      this.shape = shape;
    }
  }

  private final Faults faults;
  private final Origins origins;
  private @Nullable Frame frame;
  private @Nullable Shape expected;
  // the value to be read next; null before a name and at an end
  private @Nullable Node value;
  private NodePath path;
  private boolean insideStatus;

  NodeReader(Node root, NodePath path, Faults faults, Origins origins) {
    super(Reader.nullReader());
    this.value = root;
    this.path = path;
    this.faults = faults;
    this.origins = origins;
  }

  Faults faults() {
    return faults;
  }

  Origins origins() {
    return origins;
  }

  /** The path of the value that is read next. */
  NodePath path() {
    return path;
  }

  /** The value that is read next, without moving on. */
  Node node() {
    if (value == null) {
      throw new IllegalStateException("no value to read at " + path);
    }
    return value;
  }

  /** The value that is read next; moves on behind it. */
  Node take() {
    Node taken = node();
    value = null;
    settle();
    return taken;
  }

  /** Reads another value in the place of the one that is read next. */
  void replace(Node other) {
    value = other;
  }

  /** Whether this is the part of an object that controllers write, not people. */
  boolean insideStatus() {
    return insideStatus;
  }

  /** Says which fields the map that is read next may have; its other fields are passed over. */
  void expect(Shape shape) {
    expected = shape;
  }

  /** The maps of fixed fields around the value that is read next; null when there are none. */
  @Nullable Level level() {
    return level(frame);
  }

  private static @Nullable Level level(@Nullable Frame from) {
    for (Frame at = from; at != null; at = at.outer) {
      if (at.shape != null) {
        return new Level(at.shape, at.path, level(at.outer));
      }
    }
    return null;
  }

  @Override
  public void beginObject() {
    begin((Node.Mapping) node());
  }

  @Override
  public void beginArray() {
    begin((Node.Sequence) node());
    settle();
  }

  private void begin(Node container) {
    frame = new Frame(frame, container, path, expected);
    expected = null;
    value = null;
  }

  @Override
  public void endObject() {
    end();
  }

  @Override
  public void endArray() {
    end();
  }

  private void end() {
    Frame ended = open();
    frame = ended.outer;
    path = ended.path;
    settle();
  }

  // the next item of a list is at hand at once, the next value of a map only after its name
  private void settle() {
    if (frame != null
        && frame.node instanceof Node.Sequence list
        && frame.next < list.items().size()) {
      value = list.items().get(frame.next);
      path = frame.path.item(frame.next);
      frame.next++;
    }
  }

  @Override
  public boolean hasNext() {
    return open().node instanceof Node.Mapping map ? nextEntry(map) != null : value != null;
  }

  private Node.@Nullable Entry nextEntry(Node.Mapping map) {
    Frame at = open();
    List<Node.Entry> entries = map.entries();
    while (at.next < entries.size()) {
      Node.Entry entry = entries.get(at.next);
      if (at.shape == null || (at.shape.fields().contains(entry.key()) && !isNull(entry.value()))) {
        return entry;
      }
      at.next++;
    }
    return null;
  }

  static boolean isNull(Node node) {
    return node instanceof Node.Scalar scalar && scalar.isNull();
  }

  private Frame open() {
    if (frame == null) {
      throw new IllegalStateException("outside of every map and list at " + path);
    }
    return frame;
  }

  @Override
  public String nextName() {
    Frame at = open();
    Node.Entry entry = nextEntry((Node.Mapping) at.node);
    if (entry == null) {
      throw new IllegalStateException("no further name at " + path);
    }
    at.next++;
    if (at.outer == null) {
      insideStatus = entry.key().equals("status");
    }
    value = entry.value();
    path = at.path.key(entry.key());
    return entry.key();
  }

  @Override
  public JsonToken peek() {
    if (value == null) {
      if (frame == null) {
        return JsonToken.END_DOCUMENT;
      }
      if (frame.node instanceof Node.Mapping) {
        return hasNext() ? JsonToken.NAME : JsonToken.END_OBJECT;
      }
      return JsonToken.END_ARRAY;
    }
    if (value instanceof Node.Mapping) {
      return JsonToken.BEGIN_OBJECT;
    }
    if (value instanceof Node.Sequence) {
      return JsonToken.BEGIN_ARRAY;
    }
    Object scalar = ((Node.Scalar) value).value();
    if (scalar == null) {
      return JsonToken.NULL;
    }
    if (scalar instanceof Boolean) {
      return JsonToken.BOOLEAN;
    }
    return scalar instanceof String ? JsonToken.STRING : JsonToken.NUMBER;
  }

  // the readers of leaves below serve Gson's own adapter for free-form fields; ours call take()

  @Override
  public String nextString() {
    return String.valueOf(((Node.Scalar) take()).value());
  }

  @Override
  public boolean nextBoolean() {
    return Boolean.TRUE.equals(((Node.Scalar) take()).value());
  }

  @Override
  public double nextDouble() {
    return Double.parseDouble(nextString());
  }

  @Override
  public long nextLong() {
    return Long.parseLong(nextString());
  }

  @Override
  public int nextInt() {
    return Integer.parseInt(nextString());
  }

  @Override
  public void nextNull() {
    take();
  }

  @Override
  public void skipValue() {
    take();
  }

  @Override
  public String getPath() {
    return path.toString();
  }

  @Override
  public String getPreviousPath() {
    return path.toString();
  }

  @Override
  public String toString() {
    return "NodeReader at " + path;
  }

  @Override
  public void close() {
    // nothing is open
  }
}
