package io.inferometer.kubernetes;

import java.util.ArrayList;
import java.util.List;

/** The words of a shell's command line, far enough to find options: quotes, backslashes, comments; no expansion. */
final class ShellWords {
    private static final int TEXT_MAX = 100_000;

    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private ShellWords(String text) {
        this.text = text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) : text;
    }

    static List<String> of(String text) {
        return new ShellWords(text).split();
    }

    private List<String> split() {
        while (at < text.length()) {
            step(text.charAt(at++));
        }
        end();
        return words;
    }

    private void step(char c) {
        if (c == '\\') {
            escape();
        } else if (c == '\'' || c == '"') {
            quote(c);
        } else if (Character.isWhitespace(c) || c == ';' || c == '&' || c == '|') {
            end();
        } else if (c == '#' && !inWord) {
            skipLine();
        } else {
            append(c);
        }
    }

    /** A backslash before the end of a line joins two lines. */
    private void escape() {
        if (at < text.length() && text.charAt(at++) != '\n') {
            append(text.charAt(at - 1));
        }
    }

    private void quote(char end) {
        inWord = true;
        while (at < text.length() && text.charAt(at) != end) {
            if (end == '"' && text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            append(text.charAt(at++));
        }
        at++;
    }

    private void skipLine() {
        while (at < text.length() && text.charAt(at) != '\n') {
            at++;
        }
    }

    private void append(char c) {
        inWord = true;
        word.append(c);
    }

    private void end() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
