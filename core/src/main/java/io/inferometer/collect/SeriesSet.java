package io.inferometer.collect;

import io.inferometer.parser.Sample;
import io.inferometer.parser.SampleHandler;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which series stood on a page: 64 bits of each one's name and labels, sorted, and 64 bits of all their values.
 *
 * <p>Immutable.
 */
final class SeriesSet {
    /** Whoever wants more than this of a page wants the page. */
    static final int SERIES_MAX = 8192;

    private final long[] hashes;
    private final Set<String> names;
    private final boolean complete;
    private final boolean others;
    private final long values;

    private SeriesSet(long[] hashes, Set<String> names, boolean complete, boolean others, long values) {
        this.hashes = hashes;
        this.values = values;
        this.names = names;
        this.complete = complete;
        this.others = others;
    }

    int size() {
        return hashes.length;
    }

    /** The names of the samples, as the page spelled them. */
    Set<String> names() {
        return names;
    }

    /** Whether the page held series besides these. */
    boolean hadOthers() {
        return others;
    }

    /** Whether there were few enough to be compared. */
    boolean isComplete() {
        return complete;
    }

    /** Whether both hold the same series. */
    boolean sameAs(SeriesSet other) {
        return complete && other.complete && Arrays.equals(hashes, other.hashes);
    }

    /** Whether all series of {@code others} are here. */
    boolean holdsAll(SeriesSet others) {
        if (!complete || !others.complete) {
            return false;
        }
        int at = 0;
        for (long wanted : others.hashes) {
            while (at < hashes.length && hashes[at] < wanted) {
                at++;
            }
            if (at == hashes.length || hashes[at] != wanted) {
                return false;
            }
        }
        return true;
    }

    /** Whether all of them had the same values as the others had, as far as 64 bits tell. */
    boolean saysTheSameAs(SeriesSet other) {
        return values == other.values && sameAs(other);
    }

    /** Bytes that it occupies, nearly. */
    long bytes() {
        return 8L * hashes.length + names.stream().mapToLong(String::length).sum() + 64L * names.size();
    }

    /** Hears the samples of a page and notes which series those are whose names are wanted. For one thread. */
    static final class Recorder implements SampleHandler {
        private static final int AT_FIRST = 64;

        private final Object key;
        private final @Nullable Predicate<String> wanted;
        private @Nullable SeriesSet taken;
        private long[] hashes = new long[AT_FIRST];
        private int count;
        private boolean tooMany;
        private boolean others;
        private long values;
        private final Set<String> names = new LinkedHashSet<>();
        private String name = "";
        private boolean nameIsWanted;

        /** One that notes the series of these names; of none, it is off. */
        Recorder(Set<String> wanted) {
            this.key = wanted;
            this.wanted = wanted.isEmpty() ? null : wanted::contains;
        }

        /**
         * One that notes the series whose names pass.
         *
         * @param key equal for those through which the same names pass
         */
        Recorder(Object key, Predicate<String> wanted) {
            this.key = key;
            this.wanted = wanted;
        }

        /** Equal to that of another recorder when both want the same. */
        Object key() {
            return key;
        }

        /** Takes what another one noted of the same series. */
        void take(SeriesSet series) {
            taken = series;
        }

        boolean isOff() {
            return wanted == null;
        }

        /** A page begins; what was noted of another is forgotten. */
        void begin() {
            taken = null;
            count = 0;
            tooMany = false;
            others = false;
            values = 0;
            names.clear();
        }

        @Override
        public void onSample(Sample sample) {
            if (wanted == null) {
                return;
            }
            if (count == 0 || !sample.sameNameAsPrevious()) {
                name = sample.name();
                nameIsWanted = wanted.test(name);
            }
            if (nameIsWanted) {
                note(sample);
            } else {
                others = true;
            }
        }

        /** What was noted. */
        SeriesSet series() {
            if (taken != null) {
                return taken;
            }
            long[] sorted = Arrays.stream(hashes, 0, count).sorted().distinct().toArray();
            return new SeriesSet(
                    sorted, Collections.unmodifiableSet(new LinkedHashSet<>(names)), !tooMany, others, values);
        }

        private void note(Sample sample) {
            if (count == SERIES_MAX) {
                tooMany = true;
                return;
            }
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * count);
            }
            names.add(name);
            long series = hashOf(sample);
            hashes[count++] = series;
            values += stirred(series ^ stirred(Double.doubleToLongBits(sample.value()))); // In any order.
        }

        private long hashOf(Sample sample) {
            long hash = mixed(0, name);
            for (int i = 0; i < sample.labelCount(); i++) {
                hash = mixed(mixed(hash, sample.labelName(i)), sample.labelValue(i));
            }
            return hash;
        }

        private static long stirred(long bits) {
            long product = (bits ^ (bits >>> 29)) * 0x9e3779b97f4a7c15L;
            return product ^ (product >>> 32);
        }

        /** FNV-1a over the characters, with an end that no text can imitate. */
        private static long mixed(long seed, String text) {
            long hash = seed ^ 0xcbf29ce484222325L;
            for (int i = 0; i < text.length(); i++) {
                hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
            }
            hash = (hash ^ (0x10000L + text.length())) * 0x9e3779b97f4a7c15L;
            return hash ^ (hash >>> 32);
        }
    }
}
