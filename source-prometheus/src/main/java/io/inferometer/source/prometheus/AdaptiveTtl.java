package io.inferometer.source.prometheus;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets answers live longer while their values are calm, and shorter while they move. Immutable and safe to share. */
final class AdaptiveTtl implements AnswerCache.Lifetime<PrometheusResult> {
    /** Values that moved by less than this share of themselves are calm. */
    static final double CALM = 0.05;

    private static final double LONGER = 1.5;
    private static final double SHORTER = 0.5;

    private final CacheOptions options;

    AdaptiveTtl(CacheOptions options) {
        this.options = options;
    }

    @Override
    public Duration of(PrometheusResult now, @Nullable PrometheusResult before, @Nullable Duration last) {
        if (!options.adaptive() || before == null || last == null) {
            return options.queryTtl();
        }
        double factor = isCalm(now, before) ? LONGER : SHORTER;
        Duration next = Duration.ofNanos(Math.round(last.toNanos() * factor));
        if (next.compareTo(options.queryTtlMin()) < 0) {
            return options.queryTtlMin();
        }
        return next.compareTo(options.queryTtlMax()) > 0 ? options.queryTtlMax() : next;
    }

    static boolean isCalm(PrometheusResult now, PrometheusResult before) {
        if (now.series().size() != before.series().size()) {
            return false;
        }
        Map<Map<String, String>, Double> values = new HashMap<>();
        for (PrometheusSeries series : before.series()) {
            Double value = series.value();
            values.put(series.labels(), value == null ? Double.NaN : value);
        }
        for (PrometheusSeries series : now.series()) {
            Double earlier = values.get(series.labels());
            if (earlier == null || moved(earlier, series.value())) {
                return false;
            }
        }
        return true;
    }

    private static boolean moved(double earlier, @Nullable Double now) {
        if (now == null || Double.isNaN(earlier)) {
            return (now == null) != Double.isNaN(earlier);
        }
        return Math.abs(now - earlier) > CALM * Math.max(Math.abs(earlier), Math.abs(now));
    }
}
