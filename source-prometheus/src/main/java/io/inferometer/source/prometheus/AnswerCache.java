package io.inferometer.source.prometheus;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps answers for a while, and lets all who miss the same one wait for one query. A failure is not kept. Safe to share.
 *
 * @param <V> what is kept
 */
final class AnswerCache<V> {
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** How long an answer lives, by the one before it. */
    @FunctionalInterface
    interface Lifetime<V> {
        Duration of(V value, @Nullable V before, @Nullable Duration lastLifetime);
    }

    private record Held<V>(@Nullable V value, @Nullable Throwable failure, Duration ttl) {}

    private final boolean enabled;
    private final Lifetime<V> lifetime;
    private final AsyncCache<String, Held<V>> answers;
    private final Cache<String, Held<V>> before;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    AnswerCache(boolean enabled, int entriesMax, Lifetime<V> lifetime) {
        this.enabled = enabled;
        this.lifetime = lifetime;
        this.answers = Caffeine.newBuilder()
                .maximumSize(entriesMax)
                .executor(Runnable::run) // No thread of the common pool for our housekeeping.
                .recordStats()
                .expireAfter(Expiry.<String, Held<V>>writing((key, held) -> held.ttl()))
                .buildAsync();
        this.before = Caffeine.newBuilder()
                .maximumSize(entriesMax)
                .executor(Runnable::run)
                .expireAfterWrite(REMEMBERED)
                .build();
    }

    /** What is kept under a key, else what {@code load} will give. */
    CompletableFuture<V> get(String key, Supplier<CompletableFuture<V>> load) {
        if (!enabled) {
            misses.increment();
            return load.get();
        }
        boolean[] missed = new boolean[1];
        CompletableFuture<Held<V>> held = answers.get(key, (unused, executor) -> {
            missed[0] = true;
            return load.get().handle((value, failure) -> held(key, value, failure));
        });
        (missed[0] ? misses : hits).increment();
        return held.thenCompose(answer -> opened(key, answer));
    }

    /** Keeps a value, whoever made it. */
    void put(String key, V value, Duration ttl) {
        if (enabled) {
            answers.put(key, CompletableFuture.completedFuture(new Held<>(value, null, ttl)));
        }
    }

    void invalidate(String key) {
        answers.synchronous().invalidate(key);
    }

    /** Forgets all whose keys begin with {@code prefix}. */
    void invalidatePrefix(String prefix) {
        answers.synchronous().asMap().keySet().removeIf(key -> key.startsWith(prefix));
    }

    CacheStats stats() {
        return new CacheStats(
                hits.sum(),
                misses.sum(),
                answers.synchronous().stats().evictionCount(),
                answers.synchronous().estimatedSize());
    }

    /** A failure is the answer of those who wait for it now, and of nobody later. */
    private CompletableFuture<V> opened(String key, Held<V> held) {
        V value = held.value();
        if (value != null) {
            return CompletableFuture.completedFuture(value);
        }
        Throwable failure = held.failure();
        answers.synchronous().invalidate(key);
        return CompletableFuture.failedFuture(
                failure == null ? new IllegalStateException("no answer") : Failures.cause(failure));
    }

    private Held<V> held(String key, @Nullable V value, @Nullable Throwable failure) {
        if (value == null) {
            return new Held<>(null, failure, Duration.ofNanos(1));
        }
        Held<V> last = before.getIfPresent(key);
        Held<V> held = new Held<>(
                value, null, lifetime.of(value, last == null ? null : last.value(), last == null ? null : last.ttl()));
        before.put(key, held);
        return held;
    }
}
