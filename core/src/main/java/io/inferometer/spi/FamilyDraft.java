package io.inferometer.spi;

import io.inferometer.parser.Sample;
import io.inferometer.snapshot.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A family of the catalog while its lines are read. */
final class FamilyDraft {
    private final String name;
    private final FamilyKind kind;
    private final List<SeriesDraft> series = new ArrayList<>(2);
    private final Map<Labels, SeriesDraft> byLabels = new HashMap<>(4);

    FamilyDraft(String name, FamilyKind kind) {
        this.name = name;
        this.kind = kind;
    }

    String name() {
        return name;
    }

    FamilyKind kind() {
        return kind;
    }

    /** The series of a sample, leaving the label at {@code skipped} (-1: none) out of its identity. */
    SeriesDraft seriesOf(Sample sample, int skipped) {
        SeriesDraft last = series.isEmpty() ? null : series.get(series.size() - 1);
        if (last != null && last.matches(sample, skipped)) {
            return last;
        }
        Labels labels = labelsOf(sample, skipped);
        SeriesDraft known = byLabels.get(labels);
        if (known != null) {
            return known;
        }
        SeriesDraft fresh = new SeriesDraft(labels);
        byLabels.put(labels, fresh);
        series.add(fresh);
        return fresh;
    }

    boolean isEmpty() {
        return series.isEmpty();
    }

    Family finish() {
        Series[] all = new Series[series.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = series.get(i).finish(kind);
        }
        return new Family(name, List.of(all));
    }

    /** How many numbers its series come to, in their shapes. */
    int size() {
        return series.stream().mapToInt(one -> one.size(kind)).sum();
    }

    /** The shapes of its series, whose numbers are put into {@code numbers} from {@code base} on. */
    SeriesShape[] shapes(int base, double[] numbers) {
        SeriesShape[] shapes = new SeriesShape[series.size()];
        int at = base;
        for (int i = 0; i < shapes.length; i++) {
            shapes[i] = series.get(i).shape(kind, at, numbers);
            at += series.get(i).size(kind);
        }
        return shapes;
    }

    static Labels labelsOf(Sample sample, int skipped) {
        int count = sample.labelCount() - (skipped < 0 ? 0 : 1);
        String[] pairs = new String[2 * count];
        for (int i = 0, at = 0; i < sample.labelCount(); i++) {
            if (i != skipped) {
                pairs[at++] = sample.labelName(i);
                pairs[at++] = sample.labelValue(i);
            }
        }
        return Labels.of(pairs);
    }
}
