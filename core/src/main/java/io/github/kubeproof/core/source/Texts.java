package io.github.kubeproof.core.source;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Turns the bytes of a file into text: UTF-8, or UTF-16 and UTF-32 as YAML 1.2 recognises them, by
 * a byte order mark or by the null bytes around the first character.
 */
final class Texts {

  private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
  private static final Charset UTF_32LE = Charset.forName("UTF-32LE");

  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\u0085\u2028\u2029]+");
  private static final int LONGEST_EXCERPT = 80;

  private Texts() {}

  /** The text without its byte order mark. */
  static String decode(byte[] bytes) throws Refusal {
    Charset charset = charset(bytes);
    String text = new String(bytes, charset);
    // a replacement character is either bad input or really written
    if (text.indexOf('\uFFFD') >= 0) {
      check(bytes, charset);
    }
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      throw notText(text.substring(0, nul), "it holds a null byte");
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** A piece of the input as a message quotes it: in one line, and not for ever. */
  static String excerpt(String text) {
    String line = UNPRINTABLE.matcher(text).replaceAll(" ");
    boolean tooLong = line.codePointCount(0, line.length()) > LONGEST_EXCERPT;
    return tooLong ? line.substring(0, line.offsetByCodePoints(0, LONGEST_EXCERPT)) + "..." : line;
  }

  private static Charset charset(byte[] bytes) {
    int first = at(bytes, 0) << 8 | at(bytes, 1);
    int second = at(bytes, 2) << 8 | at(bytes, 3);
    if (bytes.length >= 4 && first == 0 && (second == 0xFEFF || second >> 8 == 0)) {
      return UTF_32BE;
    }
    if (bytes.length >= 4 && second == 0 && (first == 0xFFFE || (first & 0xFF) == 0)) {
      return UTF_32LE;
    }
    boolean two = bytes.length >= 2;
    if (two && (first == 0xFEFF || (first >> 8 == 0 && first != 0))) {
      return StandardCharsets.UTF_16BE;
    }
    if (two && (first == 0xFFFE || ((first & 0xFF) == 0 && first != 0))) {
      return StandardCharsets.UTF_16LE;
    }
    return StandardCharsets.UTF_8;
  }

  private static int at(byte[] bytes, int index) {
    return index < bytes.length ? Byte.toUnsignedInt(bytes[index]) : 0xFF;
  }

  private static void check(byte[] bytes, Charset charset) throws Refusal {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = charset.newDecoder().decode(in, out, true);
    if (result.isError()) {
      throw notText(out.flip().toString(), "invalid " + charset.name());
    }
  }

  private static Refusal notText(String before, String reason) {
    TextReader reader = new TextReader(before, 0, 0);
    reader.forward(before.length());
    return Refusal.ofFile(Problem.Kind.UNREADABLE, reader.here(), "not text: " + reason);
  }
}
