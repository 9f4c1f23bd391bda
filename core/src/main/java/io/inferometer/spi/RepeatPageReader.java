package io.inferometer.spi;

import io.inferometer.parser.ChangeHandler;
import io.inferometer.parser.ParseSummary;
import io.inferometer.parser.ParserOptions;
import io.inferometer.parser.RepeatParser;
import io.inferometer.parser.Sample;
import io.inferometer.parser.SampleHandler;
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

    private final List<MetricTable> tables;
    private final RepeatParser parser;
    private final Learner learner = new Learner();
    private PageReader reader;
    private PageReader.@Nullable Place[] places = NO_PLACES;
    private @Nullable PageLayout layout;
    private Family[] families = {};
    private int layouts;

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
        this.reader = new PageReader(this.tables, false);
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
        return learner.hasLearned() || layout == null ? newLayout(summary) : sameLayout(layout, summary);
    }

    /** A number that is another one whenever names or labels were others than on the page before. */
    public int layouts() {
        return layouts;
    }

    /** What is kept from page to page, nearly, in bytes. */
    public long retainedBytes() {
        return parser.retainedBytes() + 64L * places.length + 256L * families.length;
    }

    private Page newLayout(ParseSummary summary) {
        Page page = reader.finish(summary);
        layouts++;
        boolean followable = !reader.saidTwice();
        layout = followable ? page.layout() : null;
        families = page.families();
        if (!followable) {
            parser.forget(); // The next page is read from its first line to its last.
        }
        return page;
    }

    private Page sameLayout(PageLayout same, ParseSummary summary) {
        Page page = reader.next(same, families, summary);
        families = page.families();
        return page;
    }

    /** Hears all samples of a page once, and notes where each went; of the pages that follow, only changes. */
    private final class Learner implements ChangeHandler {
        private @Nullable SampleHandler also;
        private boolean learning;
        private boolean lost;

        void begin(@Nullable SampleHandler hearer) {
            also = hearer;
            learning = false;
            lost = false;
        }

        boolean hasLearned() {
            return learning;
        }

        boolean isLost() {
            return lost;
        }

        @Override
        public void onReset() {
            learning = true;
            reader = new PageReader(tables, false);
            places = NO_PLACES;
        }

        @Override
        public void onAdded(int slot, Sample sample) {
            if (!learning) {
                lost = true;
                return;
            }
            reader.onSample(sample);
            if (slot >= places.length) {
                places = Arrays.copyOf(places, Math.max(slot + 1, 2 * places.length));
            }
            places[slot] = reader.lastPlace();
            if (also != null) {
                also.onSample(sample);
            }
        }

        @Override
        public void onChanged(int slot, Sample sample) {
            PageReader.Place place = lost || learning ? null : places[slot];
            if (place != null) {
                reader.change(place, sample.value());
            }
        }

        @Override
        public void onRemoved(int slot) {
            lost = true;
        }
    }
}
