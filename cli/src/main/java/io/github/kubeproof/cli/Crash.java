package io.github.kubeproof.cli;

/** What is said when we failed, not the user. Needs no class that may be what is missing. */
final class Crash {

  private Crash() {}

  /** Says so, with all that helps to find out why, and answers with the exit code. */
  static int report(Throwable thrown, Console console) {
    if (thrown instanceof OutOfMemoryError) {
      console.say(
          "out of memory; give it more with KUBEPROOF_JAVA_OPTS=-Xmx2g, or lint fewer files at once");
    } else {
      Build build = Build.read();
      console.say(
          "this is a bug of kubeproof "
              + build.version()
              + " (Java "
              + Runtime.version()
              + ", "
              + System.getProperty("os.name")
              + "); please report it with the lines below");
    }
    thrown.printStackTrace(console.err());
    return Exit.OUR_BUG;
  }
}
