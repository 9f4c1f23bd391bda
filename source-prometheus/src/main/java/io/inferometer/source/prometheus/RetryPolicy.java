package io.inferometer.source.prometheus;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Asks again after failures that may pass.
 *
 * <p>Immutable and safe to share.
 *
 * @param delays how long to wait before the second attempt, the third and so on
 * @param jitter by what share of itself a delay varies, 0..1
 */
public record RetryPolicy(List<Duration> delays, double jitter) {
    /** After 1, 2 and 4 s, each by up to a fifth more or less. */
    public static final RetryPolicy DEFAULTS =
            new RetryPolicy(List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4)), 0.2);

    /** Never again. */
    public static final RetryPolicy NONE = new RetryPolicy(List.of(), 0);

    /** Hears that an attempt failed and when the next one begins. */
    @FunctionalInterface
    interface OnRetry {
        void failed(PrometheusException failure, int attempt, Duration retryIn);
    }

    /**
     * Copies and checks.
     *
     * @param delays how long to wait
     * @param jitter by what share a delay varies
     */
    public RetryPolicy {
        delays = List.copyOf(delays);
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("The jitter is %s; it lies within 0..1.".formatted(jitter));
        }
    }

    /** Runs here, and sleeps here in between; never beyond the deadline. */
    <T> T run(Supplier<T> query, Instant deadline, OnRetry listener) {
        if (delays.isEmpty()) {
            return query.get();
        }
        AtomicInteger attempts = new AtomicInteger();
        RetryConfig config = RetryConfig.<T>custom()
                .maxAttempts(delays.size() + 1)
                .retryOnException(failure -> mayPass(failure, attempts.incrementAndGet(), deadline))
                .intervalBiFunction((attempt, outcome) -> varied(attempt).toMillis())
                .build();
        Retry retry = Retry.of("prometheus", config);
        retry.getEventPublisher().onRetry(event -> {
            if (event.getLastThrowable() instanceof PrometheusException failure) {
                listener.failed(failure, event.getNumberOfRetryAttempts(), event.getWaitInterval());
            }
        });
        return retry.executeSupplier(query);
    }

    private boolean mayPass(Throwable failure, int attempt, Instant deadline) {
        if (!(failure instanceof PrometheusException known) || !known.isTransient() || attempt > delays.size()) {
            return false;
        }
        long longest = Math.round(delays.get(attempt - 1).toNanos() * (1 + jitter));
        return Instant.now().plusNanos(longest).isBefore(deadline);
    }

    private Duration varied(int attempt) {
        Duration delay = delays.get(Math.min(attempt, delays.size()) - 1);
        double factor = 1 + jitter * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return Duration.ofNanos(Math.round(delay.toNanos() * factor));
    }
}
