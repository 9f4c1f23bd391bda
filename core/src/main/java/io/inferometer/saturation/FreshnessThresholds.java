package io.inferometer.saturation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * From which age values are no longer fresh, and from which they are no longer of use.
 *
 * <p>Immutable and safe to share.
 *
 * @param freshBelow values younger than this are {@link Freshness#FRESH}; more than zero
 * @param staleBelow values younger than this, and not fresh, are {@link Freshness#STALE}; not less than
 *     {@code freshBelow}
 */
public record FreshnessThresholds(Duration freshBelow, Duration staleBelow) {
    /** Fresh below one minute, stale below five. */
    public static final FreshnessThresholds DEFAULTS =
            new FreshnessThresholds(Duration.ofMinutes(1), Duration.ofMinutes(5));

    /**
     * Checks the order.
     *
     * @param freshBelow the age from which values are stale
     * @param staleBelow the age from which values are unavailable
     * @throws IllegalArgumentException when {@code freshBelow} is not more than zero, or more than {@code staleBelow}
     */
    public FreshnessThresholds {
        if (freshBelow.isNegative() || freshBelow.isZero() || freshBelow.compareTo(staleBelow) > 0) {
            throw new IllegalArgumentException(
                    "Freshness needs 0 < freshBelow <= staleBelow; found %s and %s. Use Duration.ofMinutes(1) and Duration.ofMinutes(5), say."
                            .formatted(freshBelow, staleBelow));
        }
    }

    /**
     * How fresh values of this age are.
     *
     * @param age how old they are; null when that is not known
     * @return {@link Freshness#UNAVAILABLE} for an unknown age
     */
    public Freshness of(@Nullable Duration age) {
        if (age == null || age.compareTo(staleBelow) >= 0) {
            return Freshness.UNAVAILABLE;
        }
        return age.compareTo(freshBelow) < 0 ? Freshness.FRESH : Freshness.STALE;
    }
}
