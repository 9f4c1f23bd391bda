package io.inferometer.parser;

/**
 * Lines of a remembered page that were found on this one and are still to be shown: first many are found, then all of them are
 * shown, since a loop that does little is done with each line sooner. One thread.
 */
final class FoundLines {
    /** So many are found before they are shown. */
    static final int MAX = 64;

    int count;

    /** How much further the lines stand on the page than in the memory. */
    int move;

    /** What makes a line's number on the page, from 1, of its place in the table. */
    int numbering;

    /** Which lines of the table they are. */
    final int[] place = new int[MAX];

    /** What those said before that were foretold, in case they turn out to be others. */
    final double[] before = new double[MAX];
}
