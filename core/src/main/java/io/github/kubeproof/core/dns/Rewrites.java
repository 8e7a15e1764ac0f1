package io.github.kubeproof.core.dns;

import io.github.kubeproof.core.source.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the plugin rewrite wants of its rules (plugin/rewrite/README.md). */
final class Rewrites {

  private static final Set<String> TYPES =
      Set.of("answer", "class", "cname", "edns0", "name", "rcode", "ttl", "type");
  private static final Set<String> MATCHES =
      Set.of("exact", "prefix", "suffix", "substring", "regex");

  private final Dispenser words;

  Rewrites(Dispenser words) {
    this.words = words;
  }

  void check() throws Misuse {
    Token plugin = words.token();
    List<Token> args = new ArrayList<>(words.remaining());
    while (words.nextBlock()) {
      args.add(words.token());
    }
    int start = 0;
    if (!args.isEmpty() && (args.get(0).is("continue") || args.get(0).is("stop"))) {
      start = 1;
    }
    if (args.size() <= start) {
      throw new Misuse(plugin, "rewrite needs a rule: name, type, class, ttl, ...");
    }
    Token type = args.get(start);
    List<Token> rest = args.subList(start + 1, args.size());
    switch (type.text()) {
      case "name" -> name(type, rest);
      case "class" -> pair(type, rest, DnsWords.CLASSES);
      case "type" -> pair(type, rest, DnsWords.TYPES);
      case "ttl" -> ttl(type, rest);
      case "cname", "edns0", "rcode" -> {}
      case "answer" ->
          throw new Misuse(type, "a rule for answers must begin with a rule for the name");
      default ->
          throw new Misuse(
              type,
              "rewrite has no rule \"" + type.text() + "\"" + Spelling.hint(type.text(), TYPES));
    }
  }

  private static void name(Token type, List<Token> args) throws Misuse {
    if (args.size() < 2) {
      throw new Misuse(type, "a rule for names needs two names, or a kind of match and two names");
    }
    if (args.size() > 2) {
      match(args.get(0));
      if (args.get(0).text().toLowerCase(Locale.ROOT).equals("regex")) {
        Plugins.regex(args.get(1));
      }
    }
  }

  private static void match(Token token) throws Misuse {
    if (!MATCHES.contains(token.text().toLowerCase(Locale.ROOT))) {
      throw new Misuse(
          token,
          "names are matched by exact, prefix, suffix, substring or regex, not by \""
              + token.text()
              + "\"");
    }
  }

  private static void pair(Token type, List<Token> args, Set<String> known) throws Misuse {
    if (args.size() != 2) {
      throw new Misuse(type, "a rule for the " + type.text() + " needs exactly two values");
    }
    for (Token arg : args) {
      if (!known.contains(arg.text().toUpperCase(Locale.ROOT))) {
        throw new Misuse(
            arg,
            known == DnsWords.TYPES
                ? DnsWords.unknownType(arg.text())
                : DnsWords.unknownClass(arg.text()));
      }
    }
  }

  private static void ttl(Token type, List<Token> args) throws Misuse {
    if (args.size() < 2) {
      throw new Misuse(type, "a rule for the time to live needs a name and seconds");
    }
    if (args.size() > 2) {
      match(args.get(0));
    }
    Token seconds = args.get(args.size() == 2 ? 1 : 2);
    if (!seconds.text().matches("[0-9]{0,10}-?[0-9]{0,10}")
        || !seconds.text().matches(".*[0-9].*")) {
      throw new Misuse(seconds, "\"" + seconds.text() + "\" is no time to live");
    }
  }
}
