package io.inferometer.spi;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All families of a page but their numbers, and where in an array those stand: what pages with the same lines share.
 *
 * <p>Immutable and safe to share.
 */
final class PageShape {
    private final String[] names;
    private final SeriesShape[][] series;

    /** The family to which each number belongs. */
    private final int[] families;

    /** A shape, and the numbers of the page that it was learned from. */
    static final class Learned {
        final PageShape shape;
        final double[] numbers;

        private Learned(PageShape shape, double[] numbers) {
            this.shape = shape;
            this.numbers = numbers;
        }
    }

    private PageShape(int count, int size) {
        names = new String[count];
        series = new SeriesShape[count][];
        families = new int[size];
    }

    /** Learns from families in the order of their page, none of which is empty; each of their series gets a place. */
    static Learned learn(Collection<FamilyDraft> drafts) {
        int size = drafts.stream().mapToInt(FamilyDraft::size).sum();
        PageShape shape = new PageShape(drafts.size(), size);
        double[] numbers = new double[size];
        int family = 0;
        int base = 0;
        for (FamilyDraft draft : drafts) {
            shape.names[family] = draft.name();
            shape.series[family] = draft.shapes(base, numbers);
            Arrays.fill(shape.families, base, base + draft.size(), family);
            base += draft.size();
            family++;
        }
        return new Learned(shape, numbers);
    }

    int familyOf(int number) {
        return families[number];
    }

    /** The families of a page with these numbers, some of which may be made already. */
    Families of(double[] numbers, @Nullable Family[] made) {
        return new Families(made) {
            @Override
            Family make(int place) {
                SeriesShape[] shapes = series[place];
                Series[] all = new Series[shapes.length];
                for (int i = 0; i < all.length; i++) {
                    all[i] = shapes[i].of(numbers);
                }
                return new Family(names[place], List.of(all));
            }
        };
    }
}
