package io.inferometer.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Successive scrapes, round and round, so that nobody learns one by heart. For one thread. */
final class Turns {
    private final byte[][] pages;
    private int turn;

    Turns(List<byte[]> pages) {
        this.pages = pages.toArray(byte[][]::new);
    }

    byte[] next() {
        turn = turn + 1 == pages.length ? 0 : turn + 1;
        return pages[turn];
    }

    /** The same page each time, in another array each time. */
    Turns copiesOfFirst() {
        List<byte[]> copies = new ArrayList<>();
        for (int i = 0; i < pages.length; i++) {
            copies.add(pages[0].clone());
        }
        return new Turns(copies);
    }
}
