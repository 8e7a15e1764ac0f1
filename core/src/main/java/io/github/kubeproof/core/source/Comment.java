package io.github.kubeproof.core.source;

/**
 * A comment of a file that speaks to Kubeproof.
 *
 * @param line counted from 1
 * @param column of the {@code #}, in code points, counted from 1
 * @param text from the {@code #} to the end of the line, without trailing blanks
 * @param alone whether nothing but blanks stands before it
 */
public record Comment(int line, int column, String text, boolean alone) {}
