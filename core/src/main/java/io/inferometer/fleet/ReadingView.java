package io.inferometer.fleet;

import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.Lazy;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.spi.CommonField;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A reading as of a moment; what costs something is worked out when it is asked for. Immutable. */
final class ReadingView implements TargetView {
    private final MonitoredTarget target;
    private final Pace pace;
    private final Reading reading;
    private final long nanos;
    private final Instant readAt;
    private final Lazy<Optional<EngineSnapshot>> rated = Lazy.of(this::withRates);

    ReadingView(MonitoredTarget target, Pace pace, Reading reading, long nanos, Instant readAt) {
        this.target = target;
        this.pace = pace;
        this.reading = reading;
        this.nanos = nanos;
        this.readAt = readAt;
    }

    @Override
    public MonitoredTarget target() {
        return target;
    }

    @Override
    public Instant readAt() {
        return readAt;
    }

    @Override
    public TargetState state() {
        return reading.stateAt(nanos, pace);
    }

    @Override
    public @Nullable EngineMetrics metrics() {
        EngineSnapshot latest = snapshotOf(reading.latest());
        EngineSnapshot whole = snapshotOf(reading.whole());
        if (latest == null) {
            return null;
        }
        return whole == null || reading.latestIsWhole() ? latest.metrics() : Merge.metrics(whole, latest);
    }

    @Override
    public Map<String, EngineMetrics> byModel() {
        EngineSnapshot latest = snapshotOf(reading.latest());
        EngineSnapshot whole = snapshotOf(reading.whole());
        if (latest == null) {
            return Map.of();
        }
        return whole == null || reading.latestIsWhole()
                ? latest.byModel()
                : Merge.parts(whole.byModel(), latest.byModel());
    }

    @Override
    public Map<String, EngineMetrics> byRank() {
        EngineSnapshot latest = snapshotOf(reading.latest());
        EngineSnapshot whole = snapshotOf(reading.whole());
        if (latest == null) {
            return Map.of();
        }
        return whole == null || reading.latestIsWhole()
                ? latest.byRank()
                : Merge.parts(whole.byRank(), latest.byRank());
    }

    @Override
    public @Nullable EngineSnapshot latest() {
        return reading.latestIsWhole() ? whole() : snapshotOf(reading.latest());
    }

    @Override
    public @Nullable EngineSnapshot whole() {
        return rated.get().orElse(null);
    }

    private Optional<EngineSnapshot> withRates() {
        EngineSnapshot whole = snapshotOf(reading.whole());
        EngineRates rates = rates();
        return Optional.ofNullable(whole == null || rates == null ? whole : whole.withRates(rates));
    }

    private static @Nullable EngineSnapshot snapshotOf(@Nullable Timed read) {
        return read == null ? null : read.snapshot();
    }

    @Override
    public @Nullable Duration age() {
        return ageOf(reading.latest());
    }

    @Override
    public @Nullable Duration ageOf(MetricGroup group) {
        return switch (group) {
            case LOAD -> ageOf(reading.latest());
            case ADAPTERS -> ageOf(CommonField.RUNNING_ADAPTERS);
            default -> ageOf(reading.whole());
        };
    }

    @Override
    public @Nullable Duration ageOf(CommonField field) {
        Timed latest = reading.latest();
        boolean asked = latest != null && Merge.LOAD.contains(field) && !Merge.leavesOut(latest.snapshot(), field);
        return ageOf(asked ? latest : reading.whole());
    }

    @Override
    public @Nullable ScrapeFailure lastFailure() {
        return reading.lastFailure();
    }

    @Override
    public int consecutiveFailures() {
        return reading.failuresInARow();
    }

    @Override
    public int restarts() {
        return reading.restarts();
    }

    @Override
    public @Nullable Instant restartSeenAt() {
        return reading.restartSeenAt();
    }

    @Override
    public long goodScrapes() {
        return reading.good();
    }

    @Override
    public long failedScrapes() {
        return reading.failed();
    }

    @Override
    public @Nullable EngineRates rates() {
        return reading.life().rates();
    }

    @Override
    public TargetWindow window() {
        Window window = Window.of(reading, pace, nanos);
        return window.of(reading.life().gauges(), EngineSnapshot::metrics, window.rates(), true);
    }

    @Override
    public Map<String, TargetWindow> windowByModel() {
        Window window = Window.of(reading, pace, nanos);
        EngineRates rates = window.rates();
        Map<String, TargetWindow> all = new LinkedHashMap<>();
        reading.life().gaugesByModel().forEach((model, gauges) -> {
            EngineRates own = rates == null ? null : rates.byModel().get(model);
            all.put(model, window.of(gauges, page -> page.byModel().get(model), own, false));
        });
        return all;
    }

    @Override
    public String toString() {
        return "%s %s, age %s, %d failures in a row".formatted(name(), state(), age(), consecutiveFailures());
    }

    private @Nullable Duration ageOf(@Nullable Timed read) {
        return read == null ? null : Duration.ofNanos(nanos - read.nanos());
    }
}
