package io.inferometer.benchmarks;

import io.inferometer.parser.ChangeHandler;
import io.inferometer.parser.FamilyFilter;
import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParserOptions;
import io.inferometer.parser.RepeatParser;
import io.inferometer.parser.Sample;
import io.inferometer.parser.SampleHandler;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.spi.EngineBackend;
import java.util.Arrays;
import java.util.Set;

/** The ways of our parsers. */
final class Parsing {
    private Parsing() {}

    static Work full(Turns pages) {
        return whole(pages, new PageParser(), new Adding());
    }

    static Work labels(Turns pages) {
        return whole(pages, new PageParser(), new LookingAtLabels());
    }

    static Work filtered(Turns pages, EngineBackend<?> backend) {
        FamilyFilter filter = FamilyFilter.ofFamilies(backend.table().familiesOf(Set.of(MetricGroup.LOAD)));
        return whole(pages, new PageParser(ParserOptions.defaults().withFilter(filter)), new Adding());
    }

    private static Work whole(Turns pages, PageParser parser, Adding handler) {
        return () -> {
            handler.sum = 0;
            parser.parse(pages.next(), handler);
            return handler.sum;
        };
    }

    static Work repeat(Turns pages) {
        RepeatParser parser = new RepeatParser();
        Adding handler = new Adding();
        return () -> {
            handler.sum = 0;
            parser.parse(pages.next(), handler);
            return handler.sum;
        };
    }

    static Work changes(Turns pages) {
        RepeatParser parser = new RepeatParser();
        Keeping handler = new Keeping(parser);
        return () -> {
            parser.parseChanges(pages.next(), handler);
            return handler.last;
        };
    }

    static Work mismatch(Turns pages) {
        byte[] page = pages.next().clone();
        return () -> Arrays.mismatch(page, pages.next());
    }

    /** Looks at each value, and how many labels it has. */
    private static class Adding implements SampleHandler {
        double sum;

        @Override
        public void onSample(Sample sample) {
            sum += sample.value() + sample.labelCount();
        }
    }

    /** Looks at the name and at the value of each label, too. */
    private static final class LookingAtLabels extends Adding {
        @Override
        public void onSample(Sample sample) {
            int labels = sample.labelCount();
            for (int i = 0; i < labels; i++) {
                sum += sample.labelNameIs(i, "-") || sample.labelValueIs(i, "-") ? 0 : 1;
            }
            sum += sample.value();
        }
    }

    /** Keeps the value of each series, as a program does that lives on changes. */
    private static final class Keeping implements ChangeHandler {
        private final RepeatParser parser;
        private double[] values = new double[16];
        double last;

        Keeping(RepeatParser parser) {
            this.parser = parser;
        }

        @Override
        public void onReset() {
            Arrays.fill(values, 0);
        }

        @Override
        public void onAdded(int slot, Sample sample) {
            if (slot >= values.length) {
                values = Arrays.copyOf(values, Math.max(2 * values.length, parser.slotCount()));
            }
            onChanged(slot, sample);
        }

        @Override
        public void onChanged(int slot, Sample sample) {
            last = sample.value();
            values[slot] = last;
        }

        @Override
        public void onRemoved(int slot) {
            values[slot] = 0;
        }
    }
}
