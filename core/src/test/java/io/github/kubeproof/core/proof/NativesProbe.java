package io.github.kubeproof.core.proof;

import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import com.microsoft.z3.Solver;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Loads the solver and asks it one question: in a JVM or a class loader of its own. */
public final class NativesProbe {

  private NativesProbe() {}

  /** The answer to one satisfiable question and its negation, or the reason why there is none. */
  public static String ask() {
    if (Natives.load() instanceof Natives.Loading.Unavailable none) {
      return none.reason();
    }
    try (Context context = new Context()) {
      Solver solver = context.mkSolver("QF_BV");
      var port = context.mkBVConst("port", 16);
      solver.add(new BoolExpr[] {context.mkBVUGT(port, context.mkBV(1024, 16))});
      String first = solver.check().toString();
      solver.add(new BoolExpr[] {context.mkBVULT(port, context.mkBV(1024, 16))});
      return first + " " + solver.check();
    }
  }

  /** The same in a class loader that shares nothing with this one. */
  static String askInAnotherClassLoader() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (Path path : classPath()) {
      urls.add(path.toUri().toURL());
    }
    try (var loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> probe = loader.loadClass(NativesProbe.class.getName());
      return (String) probe.getMethod("ask").invoke(null);
    }
  }

  /** All that a JVM needs to run this class. */
  static List<Path> classPath() throws Exception {
    List<Path> paths = new ArrayList<>();
    for (Class<?> type : List.of(Natives.class, NativesProbe.class, Context.class)) {
      paths.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
    }
    return paths;
  }

  static String joined(Stream<Path> paths) {
    return paths.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /** Asks once, and once more in another class loader for every argument. */
  public static void main(String[] arguments) throws Exception {
    Natives.prefetch();
    System.out.println(ask());
    for (int i = 0; i < arguments.length; i++) {
      System.out.println(askInAnotherClassLoader());
    }
  }
}
