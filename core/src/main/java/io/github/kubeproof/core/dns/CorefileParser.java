package io.github.kubeproof.core.dns;

import io.github.kubeproof.core.dns.CorefileFault.Kind;
import io.github.kubeproof.core.dns.ServerBlock.Directive;
import io.github.kubeproof.core.source.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Groups the words of a Corefile by server blocks, as CoreDNS does before any plugin is asked. */
final class CorefileParser extends Dispenser {

  // CoreDNS gives up there, too
  private static final int MOST_EXPANSIONS = 10_000;
  private static final int MOST_TOKENS = 1_000_000;

  private final Function<String, Optional<String>> environment;
  private final Map<String, List<Token>> snippets = new LinkedHashMap<>();
  private final List<ServerBlock> blocks = new ArrayList<>();
  private int expansions;
  private boolean importsServers;

  private List<Token> keys = new ArrayList<>();
  private List<Directive> directives = new ArrayList<>();
  private boolean open;
  private boolean ended;

  CorefileParser(List<Token> tokens, Function<String, Optional<String>> environment) {
    super(tokens);
    this.environment = environment;
  }

  List<ServerBlock> blocks() {
    return blocks;
  }

  /** Whether files are imported between the server blocks, so that there may be more of them. */
  boolean importsServers() {
    return importsServers;
  }

  void parse() throws Misuse {
    while (next()) {
      keys = new ArrayList<>();
      directives = new ArrayList<>();
      open = false;
      one();
      if (!keys.isEmpty()) {
        blocks.add(new ServerBlock(keys, directives, open));
      }
    }
  }

  private void one() throws Misuse {
    addresses();
    if (ended) {
      return;
    }
    if (keys.size() == 1 && keys.get(0).text().matches("(?s)\\(.*\\)")) {
      snippet();
      keys.clear();
    } else {
      contents();
    }
  }

  private void addresses() throws Misuse {
    boolean another = false;
    while (true) {
      String word = replaced(val());
      if (word.equals("import") && isNewLine()) {
        importsServers = true;
        if (!doImport()) {
          ended = true;
          return;
        }
        continue;
      }
      if (word.equals("{")) {
        if (another) {
          throw misuse("a comma promises another zone, but the block opens: take the comma out");
        }
        return;
      }
      if (!word.isEmpty()) {
        another = word.endsWith(",");
        keys.add(token().withText(another ? word.substring(0, word.length() - 1) : word));
      }
      boolean more = next();
      if (!more && another) {
        throw misuse("the file ends where another zone is expected");
      }
      if (!more) {
        ended = true;
        return;
      }
      if (!another && isNewLine()) {
        return;
      }
    }
  }

  private void contents() throws Misuse {
    boolean braces = val().equals("{");
    if (!braces) {
      cursor--; // the only server of a file needs no braces
    }
    directives();
    if (braces && !val().equals("}")) {
      throw misuse("the block is not closed: } is missing after " + quoted());
    }
  }

  private void directives() throws Misuse {
    while (next()) {
      if (val().equals("}")) {
        return;
      }
      if (val().equals("import")) {
        doImport();
        cursor--;
        continue;
      }
      directive();
    }
  }

  private void directive() throws Misuse {
    String name = replaced(val());
    if (!Plugins.NAMES.contains(name)) {
      throw new Misuse(
          token(),
          "there is no plugin \"" + name + "\"" + Spelling.hint(name, Plugins.NAMES),
          Kind.UNKNOWN_PLUGIN);
    }
    List<Token> words = new ArrayList<>();
    words.add(token());
    int nesting = 0;
    while (next()) {
      if (val().equals("{")) {
        nesting++;
      } else if (isNewLine() && nesting == 0) {
        cursor--;
        break;
      } else if (val().equals("}") && nesting > 0) {
        nesting--;
      } else if (val().equals("}")) {
        throw misuse("} closes nothing: put it on a line of its own");
      } else if (val().equals("import") && isNewLine()) {
        doImport();
        cursor--;
        continue;
      }
      tokens.set(cursor, token().withText(replaced(val())));
      words.add(token());
    }
    if (nesting > 0) {
      throw misuse("the file ends inside a block: } is missing");
    }
    directives.add(new Directive(name, words));
  }

  /**
   * Puts what is imported in place of the import. Files are not known: they stand for nothing, and
   * the block stays open.
   *
   * @return whether there is a word to go on with
   */
  private boolean doImport() throws Misuse {
    if (!nextArg()) {
      throw wrongCount();
    }
    String pattern = replaced(val());
    if (pattern.isEmpty()) {
      throw misuse("import needs the name of a snippet or a file");
    }
    if (nextArg()) {
      throw misuse("import takes only one name or pattern");
    }
    List<Token> imported = List.of();
    if (snippets.containsKey(pattern)) {
      expansions++;
      imported = snippets.getOrDefault(pattern, List.of());
      if (expansions > MOST_EXPANSIONS || tokens.size() + imported.size() > MOST_TOKENS) {
        throw misuse(
            "more than " + MOST_EXPANSIONS + " imports of snippets: they import each other");
      }
    } else if (pattern.equals("Corefile") || pattern.endsWith("/coredns/Corefile")) {
      throw misuse("the Corefile imports itself");
    } else if (isFile(pattern)) {
      open = true;
    } else {
      throw misuse(
          "there is no snippet \""
              + pattern
              + "\" above"
              + Spelling.hint(pattern, snippets.keySet()));
    }
    List<Token> place = tokens.subList(cursor - 1, cursor + 1);
    place.clear();
    tokens.addAll(cursor - 1, imported);
    cursor--;
    return cursor < tokens.size();
  }

  private static boolean isFile(String pattern) {
    return pattern.matches(".*[/.*?\\[{$].*");
  }

  private void snippet() throws Misuse {
    String key = keys.get(0).text();
    String name = key.substring(1, key.length() - 1);
    if (snippets.containsKey(name)) {
      throw misuse("the snippet \"" + name + "\" is there twice");
    }
    if (!val().equals("{")) {
      throw misuse("a snippet needs braces");
    }
    List<Token> body = new ArrayList<>();
    int nesting = 1;
    while (next()) {
      if (val().equals("}")) {
        nesting--;
        if (nesting == 0) {
          break;
        }
      } else if (val().equals("{")) {
        nesting++;
      }
      body.add(token());
    }
    if (nesting != 0) {
      throw misuse("the snippet \"" + name + "\" is not closed: } is missing");
    }
    for (int i = 0; i + 1 < body.size(); i++) {
      boolean starts = i == 0 || body.get(i - 1).line() != body.get(i).line();
      if (body.get(i).is("import") && starts && replaced(body.get(i + 1).text()).equals(name)) {
        throw misuse("the snippet \"" + name + "\" imports itself");
      }
    }
    snippets.put(name, body);
  }

  /** With environment variables filled in; one that nobody knows stays as it is written. */
  private String replaced(String word) {
    return replaced(replaced(word, "{%", "%}"), "{$", "}");
  }

  private String replaced(String word, String start, String end) {
    String text = word;
    int from = 0;
    while (true) {
      int index = text.indexOf(start, from);
      int close = index < 0 ? -1 : text.indexOf(end, index);
      if (close <= index + start.length()) {
        return text;
      }
      Optional<String> value = environment.apply(text.substring(index + start.length(), close));
      if (value.isEmpty()) {
        from = close;
        continue;
      }
      text = text.replace(text.substring(index, close + end.length()), value.get());
      from = 0;
      if (text.length() > 100_000) {
        return text;
      }
    }
  }
}
