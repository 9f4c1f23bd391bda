package io.inferometer.collect;

/** Foreign text made fit for one line of a message. */
final class Printable {
    private static final int EXCERPT_MAX = 120;

    private Printable() {}

    /** The beginning of {@code text}: one line, no control characters, 120 characters at most. */
    static String excerpt(String text) {
        String line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ").replaceAll("\\p{Cf}", "");
        return line.length() <= EXCERPT_MAX ? line : line.substring(0, EXCERPT_MAX) + "…";
    }
}
