package io.inferometer.spi;

import io.inferometer.parser.ChangeHandler;
import io.inferometer.parser.ParseSummary;
import io.inferometer.parser.ParserOptions;
import io.inferometer.parser.RepeatParser;
import io.inferometer.parser.Sample;
import io.inferometer.parser.SampleHandler;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the successive pages of one target, and of each only what changed.
 *
 * <p>Gives the same pages as a {@link PageReader}. As long as the names and labels stay as they are, a number that changed is
 * put where the one before it was, and what did not change is the last page's own. Where a line came or went, the page is
 * read anew. A line that only moved stays where it was. For one thread.
 */
public final class RepeatPageReader {
    private static final PageReader.@Nullable Place[] NO_PLACES = {};
    private static final int[] NO_CELLS = {};

    /** Of no interest, and the start of the process, where others have the place of a number. */
    private static final int IGNORED = -1;

    private static final int START_TIME = -2;

    private final List<MetricTable> tables;
    private final RepeatParser parser;
    private final Learner learner = new Learner();
    private @Nullable Page last;
    private int layouts;

    /** Reads a page from its first line to its last. */
    private @Nullable PageReader reader;

    private PageReader.@Nullable Place[] places = NO_PLACES;

    // Of pages with the same lines as the last one; none if it takes all lines to know what counts.
    private @Nullable PageShape shape;
    private double[] numbers = {};
    private int[] cells = NO_CELLS;

    /** The families of which a number changed since the last page. */
    private boolean[] changed = {};

    private @Nullable Instant startedAt;

    /**
     * A reader for one target.
     *
     * @param tables the tables whose families are wanted
     * @param options how to parse
     * @param rememberedBytesMax the largest page that is remembered, in bytes
     */
    public RepeatPageReader(List<MetricTable> tables, ParserOptions options, int rememberedBytesMax) {
        this.tables = List.copyOf(tables);
        this.parser = new RepeatParser(options, rememberedBytesMax);
    }

    /**
     * Reads a page that came whole.
     *
     * @param bytes holds the page; the caller's again when this returns
     * @param from where the page begins
     * @param length its size in bytes
     * @param also hears every sample, changed or not; null when nobody wants to, which is what makes it fast
     * @return the page
     */
    public Page read(byte[] bytes, int from, int length, @Nullable SampleHandler also) {
        if (also != null) {
            parser.forget();
        }
        learner.begin(also);
        ParseSummary summary = parser.parseChanges(bytes, from, length, learner);
        if (learner.isLost()) {
            parser.forget();
            learner.begin(also);
            summary = parser.parseChanges(bytes, from, length, learner);
        }
        Page page = nextOf(summary);
        last = page;
        return page;
    }

    /** A number that is another one whenever names or labels were others than on the page before. */
    public int layouts() {
        return layouts;
    }

    /** What is kept from page to page, nearly, in bytes. */
    public long retainedBytes() {
        return parser.retainedBytes() + 12L * numbers.length + 4L * cells.length + 256L * changed.length;
    }

    private Page nextOf(ParseSummary summary) {
        PageReader fresh = reader;
        if (fresh != null) {
            reader = null;
            return newLayout(fresh, summary);
        }
        if (last == null || shape == null) {
            throw new IllegalStateException("A page that is not read anew has one before it");
        }
        return last.next(shape.of(numbers.clone(), unchanged(last)), startedAt, summary);
    }

    /** The families that both pages have, as far as somebody asked for them. */
    private @Nullable Family[] unchanged(Page before) {
        @Nullable Family[] families = before.families().made();
        for (int i = 0; i < changed.length; i++) {
            if (changed[i]) {
                changed[i] = false;
                families[i] = null;
            }
        }
        return families;
    }

    private Page newLayout(PageReader fresh, ParseSummary summary) {
        Page page = fresh.finish(summary);
        layouts++;
        if (fresh.saidTwice()) {
            shape = null;
            parser.forget(); // The next page is read from its first line to its last.
        } else {
            follow(fresh.learn(), page);
        }
        places = NO_PLACES;
        return page;
    }

    private void follow(PageShape.Learned learned, Page page) {
        shape = learned.shape;
        numbers = learned.numbers;
        startedAt = page.startedAt();
        changed = new boolean[page.families().count()];
        cells = new int[places.length];
        for (int slot = 0; slot < cells.length; slot++) {
            cells[slot] = cellOf(places[slot]);
        }
    }

    private static int cellOf(PageReader.@Nullable Place place) {
        if (place == null) {
            return IGNORED;
        }
        return place.series() == null ? START_TIME : place.series().placeOf(place.cell());
    }

    private void change(int cell, double value) {
        if (cell >= 0 && shape != null) {
            numbers[cell] = value;
            changed[shape.familyOf(cell)] = true;
        } else if (cell == START_TIME) {
            startedAt = PageReader.instantOf(value);
        }
    }

    /** Hears all samples of a page once, and notes where each went; of the pages that follow, only changes. */
    private final class Learner implements ChangeHandler {
        private @Nullable SampleHandler also;
        private boolean lost;

        void begin(@Nullable SampleHandler hearer) {
            also = hearer;
            reader = null;
            lost = false;
        }

        boolean isLost() {
            return lost;
        }

        @Override
        public void onReset() {
            reader = new PageReader(tables, false);
            places = NO_PLACES;
        }

        @Override
        public void onAdded(int slot, Sample sample) {
            PageReader fresh = reader;
            if (fresh == null) {
                lost = true;
                return;
            }
            fresh.onSample(sample);
            if (slot >= places.length) {
                places = Arrays.copyOf(places, Math.max(slot + 1, 2 * places.length));
            }
            places[slot] = fresh.lastPlace();
            if (also != null) {
                also.onSample(sample);
            }
        }

        @Override
        public void onChanged(int slot, Sample sample) {
            if (!lost && reader == null) {
                change(cells[slot], sample.value());
            }
        }

        @Override
        public void onRemoved(int slot) {
            lost = true;
        }
    }
}
