package io.github.kubeproof.cli;

/** The process: the only place that ends it. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    Console console = Console.ofProcess();
    Thread.currentThread()
        .setUncaughtExceptionHandler(
            (thread, thrown) -> System.exit(Crash.report(thrown, console)));
    System.exit(Kubeproof.run(console, args));
  }
}
