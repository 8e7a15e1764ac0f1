package io.github.kubeproof.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntaxErrorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a:~n  b: 1~n  - c | 3:3 a list item cannot stand in the map that starts in line 2",
        "a:~n  - x~n  k: 1 | 3:3 a key cannot stand in the list that starts in line 2",
        "a:~n    b: 1~n  c: 2 | 3:3 wrong indentation: the keys of the map that starts in line 1 stand in column 1",
        "a:~n  - - x~n   - y | 3:4 wrong indentation: the items of the list that starts in line 2 stand in column 3",
        "a: 1~n b: 2 | 2:3 a \":\" cannot stand here: quote the value, or check the indentation",
        "a: b: c | 1:5 a \":\" cannot stand here: quote the value, or check the indentation",
        "` a: 1~nb: 2` | 2:1 this does not belong to the document above it",
        "a: \"x~nb: 1 | 1:4 the quoted string that starts here never ends",
        "a: [1, 2~nb: 3 | 2:2 expected \",\" or \"]\" in the \"[\" of line 1",
        "a: {k: \"x\"; op: y} | 1:11 expected \",\" or \"}\" in the \"{\" of line 1",
        "a: {b: c | 1:4 the \"{\" that stands here is never closed",
        "foo~nbar: 1 | 2:4 a \":\" cannot stand here: quote the value, or check the indentation",
        "a: 1~nfoo~nb: 2 | 2:1 a key without \":\"",
        "a: ] | 1:4 expected a value here",
        "a: @b | 1:4 a value cannot start with \"@\" unless it is quoted",
        "a: %b | 1:4 a value cannot start with \"%\" unless it is quoted",
        "a: {user}/image | 1:10 the value ends before this: quote all of it",
        "a: 'it's' | 1:8 the value ends before this: quote all of it",
        "a: - b | 1:4 a list cannot start here: put its \"-\" on a line of its own",
        "a: \"\\q\" | 1:6 there is no escape \\q in a quoted string",
        "a: \"\\UFFFFFFFF\" | 1:7 an escape names no character of Unicode",
        "`a: |x~n  b` | 1:5 expected chomping or indentation indicators, but found x",
        "a: !x!y z | 1:4 found undefined tag handle !x!",
      })
  void messagesAreOneLineAtTheRightPlace(String text, String expected) {
    Source source = new Source("test.yaml", text.replace("~n", "\n"));
    assertThat(new YamlReader(Limits.DEFAULT).read(source).problems())
        .extracting(
            problem ->
                problem.span().line() + ":" + problem.span().column() + " " + problem.message())
        .containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, U+0001", "7f, U+007F", "fffe, U+FFFE"})
  void controlCharactersAreNamed(String code, String name) {
    String text = "a: b\nc: x" + (char) Integer.parseInt(code, 16) + "y\n";
    assertThat(new YamlReader(Limits.DEFAULT).read(new Source("test.yaml", text)).problems())
        .extracting(problem -> problem.span() + " " + problem.message())
        .containsExactly(Span.at(2, 5) + " the control character " + name + " is not allowed");
  }
}
