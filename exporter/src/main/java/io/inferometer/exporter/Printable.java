package io.inferometer.exporter;

/** Text of engines and pages, made fit for a terminal: it must not move the cursor or break a line. */
final class Printable {
    private Printable() {}

    /** {@code text} on one line, without control characters. */
    static String line(String text) {
        int at = 0;
        while (at < text.length() && !isControl(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length());
        for (char c : text.strip().toCharArray()) {
            safe.append(isControl(c) ? (Character.isWhitespace(c) ? ' ' : '?') : c);
        }
        return safe.toString();
    }

    /** {@code text} in at most {@code width} characters. */
    static String cut(String text, int width) {
        int characters = text.codePointCount(0, text.length());
        if (characters <= width) {
            return text;
        }
        return width < 1 ? "" : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }

    static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isControl(char c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.FORMAT // Turns the direction of what follows.
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
