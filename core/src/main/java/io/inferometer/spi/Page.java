package io.inferometer.spi;

import io.inferometer.parser.ParseSummary;
import io.inferometer.parser.SkippedLine;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.Labels;
import io.inferometer.snapshot.Lazy;
import io.inferometer.snapshot.MetricSample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A metrics page, read: the families that the backends' tables know, by their normalized names, and the names of all
 * others.
 *
 * <p>Immutable and safe to share. Read by {@link PageReader}.
 */
public final class Page {
    /** A page of no more samples than this may be kept for the sake of a field. */
    private static final int SMALL_SAMPLES = 64;

    private static final Page EMPTY = new Page(Map.of(), Set.of(), List.of(), null, 0, 0, List.of(), false);

    private final PageLayout layout;
    private final Families families;
    private final @Nullable Distribution[] merged;
    private final Set<String> names;
    private final List<MetricSample> samples;
    private final @Nullable Instant startedAt;
    private final long sampleCount;
    private final long skippedLines;
    private final List<SkippedLine> firstSkipped;
    private final boolean cut;
    private final boolean oneOfMany;

    Page(
            Map<String, Family> families,
            Set<String> names,
            List<MetricSample> samples,
            @Nullable Instant startedAt,
            long sampleCount,
            long skippedLines,
            List<SkippedLine> firstSkipped,
            boolean cut) {
        this(
                PageLayout.of(families),
                Families.of(families.values().toArray(Family[]::new)),
                names,
                samples,
                startedAt,
                sampleCount,
                skippedLines,
                firstSkipped,
                cut,
                false);
    }

    /**
     * A page of a known layout, whose places the families have.
     *
     * @param oneOfMany whether it shares with others of its target what it has in common with them
     */
    Page(
            PageLayout layout,
            Families families,
            Set<String> names,
            List<MetricSample> samples,
            @Nullable Instant startedAt,
            long sampleCount,
            long skippedLines,
            List<SkippedLine> firstSkipped,
            boolean cut,
            boolean oneOfMany) {
        this.layout = layout;
        this.families = families;
        this.merged = new Distribution[families.count()];
        this.names = names;
        this.samples = samples;
        this.startedAt = startedAt;
        this.sampleCount = sampleCount;
        this.skippedLines = skippedLines;
        this.firstSkipped = firstSkipped;
        this.cut = cut;
        this.oneOfMany = oneOfMany;
    }

    /**
     * A page of the same target whose lines are the same.
     *
     * @param families its families, which have the same places
     */
    Page next(Families families, @Nullable Instant startedAt, ParseSummary summary) {
        return new Page(
                layout,
                families,
                names,
                List.of(),
                startedAt,
                summary.samples(),
                summary.skippedLines(),
                List.copyOf(summary.firstSkipped()),
                false,
                true);
    }

    /** A page without samples. */
    public static Page empty() {
        return EMPTY;
    }

    /**
     * A family by its name in the backend's table.
     *
     * @param name with {@code :} or {@code _}
     * @return the family with at least one series; null when the page has none
     */
    public @Nullable Family family(String name) {
        int place = layout.placeOfAny(name);
        return place < 0 ? null : families.at(place);
    }

    /** The normalized names of all samples, the unknown ones too, in the order of the page. */
    public Set<String> names() {
        return names;
    }

    /** Whether any sample's normalized name starts with {@code prefix}, such as {@code "vllm_"}. */
    public boolean hasNamesWith(String prefix) {
        for (String name : names) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Every value of a label on the known families, sorted. */
    public Set<String> valuesOf(String label) {
        return layout.valuesOf(label);
    }

    /** The part of the page whose series' labels pass {@code wanted}; each of them is looked at, on every page. */
    public Page where(Predicate<Labels> wanted) {
        Map<String, Family> part = new LinkedHashMap<>();
        layout.keys().forEach((name, place) -> {
            Family kept = families.at(place).where(wanted);
            if (!kept.series().isEmpty()) {
                part.put(name, kept);
            }
        });
        return new Page(part, names, samples, startedAt, sampleCount, skippedLines, firstSkipped, cut);
    }

    /**
     * The part of the page whose series have a label with this value. Where the next page has the same names and labels, its
     * part is found without looking at them again.
     *
     * @param label the label's name
     * @param value its value
     * @return the part, which may be empty
     */
    public Page where(String label, String value) {
        return partOf(layout.part(label, value));
    }

    /**
     * The part of the page whose series' labels pass. They are looked at once for all pages of a target that have the same names
     * and labels.
     *
     * @param key for what; one key for each predicate
     * @param wanted which series; looks at nothing but what it is given, and what the key stands for
     * @return the part, which may be empty
     */
    public Page where(Object key, Predicate<Labels> wanted) {
        return partOf(layout.part(key, wanted));
    }

    private Page partOf(PageLayout.Part part) {
        Families own = part.of(families);
        return new Page(
                part.layout(), own, names, samples, startedAt, sampleCount, skippedLines, firstSkipped, cut, oneOfMany);
    }

    /**
     * What a function finds that looks at names and labels alone, never at values: asked once for all pages of a target that
     * have the same.
     *
     * @param key for what; one key for each function
     * @param find finds it
     * @param <T> what it finds
     * @return what it found
     */
    public <T> T fromLabels(Object key, Function<Page, T> find) {
        T found = layout.once(key, () -> find.apply(this));
        return found == null ? find.apply(this) : found;
    }

    /**
     * What somebody reads off this page: when it is asked for, where the page is small, or one of many of its target and shares
     * most of what it holds with them; and now where much would be kept for this alone.
     *
     * @param read reads it; must find the same whenever it is asked
     * @param <T> what it is
     */
    public <T> Lazy<T> readLater(Supplier<T> read) {
        return oneOfMany || sampleCount <= SMALL_SAMPLES ? Lazy.of(read) : Lazy.known(read.get());
    }

    /** All samples of the page as they stood, {@code _created} ones left out; empty unless they were asked for. */
    public List<MetricSample> samples() {
        return samples;
    }

    /** When the process that served the page started, by its own clock; null when it does not say. */
    public @Nullable Instant startedAt() {
        return startedAt;
    }

    /** How many samples were read, those of unknown families too. */
    public long sampleCount() {
        return sampleCount;
    }

    /** How many lines could not be read. */
    public long skippedLines() {
        return skippedLines;
    }

    /** The first few of them, with number and reason. */
    public List<SkippedLine> firstSkipped() {
        return firstSkipped;
    }

    /** Whether the body ended before its announced end; the family in which it broke off is left out. */
    public boolean wasCut() {
        return cut;
    }

    Families families() {
        return families;
    }

    PageLayout layout() {
        return layout;
    }

    /** The series from which a metric is read. */
    List<Series> series(PageLayout.Source source) {
        List<Series> all = families.at(source.family()).series();
        int[] some = source.series();
        if (some == null) {
            return all;
        }
        List<Series> counting = new ArrayList<>(some.length);
        for (int at : some) {
            counting.add(all.get(at));
        }
        return counting;
    }

    /** All series of a family merged, once for all who ask; null when none has a distribution. */
    @Nullable
    Distribution merged(int place) {
        Distribution known = merged[place];
        if (known == null) {
            known = Series.merge(families.at(place).series());
            merged[place] = known; // Two threads may both do it, and find the same.
        }
        return known;
    }
}
