package io.inferometer.saturation;

import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.Provenance;
import io.inferometer.snapshot.SnapshotHeader;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.SnapshotDraft;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Snapshots of which a test says only what matters to it. */
final class Seen {
    static final Instant AT = Instant.parse("2026-01-01T12:00:00Z");
    private static final Provenance SOURCE = new Provenance("test", 1, null);

    private Seen() {}

    static EngineMetrics metrics(Consumer<SnapshotDraft> what) {
        SnapshotDraft draft = new SnapshotDraft();
        what.accept(draft);
        return draft.metrics();
    }

    static EngineSnapshot snapshot(Instant at, Consumer<SnapshotDraft> what) {
        return snapshot(at, null, what);
    }

    static EngineSnapshot snapshot(Instant at, @Nullable Long maxBatchSize, Consumer<SnapshotDraft> what) {
        SnapshotDraft draft = new SnapshotDraft();
        what.accept(draft);
        SnapshotHeader header = new SnapshotHeader(
                "acme", "gpu-7:8000", URI.create("http://gpu-7:8000/metrics"), at, Duration.ofMillis(5), null, 0, null);
        CommonView common = new CommonView(header, draft.metrics(), Map.of(), Map.of(), draft.provenance(), null);
        return new Snapshot(common, maxBatchSize);
    }

    static void count(SnapshotDraft draft, CommonField field, long value) {
        draft.count(field, value, SOURCE);
    }

    static void ratio(SnapshotDraft draft, CommonField field, double value) {
        draft.number(field, value, SOURCE);
    }

    static void seconds(SnapshotDraft draft, CommonField field, Distribution value) {
        draft.distribution(field, value, SOURCE);
    }

    /** {@code fast} observations of at most 0.1, then {@code slow} of at most 1, and none above. */
    static Distribution buckets(double fast, double slow, double sum) {
        return Distribution.ofHistogram(
                new double[] {0.1, 1, Double.POSITIVE_INFINITY},
                new double[] {fast, fast + slow, fast + slow},
                sum,
                fast + slow);
    }

    private record Snapshot(CommonView common, @Nullable Long maxBatchSize) implements EngineSnapshot {}
}
