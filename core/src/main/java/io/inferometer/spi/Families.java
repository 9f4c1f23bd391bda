package io.inferometer.spi;

import org.jspecify.annotations.Nullable;

/**
 * The families of a page by their place, each made when somebody first asks for it.
 *
 * <p>Safe to share: two threads may both make a family, and make the same.
 */
abstract class Families {
    private final @Nullable Family[] made;

    Families(int count) {
        this(new Family[count]);
    }

    /** Some of which are made already. */
    Families(@Nullable Family[] made) {
        this.made = made;
    }

    /** Families that are there. */
    static Families of(Family[] all) {
        return new Families(all) {
            @Override
            Family make(int place) {
                throw new IllegalStateException("All of these families are made");
            }
        };
    }

    final int count() {
        return made.length;
    }

    final Family at(int place) {
        Family known = made[place];
        if (known == null) {
            known = make(place);
            made[place] = known;
        }
        return known;
    }

    /** Those that are made, in an array that is the caller's. */
    final @Nullable Family[] made() {
        return made.clone();
    }

    abstract Family make(int place);
}
