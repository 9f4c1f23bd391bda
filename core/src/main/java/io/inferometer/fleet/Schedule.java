package io.inferometer.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * When which target is due, and when its state has to be looked at.
 *
 * <p>Not safe to share; its owner guards it.
 */
final class Schedule {
    /** Something that is due at a time: a scrape, or a look at the state. */
    private record Entry(long due, TargetWatch watch, boolean isCheck) {}

    private final PriorityQueue<Entry> entries = new PriorityQueue<>((a, b) -> Long.signum(a.due - b.due));

    void addTick(TargetWatch watch) {
        entries.add(new Entry(watch.due(), watch, false));
    }

    /** A look at the state; the watch says itself which of several is the one that counts. */
    void addCheck(TargetWatch watch, long at) {
        if (watch.noteCheck(at)) {
            entries.add(new Entry(at, watch, true));
        }
    }

    /** Takes out what is due, and sorts it. */
    Due takeDue(long now) {
        List<TargetWatch> ticks = new ArrayList<>();
        List<TargetWatch> checks = new ArrayList<>();
        Entry first = entries.peek();
        while (first != null && now - first.due >= 0) {
            entries.poll();
            if (!first.watch.isRemoved()) {
                take(first, ticks, checks);
            }
            first = entries.peek();
        }
        return new Due(ticks, checks);
    }

    /** When the next is due; null when nothing ever is. */
    @Nullable
    Long nextDue() {
        Entry first = entries.peek();
        return first == null ? null : (Long) first.due;
    }

    /** Forgets what was removed, when there is much of it. */
    void purge() {
        entries.removeIf(entry -> entry.watch.isRemoved());
    }

    private static void take(Entry entry, List<TargetWatch> ticks, List<TargetWatch> checks) {
        if (!entry.isCheck) {
            ticks.add(entry.watch);
        } else if (entry.watch.takeCheck(entry.due)) {
            checks.add(entry.watch);
        }
    }

    record Due(List<TargetWatch> ticks, List<TargetWatch> checks) {}
}
