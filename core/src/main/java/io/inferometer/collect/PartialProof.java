package io.inferometer.collect;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one target's ability to answer a part of its page.
 *
 * <p>A whole page comes first and says which of the wanted series there are. A part is taken when it holds exactly these
 * and comes from the same start of the process. Once that was seen, series may be added (a gauge writes a new label),
 * but none may be missing, and nothing that was not asked for may be there. After some hundred parts or some minutes,
 * and after everything that is not as expected, the next page is whole again. A page that does not tell when its process
 * started is never asked for in part, since another life of the engine could not be told from this one.
 *
 * <p>A proxy that keeps an answer and gives it again is told by its values: when parts have said the same for a while,
 * which an idle engine does too, a whole page is read. Where that says something else, a part is believed again once it
 * changed.
 *
 * <p>For one thread at a time.
 */
final class PartialProof {
    /** So many parts that say the same, and over so long a time, ask for a look at the whole page. */
    static final int SAME_PARTS_MAX = 16;

    /** The time. */
    static final Duration SAME_TIME_MAX = Duration.ofSeconds(10);

    private final Wanted wanted;
    private final Attempts attempts;
    private final LongSupplier nanos;
    private @Nullable SeriesSet expected;
    private @Nullable Instant startedAt;
    private Set<String> names = Set.of();
    private boolean seen;
    private int partsSinceWhole;
    private long wholeAt;
    private @Nullable SeriesSet lastPart;
    private int sameParts;
    private long sameSince;

    /** What parts said while the whole page said something else; null where that was never so. */
    private @Nullable SeriesSet stale;

    PartialProof(Wanted wanted, LongSupplier nanos) {
        this.wanted = wanted;
        this.attempts = new Attempts(nanos);
        this.nanos = nanos;
    }

    /** Notes which of the wanted series stand on a whole page. */
    SeriesSet.Recorder ofWholePage() {
        return new SeriesSet.Recorder(wanted, name -> wanted.filter().wants(name) && !name.endsWith("_created"));
    }

    /** Notes which series stand on a part, and whether others do. */
    SeriesSet.Recorder ofPart() {
        return new SeriesSet.Recorder(names);
    }

    /** Whether a part may be asked for now. */
    boolean mayAsk() {
        if (expected == null || partsSinceWhole >= Attempts.SCRAPES_MAX) {
            return false;
        }
        boolean old = nanos.getAsLong() - wholeAt >= Attempts.TIME_MAX.toNanos();
        return !old && !saidTheSameForLong() && attempts.mayTry();
    }

    /** The names of the samples to ask for. */
    Set<String> names() {
        return names;
    }

    private boolean saidTheSameForLong() {
        return sameParts >= SAME_PARTS_MAX && nanos.getAsLong() - sameSince >= SAME_TIME_MAX.toNanos();
    }

    /** A whole page was read. */
    void sawWhole(SeriesSet series, @Nullable Instant start) {
        SeriesSet part = lastPart;
        if (part != null && saidTheSameForLong()) {
            stale = part.saysTheSameAs(series) ? null : part;
        }
        beginAnew();
        boolean restarted = !Objects.equals(start, startedAt);
        if (restarted) {
            attempts.startOver();
            seen = false;
        }
        SeriesSet before = expected;
        if (before == null || !before.sameAs(series)) {
            seen = false; // Something appeared or went: the next part has to be exact again.
            names = namesToAskFor(series);
        }
        boolean comparable = series.isComplete() && series.size() > 1 && start != null;
        expected = comparable ? series : null; // The start alone is nothing to tell a good answer by.
        startedAt = start;
        partsSinceWhole = 0;
        wholeAt = nanos.getAsLong();
    }

    /** Whether a part holds what it should. */
    boolean accepts(SeriesSet part, @Nullable Instant start) {
        SeriesSet known = expected;
        if (known == null || part.hadOthers() || start == null || !start.equals(startedAt)) {
            return false;
        }
        if (stale != null && stale.saysTheSameAs(part)) {
            return false;
        }
        boolean good = part.sameAs(known) || (seen && part.holdsAll(known));
        if (good) {
            stale = null;
            countIfSame(part);
            expected = part;
            seen = true;
            partsSinceWhole++;
            attempts.worked();
        }
        return good;
    }

    /**
     * A part was not accepted, or did not come, and a whole page was read right after it.
     *
     * @param part what came, or null
     */
    void sawWholeAfter(
            @Nullable SeriesSet part, @Nullable Instant partStart, SeriesSet whole, @Nullable Instant start) {
        sawWhole(whole, start);
        boolean doubted = stale != null && part != null && stale.saysTheSameAs(part) && !part.saysTheSameAs(whole);
        boolean sameNow = part != null
                && !doubted
                && !part.hadOthers()
                && part.sameAs(whole)
                && start != null
                && start.equals(partStart);
        if (sameNow) {
            stale = null;
            seen = true;
            attempts.worked();
        } else {
            attempts.failed();
        }
    }

    /** Nothing that was seen counts any longer. */
    void forget() {
        expected = null;
        seen = false;
        beginAnew();
    }

    private void beginAnew() {
        lastPart = null;
        sameParts = 0;
    }

    private void countIfSame(SeriesSet part) {
        boolean same = lastPart != null && lastPart.saysTheSameAs(part);
        sameParts = same ? sameParts + 1 : 0;
        sameSince = same ? sameSince : nanos.getAsLong();
        lastPart = part;
    }

    /** Bytes that it keeps, nearly. */
    long bytes() {
        return expected == null ? 0 : expected.bytes();
    }

    private Set<String> namesToAskFor(SeriesSet series) {
        Set<String> all = new LinkedHashSet<>(series.names());
        all.addAll(wanted.names());
        return all;
    }
}
