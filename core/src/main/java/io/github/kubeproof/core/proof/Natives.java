package io.github.kubeproof.core.proof;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The solver's two native libraries: found on disk, compared with the checksums we know, loaded.
 *
 * <p>They are looked for where the system property {@code kubeproof.natives} points (a folder, or
 * the two files separated like a class path), without it among the files given to {@link #use}, and
 * without those in a folder {@code natives} beside or above the jar of this class. Each may have
 * its plain name or the name of its Maven artifact. Nothing is unpacked or written, so any number
 * of processes may start at once and a read-only home or a temporary folder without execution does
 * no harm; only a second class loader of one JVM, and Windows with artifact names, need a hard link
 * in a temporary folder of their own.
 *
 * <p>Every file is hashed before each load: its result is remembered nowhere, because nothing on a
 * shared machine would be a safe place. By its SHA-256 where the file came by another way than our
 * jar, such as a Maven repository. Those beside the jar came in one archive with it, and whoever
 * can replace them can replace the jar: there CRC-32 finds a damaged, foreign or outdated file, in
 * 10 ms. SHA-256 of 35 MB takes 65 to 90 ms, and 300 ms under the launcher's {@code
 * -XX:TieredStopAtLevel=1}: only the second compiler uses the processor's instructions for it.
 * {@link #prefetch} loads in the background while the manifests are read.
 */
public final class Natives {

  /** What came of loading the libraries. */
  public sealed interface Loading {

    /** The solver may be used. */
    record Loaded() implements Loading {}

    /** There is no solver in this run; the reason is one line for the user. */
    record Unavailable(String reason) implements Loading {}
  }

  private static final String PROPERTY = "kubeproof.natives";

  // In the order of loading: libz3java refers to libz3.
  // INVARIANT: the JVM binds them to the class loader of this class, so Z3's classes must share it.
  private static final List<String> LIBRARIES = List.of("libz3", "libz3java");

  // what a caller without a distribution brings along; as global as the libraries themselves are
  private static volatile List<String> given = List.of();

  // the JVM runs this at the first load() and makes every other thread wait for it
  private static final class Once {
    static final Loading LOADING = load();

    private static Loading load() {
      List<String> told = told();
      return told.isEmpty()
          ? Natives.load(Host.ofThisJvm(), shipped(), Natives::crc32)
          : Natives.load(Host.ofThisJvm(), told);
    }
  }

  private Natives() {}

  /**
   * The file names of this machine's libraries, {@code libz3-x64.so}: classifier and type of their
   * Maven artifacts. Empty where there are none.
   */
  public static List<String> artifacts() {
    Host host = Host.ofThisJvm();
    return host.ending().isEmpty() || host.chip().isEmpty()
        ? List.of()
        : LIBRARIES.stream().map(host::artifact).toList();
  }

  /**
   * Has these files loaded instead of those of the distribution; of no effect after {@link #load}.
   * Where the system property is set, it wins.
   */
  public static void use(List<Path> libraries) {
    given = libraries.stream().map(Path::toString).toList();
  }

  /** Loads the libraries at the first call; every later call has the same answer. */
  public static Loading load() {
    return Once.LOADING;
  }

  /** Starts loading in the background, so that a later {@link #load} has less to wait for. */
  public static void prefetch() {
    Thread thread = new Thread(Natives::load, "solver-libraries");
    thread.setDaemon(true);
    thread.start();
  }

  /** Hashes a file in one of the two ways that {@code natives.properties} knows. */
  private interface Hash {
    String of(Path file) throws IOException;
  }

  static Loading load(Host host, List<String> places) {
    return load(host, places, Natives::sha256);
  }

  private static Loading load(Host host, List<String> places, Hash hash) {
    // else the first Z3 class that is used searches java.library.path by itself
    System.setProperty("z3.skipLibraryLoad", "true");
    if (host.ending().isEmpty() || host.chip().isEmpty()) {
      return new Loading.Unavailable("there is no solver library for " + host);
    }
    Map<String, Path> files = new LinkedHashMap<>();
    try {
      Properties checksums = checksums();
      for (String library : LIBRARIES) {
        Optional<Path> file = find(host, library, places);
        if (file.isEmpty()) {
          return new Loading.Unavailable(
              "found no solver library %s; looked in %s".formatted(host.plain(library), places));
        }
        String checksum = hash.of(file.get());
        String known = checksums.getProperty(host.artifact(library), "");
        if (!List.of(known.split(" ", -1)).contains(checksum)) {
          return new Loading.Unavailable(
              "%s is not the %s that this version of Kubeproof knows: its checksum is %s"
                  .formatted(file.get(), host.artifact(library), checksum));
        }
        files.put(host.plain(library), file.get());
      }
      open(host, files);
      return new Loading.Loaded();
    } catch (IOException | UncheckedIOException | InvalidPathException e) {
      return new Loading.Unavailable("cannot read the solver libraries: " + e);
    } catch (UnsatisfiedLinkError | IllegalCallerException e) {
      // IllegalCallerException: --illegal-native-access=deny, from JDK 24 on
      return new Loading.Unavailable("cannot load the solver libraries: " + e.getMessage());
    }
  }

  /** The files and folders that somebody told us to look at; none if nobody did. */
  private static List<String> told() {
    String property = System.getProperty(PROPERTY, "");
    return property.isBlank()
        ? given
        : Stream.of(property.split(File.pathSeparator)).filter(p -> !p.isBlank()).toList();
  }

  /** The folders that the distribution has them in. */
  private static List<String> shipped() {
    CodeSource source = Natives.class.getProtectionDomain().getCodeSource();
    if (source == null || !source.getLocation().getProtocol().equals("file")) {
      return List.of();
    }
    Path jar = Path.of(URI.create(source.getLocation().toString()));
    return Stream.of("natives", "../natives")
        .map(folder -> jar.resolveSibling(folder).normalize().toString())
        .toList();
  }

  private static Optional<Path> find(Host host, String library, List<String> places)
      throws IOException {
    for (String name : places) {
      Path place = Path.of(name).toAbsolutePath();
      try (Stream<Path> files =
          Files.isDirectory(place) ? Files.list(place) : Stream.of(place).filter(Files::exists)) {
        Optional<Path> found = files.filter(f -> host.matches(f, library)).sorted().findFirst();
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    read(file, digest::update);
    return "SHA-256:" + HexFormat.of().formatHex(digest.digest());
  }

  private static String crc32(Path file) throws IOException {
    CRC32 checksum = new CRC32();
    read(file, checksum::update);
    return "CRC-32:" + HexFormat.of().toHexDigits((int) checksum.getValue());
  }

  /** What takes some bytes of a buffer. */
  private interface Sink {
    void take(byte[] buffer, int offset, int length);
  }

  // read, not mapped: a file cut short under a mapping kills the JVM
  private static void read(Path file, Sink sink) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 18];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sink.take(buffer, 0, n);
      }
    }
  }

  private static Properties checksums() throws IOException {
    Properties checksums = new Properties();
    try (InputStream in =
        Objects.requireNonNull(Natives.class.getResourceAsStream("natives.properties"))) {
      checksums.load(in);
    }
    return checksums;
  }

  private static void open(Host host, Map<String, Path> files) throws IOException {
    // How libz3java finds the libz3 that is already in the process: Linux by SONAME and macOS by
    // install name, which a renamed file keeps; Windows by file name, so it has to be the plain one
    boolean plain =
        files.entrySet().stream()
            .allMatch(file -> file.getValue().endsWith(Path.of(file.getKey())));
    if (host.ending().equals(".dll") && !plain) {
      openElsewhere(files);
      return;
    }
    try {
      for (Path file : files.values()) {
        System.load(file.toString());
      }
    } catch (UnsatisfiedLinkError e) {
      // The JVM lends a path to one class loader only, and two plugins of a Maven build are two.
      // It goes by the path: another link to the file will do, and the system shares its memory.
      if (!String.valueOf(e.getMessage()).contains("already loaded in another")) {
        throw e;
      }
      openElsewhere(files);
    }
  }

  private static void openElsewhere(Map<String, Path> files) throws IOException {
    // made for the user alone (0700), under a name that no other process has
    Path folder = Files.createTempDirectory("kubeproof-natives");
    List<Path> made = new ArrayList<>(List.of(folder));
    try {
      for (Map.Entry<String, Path> file : files.entrySet()) {
        Path link = folder.resolve(file.getKey());
        made.add(0, link);
        try {
          Files.createLink(link, file.getValue());
        } catch (IOException | UnsupportedOperationException e) {
          // another volume, or a system that protects other people's files from being linked
          Files.copy(file.getValue(), link);
        }
        System.load(link.toString());
      }
    } finally {
      for (Path path : made) {
        // Windows keeps a library in use, so there the link waits for the next cleaning of TEMP
        path.toFile().delete();
      }
    }
  }

  /** The operating system and the processor, in the words of Java and of the artifacts. */
  record Host(String os, String arch) {

    static Host ofThisJvm() {
      return new Host(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /** What the file name of a library ends with; empty where there is none. */
    String ending() {
      String lower = os.toLowerCase(Locale.ROOT);
      if (lower.startsWith("windows")) {
        return ".dll";
      }
      return lower.equals("linux") ? ".so" : lower.startsWith("mac") ? ".dylib" : "";
    }

    /** The processor in the words of the artifacts; empty where there is no library for it. */
    String chip() {
      return switch (arch) {
        case "amd64", "x86_64" -> "x64";
        case "aarch64" -> "arm64";
        default -> "";
      };
    }

    String plain(String library) {
      return library + ending();
    }

    String artifact(String library) {
      return library + "-" + chip() + ending();
    }

    boolean matches(Path file, String library) {
      String name = String.valueOf(file.getFileName());
      return name.equals(plain(library)) || name.endsWith("-" + artifact(library));
    }

    @Override
    public String toString() {
      return os + "/" + arch;
    }
  }
}
