package io.inferometer.fleet;

import io.inferometer.snapshot.EngineSnapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a target after a scrape. Immutable: each scrape makes the next one.
 *
 * @param latest the latest good snapshot of either pace
 * @param whole the latest good snapshot of the whole page
 * @param life the engine's present life
 * @param lastFailure the last failure
 * @param failuresInARow failures since the last good scrape
 * @param restarts restarts seen
 * @param restartSeenAt when the last one was seen
 * @param good good scrapes
 * @param failed failed scrapes
 */
record Reading(
        @Nullable Timed latest,
        @Nullable Timed whole,
        Life life,
        @Nullable ScrapeFailure lastFailure,
        int failuresInARow,
        int restarts,
        @Nullable Instant restartSeenAt,
        long good,
        long failed) {
    static Reading begin(Pace pace) {
        return new Reading(null, null, Life.begin(pace), null, 0, 0, null, 0, 0);
    }

    Reading afterFailure(ScrapeFailure failure) {
        return new Reading(latest, whole, life, failure, failuresInARow + 1, restarts, restartSeenAt, good, failed + 1);
    }

    Reading afterLoad(Timed now, Pace pace) {
        boolean restarted = life.endedBefore(now, false, pace);
        Life next = (restarted ? Life.begin(pace) : life).withLoad(now, pace);
        return afterGood(now, whole, next, restarted);
    }

    Reading afterWhole(Timed now, Pace pace) {
        boolean restarted = life.endedBefore(now, true, pace);
        Life next = (restarted ? Life.begin(pace) : life).withWhole(now, pace);
        return afterGood(now, now, next, restarted);
    }

    /** Whether the latest snapshot is that of the whole page. */
    @SuppressWarnings("ReferenceEquality") // The same snapshot, not an equal one.
    boolean latestIsWhole() {
        return latest == whole;
    }

    /** Whether the whole page that is known is of the engine's present life. */
    boolean wholeIsOfThisLife() {
        return !life.pages().isEmpty();
    }

    private Reading afterGood(Timed now, @Nullable Timed wholeNow, Life next, boolean restarted) {
        EngineSnapshot snapshot = now.snapshot();
        return new Reading(
                now,
                wholeNow,
                next,
                lastFailure,
                0,
                restarts + (restarted ? 1 : 0),
                restarted ? snapshot.collectedAt() : restartSeenAt,
                good + 1,
                failed);
    }

    TargetState stateAt(long nanos, Pace pace) {
        if (latest == null) {
            return failed > 0 ? TargetState.DOWN : TargetState.UNKNOWN;
        }
        long age = nanos - latest.arrived();
        if (age >= pace.down()) {
            return TargetState.DOWN;
        }
        return age >= pace.stale() ? TargetState.STALE : TargetState.UP;
    }

    /** How long until time alone changes the state; {@link Long#MAX_VALUE} when it never does. */
    long untilNextState(long nanos, Pace pace) {
        if (latest == null) {
            return Long.MAX_VALUE;
        }
        long age = nanos - latest.arrived();
        if (age < pace.stale() && pace.stale() < pace.down()) {
            return pace.stale() - age;
        }
        return age < pace.down() ? pace.down() - age : Long.MAX_VALUE;
    }
}
