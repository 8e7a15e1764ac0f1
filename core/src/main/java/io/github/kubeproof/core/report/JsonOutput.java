package io.github.kubeproof.core.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import java.io.IOException;
import java.io.Writer;

/** JSON as we write it: indented, with {@code \n}, and in ASCII, so that any terminal is safe. */
final class JsonOutput {

  private JsonOutput() {}

  /** A generator that leaves the writer open. */
  static JsonGenerator to(Writer out) throws IOException {
    JsonGenerator json = new JsonFactory().createGenerator(out);
    return json.setPrettyPrinter(printer())
        .setHighestNonEscapedChar(0x7e)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }

  private static DefaultPrettyPrinter printer() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    Separators separators =
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators);
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    return printer;
  }
}
