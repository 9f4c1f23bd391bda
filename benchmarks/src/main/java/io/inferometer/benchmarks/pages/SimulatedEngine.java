package io.inferometer.benchmarks.pages;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** An engine that lives from scrape to scrape, by a seeded chance. Not thread-safe. */
final class SimulatedEngine {
    /** How long it has lived when it is first asked. */
    private static final int AGE = 40;

    private final Dialect dialect;
    private final List<Family> families;
    private final boolean shuffled;
    private final Random random = new Random(20261128);

    /**
     * An engine with these families.
     *
     * @param shuffled whether it writes its families in another order at each scrape
     */
    SimulatedEngine(Dialect dialect, List<Family> families, boolean shuffled) {
        this.dialect = dialect;
        this.families = new ArrayList<>(families);
        this.shuffled = shuffled;
        for (int i = 0; i < AGE; i++) {
            move();
        }
    }

    /** The next page. */
    Scrape scrape() {
        move();
        if (shuffled) {
            Collections.shuffle(families, random);
        }
        Exposition page = new Exposition(dialect);
        families.forEach(family -> family.write(page, shuffled, random));
        return page.finish();
    }

    private void move() {
        families.forEach(family -> family.move(random));
    }
}
