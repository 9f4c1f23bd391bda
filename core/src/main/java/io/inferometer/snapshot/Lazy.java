package io.inferometer.snapshot;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is worked out when somebody first asks for it, and then stays.
 *
 * <p>Safe to share. A router that asks for two gauges every 50 ms must not pay for a hundred other fields. What works it out
 * must always find the same; it is let go of afterwards.
 *
 * @param <T> what it is
 */
public final class Lazy<T> {
    private volatile @Nullable Supplier<T> source;
    private @Nullable T value; // Written before the source is let go of, read after that was seen.

    private Lazy(@Nullable Supplier<T> source, @Nullable T value) {
        this.source = source;
        this.value = value;
    }

    /**
     * A value that is worked out on the thread that first asks for it.
     *
     * @param source works it out; asked once
     * @param <T> what it is
     */
    public static <T> Lazy<T> of(Supplier<T> source) {
        return new Lazy<>(source, null);
    }

    /**
     * A value that is known already.
     *
     * @param value the value
     * @param <T> what it is
     */
    public static <T> Lazy<T> known(T value) {
        return new Lazy<>(null, value);
    }

    /** The value, which is worked out now if nobody asked before. */
    public T get() {
        if (source != null) {
            workOut();
        }
        return Objects.requireNonNull(value);
    }

    /** Whether it has been worked out. */
    public boolean isKnown() {
        return source == null;
    }

    private synchronized void workOut() {
        Supplier<T> known = source;
        if (known != null) {
            value = known.get();
            source = null;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Lazy<?> that && get().equals(that.get());
    }

    @Override
    public int hashCode() {
        return get().hashCode();
    }

    @Override
    public String toString() {
        return get().toString();
    }
}
