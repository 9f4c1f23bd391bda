package io.inferometer.spi;

import io.inferometer.parser.Sample;
import io.inferometer.snapshot.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A family of the catalog while its lines are read. */
final class FamilyDraft {
    private final String name;
    private final FamilyKind kind;
    private final List<SeriesDraft> series = new ArrayList<>(2);
    private final Map<Labels, SeriesDraft> byLabels = new HashMap<>(4);
    private @Nullable Family finished;

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

    /** A number of one of its series changed. */
    void changed() {
        finished = null;
    }

    Family finish() {
        Family known = finished;
        if (known == null) {
            Series[] all = new Series[series.size()];
            for (int i = 0; i < all.length; i++) {
                SeriesDraft draft = series.get(i);
                all[i] = kind == FamilyKind.DISTRIBUTION ? draft.asDistribution() : draft.asNumber();
            }
            known = new Family(name, List.of(all));
            finished = known;
        }
        return known;
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
